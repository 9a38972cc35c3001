#include "archive/verify.hpp"

#include <fmt/format.h>

#include "accounts.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "exit_code.hpp"
#include "fetch/run.hpp"
#include "options.hpp"
#include "report/json.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "report/progress_line.hpp"
#include "secret/password.hpp"
#include "target.hpp"

namespace popkeep::cmd {
namespace {

class Lacking : public fetch::Observer {
  public:
    void planned(const fetch::Plan& planned) override { plan = planned; }
    fetch::Plan plan;
};

class Verify : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe("[OPTION…] ARCHIVE | ACCOUNT",
                        "Reads every mbox of an archive and compares each message with the digest in the "
                        "ledger. Every byte must be explained. Nothing is changed.");
        syntax.example("popkeep verify ~/Mail/old", "");
        syntax.example("popkeep verify work --quick", "Sizes and ends of files only.");
        syntax.example("popkeep verify work --server", "Before you give up a mailbox: is everything here?");
        syntax.argument("ARCHIVE | ACCOUNT", "The archive's folder, or an account of the configuration.",
                        target_.word());
        syntax.flag("--server",
                    "Also ask the account's server, and say whether everything that it lists is archived, "
                    "with its size. Nothing is retrieved or deleted there. The argument is then an account.",
                    server_);
        syntax.flag("--quick", "Look at the sizes and at both ends of the files only.", options_.quick);
        declare_json(syntax, json_);
        syntax.flag("-q,--quiet", "Print only what is wrong.", quiet_);
        target_.declare(syntax, false);
        syntax.exits(65, "a message is missing or damaged, or bytes are unexplained");
        syntax.exits(73, "no archive is there");
        syntax.exits(74, "a file can't be read");
    }

    bool json() const override { return json_; }

    int run() override {
        const int code = verify();
        return server_ ? graver(code, compare_with_server()) : code;
    }

  private:
    // The exit code. The archive is closed behind it: a run of fetch opens it again.
    int verify() {
        auto archive = target_.open(archive::Access::read);
        report::ProgressLine line(!json_ && !quiet_);
        options_.progress = [&line](std::uint64_t done, std::uint64_t total) {
            line.bytes("read", done, total);
        };
        const archive::Verdict verdict = archive::verify(archive, options_);
        if (json_) {
            print_json(archive.directory(), verdict);
        } else {
            print(archive.directory(), verdict);
        }
        return verdict.sound() ? 0 : static_cast<int>(Category::data);
    }

    // The exit code.
    int compare_with_server() {
        secret::forbid_core_dumps();
        int code = 0;
        for (const config::Account& account :
             chosen_accounts({target_.word()}, target_.config(), {}).accounts) {
            try {
                compare_with_server(account);
            } catch (const Error& error) {
                if (json_) report::print_json_error(error, account.name);
                report::complain(error, account.name);
                code = graver(code, error.exit_code());
            }
        }
        return code;
    }

    // A dry run finds what a fetch would bring: there should be nothing.
    void compare_with_server(const config::Account& account) const {
        fetch::Job job = job_of(account, {});
        job.dry_run = true;
        // What is archived must be found, whatever is to be deleted or left for another day.
        job.deletes = {};
        job.limit.reset();
        Lacking lacking;
        const fetch::Summary summary = fetch::run(job, lacking);
        if (summary.error) throw Error(*summary.error);
        mind(lacking.plan, job.name);
        if (json_) {
            report::JsonLine("server").add("account", job.name).add("listed", summary.listed).print();
        } else if (!quiet_) {
            report::out(fmt::format("{}: all of the {} that the server lists are archived\n", job.name,
                                    counted_messages(summary.listed)));
        }
    }

    static void mind(const fetch::Plan& plan, const std::string& account) {
        const std::uint64_t lacking = plan.wanted + plan.held_back - plan.undecided;
        if (lacking > 0)
            throw Error(Category::data, fmt::format("{} on the server {} not in the archive",
                                                    counted_messages(lacking), lacking == 1 ? "is" : "are"))
                .at(account)
                .next(lacking == 1 ? "`popkeep fetch` brings it" : "`popkeep fetch` brings them");
        if (plan.undecided > 0)
            throw Error(Category::data,
                        fmt::format("{} on the server can only be compared by retrieving {}: neither UID nor "
                                    "header tells",
                                    counted_messages(plan.undecided), plan.undecided == 1 ? "it" : "them"))
                .at(account)
                .next("`popkeep fetch` does that; if it archives nothing new, all are in the archive");
    }

    void print(const std::string& directory, const archive::Verdict& verdict) const {
        for (const auto& finding : verdict.findings) {
            if (quiet_ && !finding.serious) continue;
            const std::string text = fmt::format("{}: {}: {}", finding.serious ? "damage" : "warning",
                                                 printable(finding.path), printable(finding.sentence));
            finding.serious ? report::tell(report::Level::error, "", text) : report::out(text + "\n");
        }
        if (!verdict.sound()) {
            report::complain(
                Error(Category::data,
                      fmt::format("{} missing or damaged, {} unexplained", counted_messages(verdict.missing),
                                  counted(verdict.unexplained_bytes, "byte", "bytes")))
                    .at(directory)
                    .next(verdict.missing > 0 ? "`popkeep repair` can bring the archive in order"
                                              : "`popkeep repair` enters what is a message among them; the "
                                                "rest may be cut out with an editor"));
        }
        if (quiet_) return;
        std::string text = fmt::format("{}: {} {} in {} ({})", printable(directory, 4096),
                                       counted_messages(verdict.exact), options_.quick ? "in place" : "exact",
                                       counted(verdict.mboxes, "mbox", "mboxes"), human_size(verdict.bytes));
        if (verdict.edited > 0) text += fmt::format(", {} exact but for a reader's marks", verdict.edited);
        if (verdict.unclaimed > 0) text += fmt::format(", {} that no account claims", verdict.unclaimed);
        // Nobody has looked at what was added since.
        report::out(text + (verdict.findings.empty() ? "; every byte is explained\n" : "\n"));
    }

    static void print_json(const std::string& directory, const archive::Verdict& verdict) {
        for (const auto& finding : verdict.findings) {
            report::JsonLine("finding")
                .add("serious", finding.serious)
                .add("path", finding.path)
                .add("text", finding.sentence)
                .print();
        }
        report::JsonLine("verdict")
            .add("archive", directory)
            .add("sound", verdict.sound())
            .add("exact", verdict.exact)
            .add("edited", verdict.edited)
            .add("missing", verdict.missing)
            .add("unclaimed", verdict.unclaimed)
            .add("unexplained_bytes", verdict.unexplained_bytes)
            .add("mboxes", verdict.mboxes)
            .add("bytes", verdict.bytes)
            .print();
    }

    Target target_;
    archive::VerifyOptions options_;
    bool json_ = false, quiet_ = false, server_ = false;
};

}  // namespace

std::unique_ptr<Command> make_verify() {
    return std::make_unique<Verify>();
}

}  // namespace popkeep::cmd
