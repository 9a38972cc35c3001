#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "syntax.hpp"

namespace popkeep::cmd {

/// One subcommand: says what it understands, then runs with what it was given.
class Command {
  public:
    Command() = default;
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;
    virtual ~Command() = default;

    virtual void declare(Syntax& syntax) = 0;
    /// Returns the exit code, or throws an Error.
    virtual int run() = 0;
    /// True if it tells in JSON: the first line and errors are printed for it.
    virtual bool json() const { return false; }
};

/// What it understands, with the options that every command has.
Syntax syntax_of(Command& command, std::string_view name);

struct Entry {
    std::string_view name, purpose;
    std::unique_ptr<Command> (*make)();
};

/// All subcommands, in the order in which people meet them.
std::span<const Entry> commands();
/// Null if there is none of that name.
const Entry* find_command(std::string_view name);

// One for each file.
std::unique_ptr<Command> make_check();
std::unique_ptr<Command> make_completion();
std::unique_ptr<Command> make_config();
std::unique_ptr<Command> make_console();
std::unique_ptr<Command> make_deletions();
std::unique_ptr<Command> make_demo();
std::unique_ptr<Command> make_export();
std::unique_ptr<Command> make_fetch();
std::unique_ptr<Command> make_init();
std::unique_ptr<Command> make_list();
std::unique_ptr<Command> make_login();
std::unique_ptr<Command> make_repair();
std::unique_ptr<Command> make_setup();
std::unique_ptr<Command> make_show();
std::unique_ptr<Command> make_status();
std::unique_ptr<Command> make_verify();

/// Runs `popkeep WORDS…`.
int run_program(std::span<const std::string> words);

}  // namespace popkeep::cmd
