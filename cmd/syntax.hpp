#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "declaration.hpp"

namespace popkeep::cmd {

/// What a subcommand understands: declared once, for parsing and for all that tells people of it. Values
/// reach the setters as text, since the validators are popkeep's own; what a setter throws gets the option's
/// name as its place.
class Syntax {
  public:
    using Setter = std::function<void(std::string_view)>;

    explicit Syntax(std::string_view command);

    /// Behind "popkeep COMMAND" in the usage line, and what the command does in a few sentences.
    void describe(std::string usage, std::string description);
    void example(std::string line, std::string meaning);
    /// Options declared from here on stand under this title.
    void group(std::string title) { group_ = std::move(title); }
    /// `names`: "--quiet" or "-q,--quiet".
    void flag(std::string_view names, std::string help, bool& value);
    void option(std::string_view names, std::string value, std::string help, Setter setter);
    void argument(std::string name, std::string help, std::string& value);
    void arguments(std::string name, std::string help, std::vector<std::string>& values);
    /// A line for the list of exit codes; 0 and 64 stand there by themselves.
    void exits(int code, std::string when);

    /// Fills in what was declared. Throws (usage), with the nearest option where one was mistyped. True if
    /// only help was asked for.
    bool parse(std::span<const std::string> words);
    const Declaration& declaration() const noexcept { return declaration_; }

  private:
    // Beside the declaration's option of the same index: where its value goes.
    struct Target {
        bool* flag = nullptr;
        Setter setter;
    };
    void add(std::string_view names, std::string value, std::string help, Target target);
    std::vector<std::string> plain_words(std::span<const std::string> words,
                                         const std::vector<std::string>& remaining) const;
    [[noreturn]] void refuse(const std::string& word) const;

    Declaration declaration_;
    std::string group_ = "Options";
    std::vector<Target> targets_;
    std::string* argument_ = nullptr;
    std::vector<std::string>* arguments_ = nullptr;
};

}  // namespace popkeep::cmd
