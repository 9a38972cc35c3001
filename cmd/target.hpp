#pragma once

#include <optional>
#include <string>
#include <vector>

#include "archive/archive.hpp"
#include "config/file.hpp"
#include "syntax.hpp"

namespace popkeep::cmd {

/// The archive that a command on an archive works on, and whose messages in it.
class Target {
  public:
    /// The first argument, --config, and --account if the command shows messages.
    void declare(Syntax& syntax, bool with_account);

    /// The directory: the argument if it holds a '/'; else that of the configuration's account of this name,
    /// and the argument if there is none. Throws (usage) if it could be either of two archives.
    const std::string& directory();
    archive::Archive open(archive::Access access);
    /// The account of the configuration that the archive was named by, not by its folder.
    const std::optional<config::Account>& account();
    /// Whose messages are meant; nobody's: all. By --account, whoever has that identity or that name here.
    /// By an account of the configuration, its mailbox and, since a mailbox that moves gets another identity,
    /// those that had its name before, unless they are another account's now. Throws (usage) if this
    /// archive has none of them.
    ledger::Ids whose(archive::Archive& archive);
    /// Whether a word names an archive or an account, for commands that can do without.
    bool given() const noexcept { return !word_.empty(); }

    std::string& word() noexcept { return word_; }
    const std::optional<std::string>& config() const noexcept { return config_; }

  private:
    void resolve();
    /// Whether the word is an account's name, which is noted then.
    bool names_account();
    void mean(const config::Account& account, const config::Configuration& configuration);
    bool is_of_account(const ledger::Account& row) const;

    std::string word_, directory_, only_;
    std::optional<std::string> config_;
    std::optional<config::Account> account_;
    std::vector<std::string> others_;  ///< identities of the configuration's other accounts in this archive
};

}  // namespace popkeep::cmd
