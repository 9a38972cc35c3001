#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "report/output.hpp"

namespace popkeep::cmd {
namespace {

struct Shell {
    std::string_view name, script;
};

constexpr std::array shells{
    Shell{
        "bash",
#include "completion/popkeep.bash.inc"
    },
    Shell{
        "zsh",
#include "completion/popkeep.zsh.inc"
    },
    Shell{
        "fish",
#include "completion/popkeep.fish.inc"
    },
};

class PrintCompletion : public Command {
  public:
    void declare(Syntax& syntax) override {
        syntax.describe(
            "bash|zsh|fish",
            "Prints a script that lets a shell complete commands, options, their values, accounts of "
            "the configuration, files and folders. Debian's package installs it for all three.");
        syntax.example("eval \"$(popkeep completion bash)\"", "In ~/.bashrc; for zsh the same in ~/.zshrc.");
        syntax.example("popkeep completion fish > ~/.config/fish/completions/popkeep.fish", "");
        syntax.argument("bash|zsh|fish", "The shell.", shell_);
    }

    int run() override {
        const auto* const shell = std::ranges::find(shells, shell_, &Shell::name);
        if (shell == shells.end()) {
            throw Error(Category::usage, shell_.empty()
                                             ? "no shell was named"
                                             : fmt::format("no completion for \"{}\"", printable(shell_)))
                .next("give bash, zsh or fish");
        }
        report::out(shell->script);
        return 0;
    }

  private:
    std::string shell_;
};

}  // namespace

std::unique_ptr<Command> make_completion() {
    return std::make_unique<PrintCompletion>();
}

}  // namespace popkeep::cmd
