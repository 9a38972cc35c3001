#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace popkeep::cmd {

/// What a subcommand understands: declared once, for parsing and for its help. Values reach the setters as
/// text, since the validators are popkeep's own; what a setter throws gets the option's name as its place.
class Syntax {
  public:
    using Setter = std::function<void(std::string_view)>;

    explicit Syntax(std::string command) : command_(std::move(command)) {}

    /// Behind "popkeep COMMAND" in the usage line, and what the command does in a few sentences.
    void describe(std::string usage, std::string description);
    void example(std::string line, std::string meaning);
    /// Options declared from here on stand under this title.
    void group(std::string title) { group_ = std::move(title); }
    /// `names`: "--quiet" or "-q,--quiet".
    void flag(std::string names, std::string help, bool& value);
    void option(std::string names, std::string value, std::string help, Setter setter);
    void argument(std::string name, std::string help, std::string& value);
    void arguments(std::string name, std::string help, std::vector<std::string>& values);
    /// A line for the list of exit codes; 0 and 64 stand there by themselves.
    void exits(int code, std::string when);

    /// Fills in what was declared. Throws (usage), with the nearest option where one was mistyped. True if
    /// only help was asked for.
    bool parse(std::span<const std::string> words);
    std::string help() const;

  private:
    struct Option {
        std::string group, names, value, help;
        bool* flag = nullptr;
        Setter setter;
    };
    std::vector<std::string> option_names() const;
    [[noreturn]] void refuse(const std::string& word) const;

    std::string command_, usage_, description_, group_ = "Options";
    std::vector<std::pair<std::string, std::string>> examples_;
    std::map<int, std::string> exits_{{0, "all is well"}, {64, "the command line is wrong"}};
    std::vector<Option> options_;
    std::string argument_name_, argument_help_;
    std::string* argument_ = nullptr;
    std::vector<std::string>* arguments_ = nullptr;
};

}  // namespace popkeep::cmd
