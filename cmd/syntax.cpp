#include "syntax.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace popkeep::cmd {
namespace {

// Its name that stands in the words.
std::string as_typed(const Declaration::Option& option, std::span<const std::string> words) {
    for (const std::string& word : words) {
        const auto name = std::ranges::find(option.names, word.substr(0, word.find('=')));
        if (name != option.names.end()) return *name;
    }
    return option.names.back();
}

}  // namespace

Syntax::Syntax(std::string_view command) {
    declaration_.command = command;
    declaration_.exits = {{0, "all is well"}, {64, "the command line is wrong"}};
}

void Syntax::describe(std::string usage, std::string description) {
    declaration_.usage = std::move(usage);
    declaration_.description = std::move(description);
}

void Syntax::example(std::string line, std::string meaning) {
    declaration_.examples.emplace_back(std::move(line), std::move(meaning));
}

void Syntax::add(std::string_view names, std::string value, std::string help, Target target) {
    Declaration::Option option{group_, {}, std::move(value), std::move(help)};
    for (const auto name : split(names, ',')) option.names.emplace_back(name);
    declaration_.options.push_back(std::move(option));
    targets_.push_back(std::move(target));
}

void Syntax::flag(std::string_view names, std::string help, bool& value) {
    add(names, "", std::move(help), {&value, {}});
}

void Syntax::option(std::string_view names, std::string value, std::string help, Setter setter) {
    add(names, std::move(value), std::move(help), {nullptr, std::move(setter)});
}

void Syntax::argument(std::string name, std::string help, std::string& value) {
    declaration_.argument = std::move(name);
    declaration_.argument_help = std::move(help);
    argument_ = &value;
}

void Syntax::arguments(std::string name, std::string help, std::vector<std::string>& values) {
    declaration_.argument = std::move(name);
    declaration_.argument_help = std::move(help);
    arguments_ = &values;
}

void Syntax::exits(int code, std::string when) {
    declaration_.exits.emplace(code, std::move(when));
}

bool Syntax::parse(std::span<const std::string> words) {
    CLI::App app;
    app.set_help_flag();
    bool help = false;
    app.add_flag("-h,--help", help);
    std::vector<std::string> values(targets_.size());
    std::vector<CLI::Option*> given(targets_.size(), nullptr);
    for (std::size_t i = 0; i < targets_.size(); ++i) {
        const std::string names = fmt::format("{}", fmt::join(declaration_.options[i].names, ","));
        if (targets_[i].flag != nullptr) {
            app.add_flag(names, *targets_[i].flag);
        } else {
            given[i] = app.add_option(names, values[i]);
        }
    }
    // Words without a dash, and whatever CLI11 doesn't know: telling people is done better here.
    app.allow_extras();
    try {
        std::vector<std::string> reversed(words.rbegin(), words.rend());
        app.parse(std::move(reversed));
    } catch (const CLI::ParseError& error) {
        throw Error(Category::usage, printable(error.what()))
            .next(fmt::format("`popkeep help {}` shows what is allowed", declaration_.command));
    }
    if (help) return true;

    const std::vector<std::string> plain = plain_words(words, app.remaining());
    if (arguments_ != nullptr) *arguments_ = plain;
    if (argument_ != nullptr && !plain.empty()) *argument_ = plain[0];

    for (std::size_t i = 0; i < targets_.size(); ++i) {
        if (given[i] == nullptr || given[i]->count() == 0) continue;
        try {
            targets_[i].setter(values[i]);
        } catch (Error& error) {
            throw error.at(as_typed(declaration_.options[i], words));
        }
    }
    return false;
}

std::vector<std::string> Syntax::plain_words(std::span<const std::string> words,
                                             const std::vector<std::string>& remaining) const {
    std::vector<std::string> plain;
    const auto dashes = std::ranges::find(words, "--");
    const std::span<const std::string> behind(dashes, words.end());
    for (const std::string& word : remaining) {
        if (word == "--") continue;
        if (word.starts_with("-") && std::ranges::find(behind, word) == behind.end()) refuse(word);
        plain.push_back(word);
    }
    const std::size_t most = arguments_ != nullptr ? plain.size() : argument_ != nullptr ? 1 : 0;
    if (plain.size() > most) {
        throw Error(Category::usage, fmt::format("\"{}\" is one word too many", printable(plain[most])))
            .next(fmt::format("usage: popkeep {} {}", declaration_.command, declaration_.usage));
    }
    return plain;
}

void Syntax::refuse(const std::string& word) const {
    const std::string name = word.substr(0, word.find('='));
    Error error(Category::usage,
                fmt::format("popkeep {} has no option \"{}\"", declaration_.command, printable(name)));
    std::vector<std::string> names{"--help"};
    for (const auto& option : declaration_.options) {
        names.insert(names.end(), option.names.begin(), option.names.end());
    }
    if (const auto near = nearest(name, names)) throw error.next(fmt::format("did you mean {}?", *near));
    throw error.next(fmt::format("`popkeep help {}` lists them", declaration_.command));
}

}  // namespace popkeep::cmd
