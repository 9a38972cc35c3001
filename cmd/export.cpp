#include "archive/export.hpp"

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

archive::ExportFormat parse_format(std::string_view text) {
    if (text == "eml") return archive::ExportFormat::eml;
    if (text == "maildir") return archive::ExportFormat::maildir;
    throw Error(Category::usage, fmt::format("\"{}\" is no export format", printable(text)))
        .next("allowed are eml and maildir");
}

class Export : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe(
            "[OPTION…] ARCHIVE | ACCOUNT --to DIR",
            "Writes each message as a file of its own, checked against its digest on the way out. "
            "Run again, it adds only what isn't there yet.");
        syntax.example("popkeep export ~/Mail/old --to ~/Mail/files", "One .eml file for each message.");
        syntax.example("popkeep export ~/Mail/old --to ~/Maildir --format maildir --account work", "");
        syntax.argument("ARCHIVE | ACCOUNT", "The archive's folder, or an account of the configuration.",
                        target_.word());
        syntax.option("--to", "DIR", "Where the files go; created if need be.",
                      [this](std::string_view text) { options_.to = path_here(text); });
        syntax.option("--format", "eml|maildir", "eml is the default.",
                      [this](std::string_view text) { options_.format = parse_format(text); });
        syntax.flag("--crlf", "Line ends as on the wire, CR LF.", options_.crlf);
        declare_json(syntax, json_);
        syntax.flag("-q,--quiet", "Print errors only.", quiet_);
        target_.declare(syntax, true);
        syntax.exits(65, "a message is missing or damaged; the others were written");
        syntax.exits(73, "no archive is there, or DIR can't be created");
        syntax.exits(74, "the disk is full or failed");
    }

    bool json() const override { return json_; }

    int run() override {
        if (options_.to.empty()) throw Error(Category::usage, "no folder was named").next("give --to DIR");
        auto archive = target_.open(archive::Access::read);
        options_.accounts = target_.whose(archive);
        report::ProgressLine line(!json_ && !quiet_);
        options_.progress = [&line](std::uint64_t done, std::uint64_t total) {
            line.messages("export", done, total, 0, 0);
        };
        const archive::Exported result = archive::export_messages(archive, options_);
        for (const std::string& problem : result.problems) {
            report::tell(report::Level::warning, "", printable(problem));
        }
        if (json_) {
            print_json(result);
        } else if (!quiet_) {
            report::out(fmt::format("{} written to {}; {} there already, {} failed\n",
                                    counted_messages(result.written), printable(options_.to, 4096),
                                    result.already_there, result.failed));
        }
        return result.failed == 0 ? 0 : static_cast<int>(Category::data);
    }

  private:
    void print_json(const archive::Exported& result) const {
        report::JsonLine("export")
            .add("to", options_.to)
            .add("written", result.written)
            .add("already_there", result.already_there)
            .add("failed", result.failed)
            .add("problems", result.problems)
            .print();
    }

    Target target_;
    archive::ExportOptions options_;
    bool json_ = false, quiet_ = false;
};

}  // namespace

std::unique_ptr<Command> make_export() {
    return std::make_unique<Export>();
}

}  // namespace popkeep::cmd
