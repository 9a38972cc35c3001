#include "help/manual.hpp"

#include <fmt/format.h>

#include <functional>
#include <map>

#include "base/text.hpp"

namespace popkeep::cmd {
namespace {

// Plain text as roff takes it: nothing in it is a macro, an escape or a typographic dash.
std::string escaped(std::string_view text) {
    std::string out;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i).starts_with("…")) {
            out += "...";
            i += std::string_view("…").size() - 1;
        } else if (text[i] == '`') {
            out += quoted ? "\\(cq" : "\\(oq";
            quoted = !quoted;
        } else if (text[i] == '\\') {
            out += "\\e";
        } else if (text[i] == '"') {
            out += "\\(dq";
        } else if (text[i] == '-' &&
                   (i == 0 || text[i - 1] == ' ' || text[i - 1] == '-' || text[i - 1] == '`')) {
            out += "\\-";
        } else if (text[i] == '~') {
            out += "\\(ti";
        } else {
            out += text[i];
        }
    }
    return out;
}

// Prose: a line for each sentence.
std::string prose(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        std::size_t end = std::min(text.find(". "), text.find('\n'));
        const bool sentence = end != std::string_view::npos && text[end] == '.';
        end = std::min(end, text.size());
        const std::string line = escaped(text.substr(0, end + (sentence ? 1 : 0)));
        if (line.starts_with('.') || line.starts_with('\'')) out += "\\&";
        out += line + "\n";
        text.remove_prefix(std::min(text.size(), end + (sentence ? 2 : 1)));
    }
    return out;
}

std::string literal(std::string_view line) {
    return fmt::format(".Bd -literal -offset indent\n{}\n.Ed\n", escaped(line));
}

// "[OPTION…] ARCHIVE | ACCOUNT --to DIR" as macros, a line for each bracket and each option.
std::string synopsis(std::string_view usage) {
    std::string out;
    bool optional = false, argument = false;
    for (std::string_view word : split(usage, ' ')) {
        const bool opens = word.starts_with('['), closes = word.ends_with(']');
        if (opens) word.remove_prefix(1);
        if (closes) word.remove_suffix(1);
        const bool option = word.starts_with('-');
        if (opens || out.empty() || (!optional && (option || out.ends_with('\n')))) {
            if (!out.empty() && !out.ends_with('\n')) out += "\n";
            out += opens ? ".Op" : ".";
            argument = false;
        }
        if (!out.ends_with('.')) out += " ";
        if (option) {
            out += "Fl " + escaped(word.substr(1));
        } else {
            const bool several = word.ends_with("…");
            if (several) word.remove_suffix(std::string_view("…").size());
            out += (argument ? "" : "Ar ") + escaped(word) + (several ? " ..." : "");
        }
        argument = !option;
        optional = (optional || opens) && !closes;
        if (closes) out += "\n";
    }
    return out.ends_with('\n') ? out : out + "\n";
}

// A line may end behind each '|'.
std::string breakable(const std::string& value) {
    std::string out;
    for (const char c : value) out += c == '|' ? "|\\:" : std::string(1, c);
    return out;
}

std::string options(const Declaration& declaration) {
    std::string out, group;
    const auto entry = [&](const Declaration::Option& option) {
        if (option.group != group) {
            out += fmt::format("{}.Ss {}\n.Bl -tag -width Ds\n", group.empty() ? "" : ".El\n", option.group);
            group = option.group;
        }
        out += ".It";
        for (const std::string& name : option.names) {
            out += fmt::format("{} Fl {}", &name == option.names.data() ? "" : " ,", escaped(name.substr(1)));
        }
        if (!option.value.empty()) out += " Ar \"" + breakable(escaped(option.value)) + "\"";
        out += "\n" + prose(option.help);
    };
    if (!declaration.argument.empty()) {
        out += fmt::format(".Bl -tag -width Ds\n.It Ar \"{}\"\n{}.El\n", escaped(declaration.argument),
                           prose(declaration.argument_help));
    }
    for (const auto& option : declaration.options) entry(option);
    entry({group.empty() ? "Options" : group, {"-h", "--help"}, "", "Show the help."});
    return out + ".El\n";
}

std::string examples(const Declaration& declaration) {
    std::string out;
    for (const auto& [line, meaning] : declaration.examples) {
        if (!meaning.empty()) out += (out.empty() ? "" : ".Pp\n") + prose(meaning);
        out += literal(line);
    }
    return out;
}

std::string exits(const Declaration& declaration) {
    std::string out = ".Bl -tag -width \"130\" -compact\n";
    for (const auto& [code, when] : declaration.exits) out += fmt::format(".It {}\n{}", code, prose(when));
    return out + ".El\n.Pp\nThe table in\n.Xr popkeep 1\nhas them all.\n";
}

using Parts = std::map<std::string, std::string, std::less<>>;

std::string filled(std::string_view frame, const Parts& parts) {
    std::string out;
    for (const auto line : split(frame.substr(0, frame.find_last_not_of('\n') + 1), '\n')) {
        const auto part = parts.find(line);
        out += part == parts.end() ? std::string(line) + "\n" : part->second;
    }
    return out;
}

}  // namespace

std::string manual_page(std::string_view frame, const Entry& entry, const Declaration& declaration) {
    std::string purpose(entry.purpose);
    purpose.replace(0, 1, lowered(purpose.substr(0, 1)));
    return filled(frame,
                  {{"@NAME@", fmt::format(".Nm popkeep-{}\n.Nd {}\n", entry.name, escaped(purpose))},
                   {"@SYNOPSIS@", fmt::format(".Nm popkeep {}\n{}", entry.name, synopsis(declaration.usage))},
                   {"@EXAMPLES@", examples(declaration)},
                   {"@DESCRIPTION@", prose(declaration.description)},
                   {"@OPTIONS@", options(declaration)},
                   {"@EXITS@", exits(declaration)}});
}

std::string manual_overview(std::string_view frame, std::span<const Entry> entries) {
    std::string list;
    for (const Entry& entry : entries) {
        list += fmt::format(".It Xr popkeep-{} 1\n{}.\n", entry.name, escaped(entry.purpose));
    }
    return filled(frame, {{"@COMMANDS@", list}});
}

}  // namespace popkeep::cmd
