#include "help/text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/text_layout.hpp"

namespace popkeep::cmd {

std::string help_text(const Declaration& declaration) {
    const std::size_t width = std::min<std::size_t>(report::terminal_width(), 100);
    std::string out;
    for (const auto& [line, meaning] : declaration.examples) {
        out += fmt::format("  {}\n", line) + report::wrapped(meaning, width, 6);
    }
    out += fmt::format("\nUsage: popkeep {} {}\n\n", declaration.command, declaration.usage) +
           report::wrapped(declaration.description, width, 0);
    if (!declaration.argument.empty()) {
        out += fmt::format("\n{}\n", declaration.argument) +
               report::wrapped(declaration.argument_help, width, 6);
    }
    std::string group;
    const auto entry = [&](const Declaration::Option& option) {
        if (option.group != group) out += fmt::format("\n{}:\n", option.group);
        group = option.group;
        out += fmt::format("  {}{}{}\n", fmt::join(option.names, ", "), option.value.empty() ? "" : " ",
                           option.value);
        out += report::wrapped(option.help, width, 6);
    };
    for (const auto& option : declaration.options) entry(option);
    entry({group.empty() ? "Options" : group, {"-h", "--help"}, "", "Show this."});
    out += "\nExit codes:\n";
    for (const auto& [code, when] : declaration.exits) {
        out += report::wrapped(fmt::format("{:>4}  {}", code, when), width, 6, 0);
    }
    return out + fmt::format("\n`man popkeep-{}` tells more.\n", declaration.command);
}

}  // namespace popkeep::cmd
