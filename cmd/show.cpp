#include <fmt/format.h>

#include "archive/read.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "mime/readable.hpp"
#include "options.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "target.hpp"

namespace popkeep::cmd {
namespace {

class Show : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe("[OPTION…] ARCHIVE | ACCOUNT MESSAGE",
                        "Shows a message decoded: its main fields, its text, and what is attached. Control "
                        "characters are shown, not obeyed.");
        syntax.example("popkeep show ~/Mail/old 17", "");
        syntax.example("popkeep show ~/Mail/old 3f9a2c --raw > message.eml",
                       "The content as recorded, byte for byte, line ends LF.");
        syntax.arguments(
            "ARCHIVE | ACCOUNT MESSAGE",
            "The archive's folder or an account of the configuration, then the message: its number, "
            "or at least 6 digits of its digest, as `popkeep list` prints them.",
            words_);
        syntax.flag("--raw", "Write the content's bytes and nothing else to standard output.", raw_);
        declare_json(syntax, json_);
        target_.declare(syntax, false);
        syntax.exits(65, "the bytes in the mbox aren't those that were archived");
        syntax.exits(73, "no archive is there");
    }

    bool json() const override { return json_; }

    int run() override {
        if (words_.size() != 2) {
            throw Error(Category::usage,
                        words_.size() < 2 ? "no message was named" : "more than one message was named")
                .next("for example: popkeep show ~/Mail/old 17; `popkeep list` shows the numbers");
        }
        if (raw_ && json_) throw Error(Category::usage, "--raw and --json exclude each other");
        target_.word() = words_[0];
        auto archive = target_.open(archive::Access::read);
        const ledger::Message message = archive::find_message(archive, words_[1]);
        if (raw_) {
            archive::read_content(archive, message, [](std::string_view bytes) { report::out(bytes); });
            return 0;
        }
        const std::string content = archive::peek_content(archive, message, mime::most_shown + 1);
        const mime::Readable readable = mime::read(content);
        json_ ? print_json(message, readable) : print(readable);
        return 0;
    }

  private:
    static void print(const mime::Readable& readable) {
        for (const auto& [name, value] : readable.fields) report::out(fmt::format("{}: {}\n", name, value));
        report::out(fmt::format("\n{}", readable.body));
        if (!readable.body.empty() && !readable.body.ends_with('\n')) report::out("\n");
        for (const std::string& part : readable.attachments) report::out(fmt::format("[{}]\n", part));
        if (!readable.complete) {
            report::out("[not all of it is shown here; --raw gives it]\n");
        }
    }

    static void print_json(const ledger::Message& message, const mime::Readable& readable) {
        report::JsonLine line("message");
        line.add("number", message.id)
            .add_time("archived", message.archived_at)
            .add("size", message.size)
            .add("digest", to_hex(message.content))
            .add("uid", message.uid);
        for (const auto& [name, value] : readable.fields) line.add(lowered(name), value);
        line.add("body", readable.body)
            .add("attachments", readable.attachments)
            .add("complete", readable.complete)
            .print();
    }

    std::vector<std::string> words_;
    Target target_;
    bool raw_ = false, json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_show() {
    return std::make_unique<Show>();
}

}  // namespace popkeep::cmd
