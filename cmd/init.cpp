#include <fmt/format.h>

#include "archive/archive.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "options.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"

namespace popkeep::cmd {
namespace {

class Init : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe(
            "[OPTION…] DIR",
            "Makes an archive of a folder, which is created if need be. mbox files that lie in it "
            "already are taken over. Founding an archive that is there already changes nothing.");
        syntax.example("popkeep init ~/Mail/old", "");
        syntax.argument("DIR", "The folder.", directory_);
        declare_json(syntax, json_);
        syntax.flag("-q,--quiet", "Print errors only.", quiet_);
        syntax.exits(73, "the folder can't be created");
        syntax.exits(74, "the disk is full or failed");
        syntax.exits(77, "a folder or file in it may not be read");
    }

    bool json() const override { return json_; }

    int run() override {
        if (directory_.empty()) {
            throw Error(Category::usage, "no folder was named").next("for example: popkeep init ~/Mail/old");
        }
        const std::string path = path_here(directory_);
        const bool there = archive::Archive::is_one(path);
        const std::uint64_t adopted = archive::Archive::found(path);
        if (json_) {
            report::JsonLine("archive")
                .add("path", path)
                .add("founded", !there)
                .add("adopted", adopted)
                .print();
        } else if (!quiet_) {
            report::out(
                fmt::format("{} is {}an archive\n", printable(path, 4096), there ? "already " : "now "));
            if (adopted > 0) {
                report::out(fmt::format("{} that lay there already {} taken over\n",
                                        counted_messages(adopted), adopted == 1 ? "was" : "were"));
            }
        }
        return 0;
    }

  private:
    std::string directory_;
    bool json_ = false, quiet_ = false;
};

}  // namespace

std::unique_ptr<Command> make_init() {
    return std::make_unique<Init>();
}

}  // namespace popkeep::cmd
