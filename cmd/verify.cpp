#include "archive/verify.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "command.hpp"
#include "options.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "report/progress_line.hpp"
#include "target.hpp"

namespace popkeep::cmd {
namespace {

class Verify : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe("[OPTION…] ARCHIVE | ACCOUNT",
                        "Reads every mbox of an archive and compares each message with the digest in the "
                        "ledger. Every byte must be explained. Nothing is changed.");
        syntax.example("popkeep verify ~/Mail/old", "");
        syntax.example("popkeep verify work --quick", "Sizes and ends of files only.");
        syntax.argument("ARCHIVE | ACCOUNT", "The archive's folder, or an account of the configuration.",
                        target_.word());
        syntax.flag("--quick", "Look at sizes and at the ends of the files only.", options_.quick);
        declare_json(syntax, json_);
        syntax.flag("-q,--quiet", "Print only what is wrong.", quiet_);
        target_.declare(syntax, false);
        syntax.exits(65, "a message is missing or damaged, or bytes are unexplained");
        syntax.exits(73, "no archive is there");
        syntax.exits(74, "a file can't be read");
    }

    bool json() const override { return json_; }

    int run() override {
        auto archive = target_.open(archive::Access::read);
        report::ProgressLine line(!json_ && !quiet_);
        options_.progress = [&line](std::uint64_t done, std::uint64_t total) {
            line.bytes("read", done, total);
        };
        const archive::Verdict verdict = archive::verify(archive, options_);
        report::ProgressLine::wipe();
        if (json_) {
            print_json(archive.directory(), verdict);
        } else {
            print(archive.directory(), verdict);
        }
        return verdict.sound() ? 0 : static_cast<int>(Category::data);
    }

  private:
    void print(const std::string& directory, const archive::Verdict& verdict) const {
        for (const auto& finding : verdict.findings) {
            if (quiet_ && !finding.serious) continue;
            const std::string text = fmt::format("{}: {}: {}\n", finding.serious ? "damage" : "warning",
                                                 printable(finding.path), printable(finding.sentence));
            finding.serious ? report::err("popkeep: " + text) : report::out(text);
        }
        if (!verdict.sound()) {
            report::complain(
                Error(Category::data, fmt::format("{} missing or damaged, {} unexplained",
                                                  counted(verdict.missing, "message", "messages"),
                                                  counted(verdict.unexplained_bytes, "byte", "bytes")))
                    .at(directory)
                    .next("`popkeep repair` can bring the archive in order"));
        }
        if (quiet_) return;
        std::string text =
            fmt::format("{}: {} {} in {} ({})", printable(directory, 4096),
                        counted(verdict.exact, "message", "messages"), options_.quick ? "in place" : "exact",
                        counted(verdict.mboxes, "mbox", "mboxes"), human_size(verdict.bytes));
        if (verdict.edited > 0) text += fmt::format(", {} exact but for a reader's marks", verdict.edited);
        if (verdict.unclaimed > 0) text += fmt::format(", {} that no account claims", verdict.unclaimed);
        report::out(text + (verdict.sound() ? "; every byte is explained\n" : "\n"));
    }

    static void print_json(const std::string& directory, const archive::Verdict& verdict) {
        report::print_json_start("verify");
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
    bool json_ = false, quiet_ = false;
};

}  // namespace

std::unique_ptr<Command> make_verify() {
    return std::make_unique<Verify>();
}

}  // namespace popkeep::cmd
