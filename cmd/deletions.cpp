#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "options.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "target.hpp"

namespace popkeep::cmd {
namespace {

class Deletions : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe(
            "[OPTION…] ARCHIVE | ACCOUNT",
            "Shows, newest first, what popkeep deleted on servers: when it asked, what the server "
            "said to QUIT, the message's number, digest and file in the archive, and its UID.");
        syntax.example("popkeep deletions ~/Mail/old", "");
        syntax.argument("ARCHIVE | ACCOUNT", "The archive's folder, or an account of the configuration.",
                        target_.word());
        declare_json(syntax, json_);
        target_.declare(syntax, true);
        syntax.exits(73, "no archive is there");
    }

    bool json() const override { return json_; }

    int run() override {
        auto archive = target_.open(archive::Access::read);
        std::uint64_t count = 0;
        archive.ledger().deletions.each(target_.whose(archive), [&](const ledger::Deletion& deletion) {
            ++count;
            json_ ? print_json(deletion) : print(deletion);
        });
        if (count == 0 && !json_) report::out("nothing was deleted on any server\n");
        return 0;
    }

  private:
    static void print(const ledger::Deletion& deletion) {
        report::out(fmt::format("{}  {:<12}  {:>6}  {}  {}  {}", local_time(deletion.asked_at),
                                printable(deletion.outcome), deletion.message,
                                to_hex(deletion.content).substr(0, 12), printable(deletion.path),
                                printable(deletion.uid.value_or("-"), 80)));
        if (deletion.quit_reply) report::out(fmt::format("  \"{}\"", printable(*deletion.quit_reply, 80)));
        report::out("\n");
    }

    static void print_json(const ledger::Deletion& deletion) {
        report::JsonLine("deletion")
            .add_time("asked", deletion.asked_at)
            .add("outcome", deletion.outcome)
            .add("message", deletion.message)
            .add("digest", to_hex(deletion.content))
            .add("path", deletion.path)
            .add("uid", deletion.uid)
            .add("quit_reply", deletion.quit_reply)
            .print();
    }

    Target target_;
    bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_deletions() {
    return std::make_unique<Deletions>();
}

}  // namespace popkeep::cmd
