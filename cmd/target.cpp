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

namespace fs = std::filesystem;

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

// A folder that may not be looked at is no archive that anybody could mean.
bool is_archive(const std::string& word) {
    try {
        return archive::Archive::is_one(word);
    } catch (const Error&) {
        return false;
    }
}

// An archive is to be read and repaired also where the configuration can't be.
std::optional<config::Configuration> configuration_beside(bool archive,
                                                          const std::optional<std::string>& given) {
    const auto path = config::find(given);
    if (!path) return std::nullopt;
    try {
        return config::load(*path);
    } catch (const Error&) {
        if (!archive) throw;
        return std::nullopt;
    }
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
    if (word_.find('/') != std::string::npos || !names_account()) directory_ = path_here(word_);
}

bool Target::names_account() {
    const bool archive = is_archive(word_);
    const auto configuration = configuration_beside(archive, config_);
    const config::Account* const account = configuration ? configuration->find(word_) : nullptr;
    std::error_code problem;
    if (account == nullptr && (archive || fs::exists(word_, problem))) return false;
    if (!configuration) {
        throw Error(Category::usage, fmt::format("there is neither a folder \"{0}\" nor a configuration file "
                                                 "with an account of that name",
                                                 printable(word_)))
            .next("give the archive's folder");
    }
    if (archive && !fs::equivalent(word_, account->archive, problem)) {
        throw Error(Category::usage,
                    fmt::format("\"{}\" is an account, and another archive in this folder", printable(word_)))
            .next(
                fmt::format("./{} is the archive; for the account, go to another folder", printable(word_)));
    }
    mean(configuration->get(word_), *configuration);
    return true;
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
