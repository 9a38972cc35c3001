#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string>

#include "archive/read.hpp"
#include "base/clock.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "config/values.hpp"
#include "exit_code.hpp"
#include "mime/summary.hpp"
#include "options.hpp"
#include "report/json.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "report/text_layout.hpp"
#include "target.hpp"

namespace popkeep::cmd {
namespace {

constexpr std::size_t digest_shown = 12;

class List : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe(
            "[OPTION…] ARCHIVE | ACCOUNT",
            "Lists messages by number: when it was archived, size, sender, subject, and the first "
            "digits of its digest. Number or digest name a message for `popkeep show`. Columns are "
            "separated by tabs where the output isn't a terminal.");
        syntax.example("popkeep list ~/Mail/old --limit 20", "The newest 20.");
        syntax.argument("ARCHIVE | ACCOUNT", "The archive's folder, or an account of the configuration.",
                        target_.word());
        syntax.option("--limit", "N", "Only the N highest numbers.", [this](std::string_view text) {
            limit_ = config::parse_count(text, 1, std::numeric_limits<std::uint32_t>::max());
        });
        declare_json(syntax, json_);
        target_.declare(syntax, true);
        syntax.exits(73, "no archive is there");
        syntax.exits(74, "an mbox can't be read; its messages are listed all the same");
    }

    bool json() const override { return json_; }

    int run() override {
        auto archive = target_.open(archive::Access::read);
        const ledger::Ids accounts = target_.whose(archive);
        ledger::Messages& messages = archive.ledger().messages;
        bool any = false;
        messages.each(accounts, limit_ > 0 ? messages.first_of_newest(accounts, limit_) : 0,
                      [&](const ledger::Message& message) {
                          interrupt::check();
                          const mime::Summary summary = summary_of(archive, message);
                          json_ ? print_json(message, summary) : print(message, summary);
                          any = true;
                          return !report::out_failed();
                      });
        if (!any && !json_ && report::out_is_terminal()) report::out("no messages\n");
        return complain_of_failures();
    }

  private:
    // A message that can't be read is listed all the same; verify says what is wrong with it.
    mime::Summary summary_of(archive::Archive& archive, const ledger::Message& message) {
        if (message.state == ledger::State::missing) return {"", "(missing)", {}};
        try {
            return mime::summarise(archive::peek_content(archive, message, mime::most_header));
        } catch (const Error& error) {
            if (error.is_stop()) throw;
            // Of what isn't there, or isn't as it was, the row says enough. That a disk fails, it doesn't.
            if (error.category() != Category::data) failures_.emplace(error.where(), error);
            return {"", "(" + error.sentence() + ")", {}};
        }
    }

    // The exit code.
    int complain_of_failures() const {
        int code = 0;
        for (const auto& [where, error] : failures_) {
            if (json_) report::print_json_error(error, "");
            report::complain(error);
            code = graver(code, error.exit_code());
        }
        return code;
    }

    void print(const ledger::Message& message, const mime::Summary& summary) const {
        const std::string digest = to_hex(message.content).substr(0, digest_shown);
        const std::string time = local_time(message.archived_at);
        if (!report::out_is_terminal()) {
            report::out(fmt::format("{}\t{}\t{}\t{}\t{}\t{}\n", message.id, time, message.size, summary.from,
                                    summary.subject, digest));
            return;
        }
        // Wider than this, the eye loses the line.
        const std::size_t width = std::min<std::size_t>(report::terminal_width(), 140);
        const bool narrow = width < 72;
        // The date alone, and no digest, where the window is small: the number names the message too.
        std::string line =
            fmt::format("{:>5}  {}  {:>9}  ", message.id, time.substr(narrow ? 5 : 0, narrow ? 5 : 10),
                        human_size(message.size));
        const std::size_t behind = narrow ? 0 : 2 + digest_shown;
        const std::size_t room = width - std::min(width, report::cells(line) + behind + 1);
        const std::size_t sender = narrow ? 0 : std::min<std::size_t>(room * 2 / 5, 28);
        if (sender > 0) line += report::padded(summary.from, sender) + "  ";
        line += report::padded(summary.subject, room - std::min(room, sender > 0 ? sender + 2 : 0));
        if (!narrow) line += "  " + digest;
        report::out(line.erase(line.find_last_not_of(' ') + 1) + "\n");
    }

    static void print_json(const ledger::Message& message, const mime::Summary& summary) {
        static constexpr std::array states{"prepared", "archived", "unclaimed", "missing"};
        report::JsonLine("message")
            .add("number", message.id)
            .add_time("archived", message.archived_at)
            .add("size", message.size)
            .add("from", summary.from)
            .add("subject", summary.subject)
            .add_time("date", summary.date)
            .add("digest", to_hex(message.content))
            .add("state", states.at(static_cast<std::size_t>(message.state)))
            .add("uid", message.uid)
            .print();
    }

    Target target_;
    std::uint64_t limit_ = 0;
    std::map<std::string, Error> failures_;  // by where: one of an mbox stands for all of it
    bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_list() {
    return std::make_unique<List>();
}

}  // namespace popkeep::cmd
