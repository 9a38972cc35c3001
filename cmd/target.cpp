#include "target.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "base/text.hpp"
#include "config/file.hpp"
#include "config/values.hpp"
#include "options.hpp"

namespace popkeep::cmd {

void Target::declare(Syntax& syntax, bool with_account) {
    declare_config(syntax, config_);
    if (!with_account) return;
    syntax.option("--account", "NAME", "Only this account's messages.", [this](std::string_view text) {
        account_ = config::parse_name(text, "an account's name");
    });
}

bool Target::configured() const {
    std::error_code problem;
    return !word_.empty() && word_.find('/') == std::string::npos && !std::filesystem::exists(word_, problem);
}

void Target::resolve() {
    if (!directory_.empty()) return;
    if (word_.empty()) {
        throw Error(Category::usage, "no archive was named").next("give its folder, or an account's name");
    }
    if (!configured()) {
        directory_ = path_here(word_);
        return;
    }
    const auto path = config::find(config_);
    if (!path) {
        throw Error(Category::usage, fmt::format("there is neither a folder \"{0}\" nor a configuration file "
                                                 "with an account of that name",
                                                 printable(word_)))
            .next("give the archive's folder");
    }
    const config::Configuration configuration = config::load(*path);
    const config::Account& account = configuration.get(word_);
    if (account.archive.empty()) {
        throw Error(Category::configuration, fmt::format("account \"{}\" has no archive", printable(word_)))
            .at(*path);
    }
    directory_ = account.archive;
    if (account_.empty()) account_ = account.name;
}

const std::string& Target::directory() {
    resolve();
    return directory_;
}

const std::string& Target::account() {
    resolve();
    return account_;
}

archive::Archive Target::open(archive::Access access) {
    return archive::Archive::open(directory(), access);
}

std::optional<ledger::Id> Target::account_in(archive::Archive& archive) {
    if (account().empty()) return std::nullopt;
    if (const auto row = archive.ledger().accounts.named(account_)) return row->id;
    std::string known;
    for (const auto& row : archive.ledger().accounts.all()) {
        known += fmt::format("{}{}", known.empty() ? "" : ", ", printable(row.name));
    }
    throw Error(Category::usage,
                fmt::format("the archive has nothing of an account \"{}\"", printable(account_)))
        .at(archive.directory())
        .next(known.empty() ? "nothing was fetched into it yet" : "it has: " + known);
}

}  // namespace popkeep::cmd
