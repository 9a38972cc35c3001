#include "syntax.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/text_layout.hpp"

namespace popkeep::cmd {

void Syntax::describe(std::string usage, std::string description) {
    usage_ = std::move(usage);
    description_ = std::move(description);
}

void Syntax::example(std::string line, std::string meaning) {
    examples_.emplace_back(std::move(line), std::move(meaning));
}

void Syntax::flag(std::string names, std::string help, bool& value) {
    options_.push_back({group_, std::move(names), "", std::move(help), &value, {}});
}

void Syntax::option(std::string names, std::string value, std::string help, Setter setter) {
    options_.push_back(
        {group_, std::move(names), std::move(value), std::move(help), nullptr, std::move(setter)});
}

void Syntax::argument(std::string name, std::string help, std::string& value) {
    argument_name_ = std::move(name);
    argument_help_ = std::move(help);
    argument_ = &value;
}

void Syntax::arguments(std::string name, std::string help, std::vector<std::string>& values) {
    argument_name_ = std::move(name);
    argument_help_ = std::move(help);
    arguments_ = &values;
}

void Syntax::exits(int code, std::string when) {
    exits_.emplace(code, std::move(when));
}

bool Syntax::parse(std::span<const std::string> words) {
    CLI::App app;
    app.set_help_flag();
    bool help = false;
    app.add_flag("-h,--help", help);
    std::vector<std::string> values(options_.size());
    std::vector<CLI::Option*> given(options_.size(), nullptr);
    for (std::size_t i = 0; i < options_.size(); ++i) {
        Option& option = options_[i];
        if (option.flag != nullptr) {
            app.add_flag(option.names, *option.flag);
        } else {
            given[i] = app.add_option(option.names, values[i]);
        }
    }
    // Words without a dash, and whatever CLI11 doesn't know: telling people is done better here.
    app.allow_extras();
    try {
        std::vector<std::string> reversed(words.rbegin(), words.rend());
        app.parse(std::move(reversed));
    } catch (const CLI::ParseError& error) {
        throw Error(Category::usage, printable(error.what()))
            .next(fmt::format("`popkeep help {}` shows what is allowed", command_));
    }
    if (help) return true;

    std::vector<std::string> plain;
    const auto dashes = std::ranges::find(words, "--");
    const std::span<const std::string> behind(dashes, words.end());
    for (const std::string& word : app.remaining()) {
        if (word == "--") continue;
        if (word.starts_with("-") && std::ranges::find(behind, word) == behind.end()) refuse(word);
        plain.push_back(word);
    }
    const std::size_t most = arguments_ != nullptr ? plain.size() : argument_ != nullptr ? 1 : 0;
    if (plain.size() > most) {
        throw Error(Category::usage, fmt::format("\"{}\" is one word too many", printable(plain[most])))
            .next(fmt::format("usage: popkeep {} {}", command_, usage_));
    }
    if (arguments_ != nullptr) *arguments_ = plain;
    if (argument_ != nullptr && !plain.empty()) *argument_ = plain[0];

    for (std::size_t i = 0; i < options_.size(); ++i) {
        if (given[i] == nullptr || given[i]->count() == 0) continue;
        try {
            options_[i].setter(values[i]);
        } catch (Error& error) {
            throw error.at(options_[i].names.substr(options_[i].names.rfind("--")));
        }
    }
    return false;
}

std::vector<std::string> Syntax::option_names() const {
    std::vector<std::string> names{"--help"};
    for (const Option& option : options_) {
        for (const auto name : split(option.names, ',')) names.emplace_back(name);
    }
    return names;
}

void Syntax::refuse(const std::string& word) const {
    const std::string name = word.substr(0, word.find('='));
    Error error(Category::usage, fmt::format("popkeep {} has no option \"{}\"", command_, printable(name)));
    if (const auto near = nearest(name, option_names())) {
        throw error.next(fmt::format("did you mean {}?", *near));
    }
    throw error.next(fmt::format("`popkeep help {}` lists them", command_));
}

std::string Syntax::help() const {
    const std::size_t width = std::min<std::size_t>(report::terminal_width(), 100);
    std::string out;
    for (const auto& [line, meaning] : examples_) {
        out += fmt::format("  {}\n", line) + report::wrapped(meaning, width, 6);
    }
    out +=
        fmt::format("\nUsage: popkeep {} {}\n\n", command_, usage_) + report::wrapped(description_, width, 0);
    if (!argument_name_.empty()) {
        out += fmt::format("\n{}\n", argument_name_) + report::wrapped(argument_help_, width, 6);
    }
    std::string group;
    const auto entry = [&](const Option& option) {
        if (option.group != group) out += fmt::format("\n{}:\n", option.group);
        group = option.group;
        std::string names;
        for (const auto name : split(option.names, ',')) {
            names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
        }
        out += fmt::format("  {}{}{}\n", names, option.value.empty() ? "" : " ", option.value);
        out += report::wrapped(option.help, width, 6);
    };
    for (const Option& option : options_) entry(option);
    entry({group.empty() ? "Options" : group, "-h,--help", "", "Show this.", nullptr, {}});
    out += "\nExit codes:\n";
    for (const auto& [code, when] : exits_) {
        out += report::wrapped(fmt::format("{:>4}  {}", code, when), width, 6, 0);
    }
    return out;
}

}  // namespace popkeep::cmd
