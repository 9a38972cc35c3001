#include "archive/repair.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "command.hpp"
#include "options.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "target.hpp"

namespace popkeep::cmd {
namespace {

class Repair : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe("[OPTION…] ARCHIVE | ACCOUNT",
                        "Brings ledger and mboxes together again after files were edited, moved, restored or "
                        "damaged. No message is ever removed from an mbox.");
        syntax.example("popkeep repair ~/Mail/old --dry-run", "What would be done.");
        syntax.example("popkeep repair ~/Mail/old --refetch",
                       "Also fetch again, in the next run, what is missing and still on the server.");
        syntax.argument("ARCHIVE | ACCOUNT", "The archive's folder, or an account of the configuration.",
                        target_.word());
        syntax.flag("--refetch",
                    "Messages whose bytes are gone are fetched again by the next run if the server still "
                    "lists them. Without "
                    "this option, a message that somebody removed from an mbox stays removed.",
                    options_.refetch_missing);
        syntax.flag("-n,--dry-run", "Say what would be done; do nothing.", options_.dry_run);
        declare_json(syntax, json_);
        syntax.flag("-q,--quiet", "Print errors only.", quiet_);
        target_.declare(syntax, false);
        syntax.exits(65, "messages are missing all the same");
        syntax.exits(73, "no archive is there");
        syntax.exits(74, "the disk is full or failed");
        syntax.exits(75, "another program holds a lock");
        syntax.exits(77, "a folder or file in the archive may not be read");
    }

    bool json() const override { return json_; }

    int run() override {
        const std::string directory = target_.directory();
        const archive::Repaired repaired = archive::repair(directory, options_);
        // What is to be fetched again is no longer lost.
        const bool lost = repaired.missing > 0 && !options_.refetch_missing;
        if (json_) {
            report::JsonLine("repair")
                .add("archive", directory)
                .add("dry_run", options_.dry_run)
                .add("done", repaired.done)
                .add("adopted", repaired.adopted)
                .add("missing", repaired.missing)
                .print();
        } else if (!quiet_) {
            print(directory, repaired);
        }
        if (lost) {
            report::complain(
                Error(Category::data, fmt::format("{} missing from the mboxes",
                                                  counted(repaired.missing, "message is", "messages are")))
                    .at(directory)
                    .next("`popkeep repair --refetch` lets the next fetch bring what the server still has"));
        }
        return lost ? static_cast<int>(Category::data) : 0;
    }

  private:
    void print(const std::string& directory, const archive::Repaired& repaired) const {
        for (const std::string& sentence : repaired.done) {
            report::out(fmt::format("{}{}\n", options_.dry_run ? "would: " : "", printable(sentence)));
        }
        if (repaired.adopted > 0) {
            report::out(
                fmt::format("{} found in the mboxes and entered\n", counted_messages(repaired.adopted)));
        }
        if (repaired.done.empty() && repaired.adopted == 0 && repaired.missing == 0) {
            report::out(fmt::format("{}: nothing to repair\n", printable(directory, 4096)));
        }
    }

    Target target_;
    archive::RepairOptions options_;
    bool json_ = false, quiet_ = false;
};

}  // namespace

std::unique_ptr<Command> make_repair() {
    return std::make_unique<Repair>();
}

}  // namespace popkeep::cmd
