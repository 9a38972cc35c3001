#include "target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "base/text.hpp"
#include "config/values.hpp"
#include "options.hpp"

namespace popkeep::cmd {
namespace {

[[noreturn]] void refuse(const std::string& account, const std::string& directory,
                         const std::vector<ledger::Account>& all) {
    std::string known;
    for (const ledger::Account& row : all) {
        known += fmt::format("{}{}", known.empty() ? "" : ", ", printable(row.name));
        if (row.identity != row.name) known += fmt::format(" ({})", printable(row.identity));
    }
    throw Error(Category::usage,
                fmt::format("the archive has nothing of an account \"{}\"", printable(account)))
        .at(directory)
        .next(known.empty() ? "nothing was fetched into it yet" : "it has: " + known);
}

}  // namespace

void Target::declare(Syntax& syntax, bool with_account) {
    declare_config(syntax, config_);
    if (!with_account) return;
    syntax.option("--account", "NAME",
                  "Only the messages of whoever has this name, or this identity, in the archive.",
                  [this](std::string_view text) { only_ = config::parse_name(text, "an account's name"); });
}

void Target::resolve() {
    if (!directory_.empty()) return;
    if (word_.empty()) {
        throw Error(Category::usage, "no archive was named").next("give its folder, or an account's name");
    }
    std::error_code problem;
    if (word_.find('/') != std::string::npos || std::filesystem::exists(word_, problem)) {
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
    mean(configuration.get(word_), configuration);
}

void Target::mean(const config::Account& account, const config::Configuration& configuration) {
    if (account.archive.empty()) {
        throw Error(Category::configuration, fmt::format("account \"{}\" has no archive", printable(word_)))
            .at(configuration.path);
    }
    for (const config::Account& other : configuration.accounts) {
        const auto identity = other.identity();
        if (identity && other.name != account.name && other.archive == account.archive)
            others_.push_back(*identity);
    }
    directory_ = account.archive;
    account_ = account;
}

const std::string& Target::directory() {
    resolve();
    return directory_;
}

const std::optional<config::Account>& Target::account() {
    resolve();
    return account_;
}

archive::Archive Target::open(archive::Access access) {
    return archive::Archive::open(directory(), access);
}

bool Target::is_of_account(const ledger::Account& row) const {
    return row.identity == account_->identity() ||
           (row.name == account_->name && std::ranges::find(others_, row.identity) == others_.end());
}

ledger::Ids Target::whose(archive::Archive& archive) {
    resolve();
    if (only_.empty() && !account_) return {};
    const auto all = archive.ledger().accounts.all();
    std::vector<ledger::Account> meant;
    if (!only_.empty()) {
        meant = archive.ledger().accounts.named(only_);
    } else {
        std::ranges::copy_if(all, std::back_inserter(meant),
                             [this](const auto& row) { return is_of_account(row); });
    }
    if (meant.empty()) refuse(only_.empty() ? account_->name : only_, archive.directory(), all);
    ledger::Ids ids;
    for (const ledger::Account& row : meant) ids.push_back(row.id);
    return ids;
}

}  // namespace popkeep::cmd
