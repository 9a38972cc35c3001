#include "completion/candidates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "command.hpp"
#include "config/file.hpp"
#include "help/topics.hpp"
#include "options.hpp"

namespace popkeep::cmd {
namespace {

using Option = Declaration::Option;

class Completion {
  public:
    explicit Completion(std::span<const std::string> words) : words_(words), typed_(words.back()) {}

    Candidates find() {
        if (words_.size() == 1) {
            commands_and_help();
        } else if (words_[0] == "help") {
            if (words_.size() == 2) subjects();
        } else if (const Entry* const entry = find_command(words_[0])) {
            const auto command = entry->make();
            in_command(syntax_of(*command, entry->name).declaration());
        }
        return std::move(found_);
    }

  private:
    void offer(std::string_view word, std::string_view meaning) {
        if (word.starts_with(typed_)) found_.words.push_back({std::string(word), std::string(meaning)});
    }

    void commands_and_help() {
        for (const Entry& entry : commands()) offer(entry.name, entry.purpose);
        offer("help", "Explain a command or a subject");
        if (typed_.starts_with('-')) {
            offer("--help", "Show the commands");
            offer("--version", "Show the versions of popkeep and its libraries");
        }
    }

    void subjects() {
        for (const Entry& entry : commands()) offer(entry.name, entry.purpose);
        for (const Topic& topic : topics()) offer(topic.name, topic.purpose);
    }

    void in_command(const Declaration& declaration) {
        const auto before = words_.subspan(1, words_.size() - 2);
        const bool dashes = std::ranges::find(before, "--") != before.end();
        const auto equals = typed_.find('=');
        if (!dashes && typed_.starts_with("--") && equals != std::string_view::npos) {
            const std::string name = typed_.substr(0, equals);
            if (const Option* const option = find_option(declaration, name)) values(*option, name + "=");
        } else if (const Option* const option =
                       dashes || before.empty() ? nullptr : find_option(declaration, before.back());
                   option != nullptr && !option->value.empty()) {
            values(*option, "");
        } else if (!dashes && typed_.starts_with('-')) {
            for (const Option& known : declaration.options) names(known);
            offer("--help", "Show the help");
        } else {
            argument(declaration.argument);
        }
    }

    static const Option* find_option(const Declaration& declaration, std::string_view name) {
        for (const Option& option : declaration.options) {
            if (std::ranges::find(option.names, name) != option.names.end()) return &option;
        }
        return nullptr;
    }

    void names(const Option& option) {
        // The first sentence is enough, and the long name alone where there is one.
        const std::string meaning =
            option.help.substr(0, std::min(option.help.find(". "), option.help.find("; ")));
        for (const std::string& name : option.names) {
            if (name.starts_with("--") || option.names.size() == 1) offer(name, meaning);
        }
    }

    // on|off, never|fetched|after:AGE, FILE, DIR: what is in small letters (of ASCII) is typed as it stands.
    void values(const Option& option, const std::string& before) {
        if (option.value == "FILE") found_.paths = Candidates::Paths::files;
        if (option.value == "DIR") found_.paths = Candidates::Paths::directories;
        if (option.names.back() == "--account") return accounts();
        for (const auto choice : split(option.value, '|')) {
            const auto* const capital =
                std::ranges::find_if(choice, [](char c) { return (c >= 'A' && c <= 'Z') || c < ' '; });
            offer(before + std::string(choice.begin(), capital), "");
        }
        std::erase_if(found_.words, [&](const auto& word) { return word.text == before; });
    }

    void argument(std::string_view name) {
        if (name.starts_with("ARCHIVE")) found_.paths = Candidates::Paths::directories;
        if (name.starts_with("DIR")) found_.paths = Candidates::Paths::directories;
        if (name.starts_with("MBOX")) found_.paths = Candidates::Paths::files;
        if (name.find("ACCOUNT") != std::string_view::npos) accounts();
        for (const auto choice : split(name, '|')) {
            if (lowered(choice) == choice) offer(choice, "");
        }
    }

    void accounts() {
        std::optional<std::string> given;
        for (std::size_t i = 1; i + 1 < words_.size(); ++i) {
            if (words_[i].starts_with("--config=")) given = words_[i].substr(9);
            if (words_[i] == "--config" && i + 2 < words_.size()) given = words_[i + 1];
        }
        try {
            if (given) given = path_here(*given);
            const auto path = config::find(given);
            if (!path) return;
            for (const auto& account : config::load(*path).accounts) offer(account.name, account.url.text());
        } catch (const Error&) {
            // What is wrong with it is told by the command, not while it is being typed.
        }
    }

    std::span<const std::string> words_;
    const std::string& typed_;
    Candidates found_;
};

}  // namespace

Candidates candidates(std::span<const std::string> words) {
    if (words.empty()) return {};
    return Completion(words).find();
}

}  // namespace popkeep::cmd
