#include <fmt/format.h>

#include <array>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "completion/candidates.hpp"
#include "help/text.hpp"
#include "help/topics.hpp"
#include "report/colour.hpp"
#include "report/json.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "report/text_layout.hpp"
#include "version.hpp"

namespace popkeep::cmd {
namespace {

std::string overview() {
    std::string text =
        "popkeep empties POP3 mailboxes into mbox archives.\n\n"
        "  popkeep demo\n"
        "      See it work, on a mailbox that it brings along.\n"
        "  popkeep fetch pop3s://me@example.com@pop.example.com --to ~/Mail/old\n"
        "      Fetch what is new; nothing is deleted unless you say so.\n\n"
        "Usage: popkeep COMMAND [OPTION…] [ARGUMENT…]\n\nCommands:\n";
    for (const Entry& entry : commands()) {
        text += report::wrapped(fmt::format("  {:<10} {}", entry.name, entry.purpose),
                                report::terminal_width(), 13, 0);
    }
    text += "  help       Explain a command or a subject: popkeep help fetch\n\nSubjects:\n";
    for (const Topic& topic : topics()) {
        text += report::wrapped(fmt::format("  {:<14} {}", topic.name, topic.purpose),
                                report::terminal_width(), 17, 0);
    }
    return text +
           "\nOptions stand behind the command: popkeep fetch --verbose. `popkeep --version` shows the\n"
           "versions of popkeep and its libraries.\n";
}

[[noreturn]] void refuse_command(const std::string& name) {
    std::vector<std::string> names{"help"};
    for (const Entry& entry : commands()) names.emplace_back(entry.name);
    Error error(Category::usage, fmt::format("there is no command \"{}\"", printable(name)));
    const auto near = nearest(name, names);
    throw error.next(near ? fmt::format("did you mean `popkeep {}`?", *near) : "`popkeep help` lists them");
}

int help(std::span<const std::string> words) {
    if (words.empty() || words[0] == "help" || words[0].starts_with("-")) {
        report::out(overview());
        return 0;
    }
    if (const Entry* const entry = find_command(words[0])) {
        const auto command = entry->make();
        report::out(help_text(syntax_of(*command, entry->name).declaration()));
        return 0;
    }
    std::vector<std::string> names;
    for (const Topic& topic : topics()) {
        if (topic.name == words[0]) {
            report::out(topic.text);
            return 0;
        }
        names.emplace_back(topic.name);
    }
    for (const Entry& entry : commands()) names.emplace_back(entry.name);
    Error error(Category::usage, fmt::format("there is no command or subject \"{}\"", printable(words[0])));
    const auto near = nearest(words[0], names);
    throw error.next(near ? fmt::format("did you mean `popkeep help {}`?", *near)
                          : "`popkeep help` lists them");
}

// What the scripts for the shells ask: a line for each word that may come next, with its meaning behind a
// tab, or the kind of paths.
int complete(std::span<const std::string> words) {
    const Candidates found = candidates(words);
    for (const auto& [text, meaning] : found.words) report::out(fmt::format("{}\t{}\n", text, meaning));
    if (found.paths == Candidates::Paths::files) report::out(":files\n");
    if (found.paths == Candidates::Paths::directories) report::out(":directories\n");
    return 0;
}

int run_command(const Entry& entry, std::span<const std::string> words) {
    const auto command = entry.make();
    Syntax syntax = syntax_of(*command, entry.name);
    if (syntax.parse(words)) {
        report::out(help_text(syntax.declaration()));
        return 0;
    }
    if (command->json()) report::print_json_start(entry.name);
    try {
        return command->run();
    } catch (const Error& error) {
        if (command->json()) report::print_json_error(error, "");
        throw;
    }
}

}  // namespace

std::span<const Entry> commands() {
    static constexpr std::array entries{
        Entry{"setup", "Set up an account, from an address", make_setup},
        Entry{"fetch", "Fetch new messages into an archive", make_fetch},
        Entry{"check", "Show what a server is and what a fetch would bring", make_check},
        Entry{"status", "Show when each account was last fetched", make_status},
        Entry{"list", "List archived messages", make_list},
        Entry{"show", "Show a message", make_show},
        Entry{"export", "Write messages as files of their own", make_export},
        Entry{"deletions", "Show the receipts of what was deleted on servers", make_deletions},
        Entry{"verify", "Check every byte of an archive", make_verify},
        Entry{"repair", "Bring an archive's ledger and mboxes together again", make_repair},
        Entry{"init", "Found an archive", make_init},
        Entry{"login", "Sign an account in with OAuth, or put its password into the keyring", make_login},
        Entry{"config", "Check the configuration file and show what it means", make_config},
        Entry{"console", "Speak POP3 with a server by hand", make_console},
        Entry{"demo", "See popkeep at work on a mailbox that it brings along", make_demo},
        Entry{"completion", "Print a shell's completion script", make_completion},
    };
    return entries;
}

const Entry* find_command(std::string_view name) {
    for (const Entry& entry : commands()) {
        if (entry.name == name) return &entry;
    }
    return nullptr;
}

Syntax syntax_of(Command& command, std::string_view name) {
    Syntax syntax{name};
    command.declare(syntax);
    syntax.option("--color", "auto|always|never",
                  "Colours. auto, the default: on a terminal, unless NO_COLOR is set.",
                  [](std::string_view text) { report::set_colour(report::parse_when(text)); });
    return syntax;
}

int run_program(std::span<const std::string> words) {
    if (words.empty()) {
        report::err(overview());
        return static_cast<int>(Category::usage);
    }
    const std::string& first = words[0];
    if (first == "--version" || first == "-V") {
        report::out(version_text());
        return 0;
    }
    if (first == "help" || first == "--help" || first == "-h") return help(words.subspan(1));
    if (first == "complete") return complete(words.subspan(1));
    if (first.starts_with("-")) {
        throw Error(Category::usage, fmt::format("\"{}\" stands where a command should", printable(first)))
            .next("options come behind the command: popkeep COMMAND [OPTION…]; `popkeep help` shows them");
    }
    const Entry* const entry = find_command(first);
    if (entry == nullptr) refuse_command(first);
    return run_command(*entry, words.subspan(1));
}

}  // namespace popkeep::cmd
