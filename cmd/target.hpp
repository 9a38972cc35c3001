#pragma once

#include <optional>
#include <string>

#include "archive/archive.hpp"
#include "syntax.hpp"

namespace popkeep::cmd {

/// The archive that a command on an archive works on, and whose messages in it.
class Target {
  public:
    /// The first argument, --config, and --account if the command shows messages.
    void declare(Syntax& syntax, bool with_account);

    /// The directory: the argument if it holds a '/' or exists, else that of the configuration's account.
    const std::string& directory();
    archive::Archive open(archive::Access access);
    /// The account meant, by --account or since the archive was named by it; empty: all.
    const std::string& account();
    /// Its row; nothing means all. Throws (usage) if this archive has no such account.
    std::optional<ledger::Id> account_in(archive::Archive& archive);
    /// Whether a word names an archive or an account, for commands that can do without.
    bool given() const noexcept { return !word_.empty(); }
    /// Whether the word means an account of the configuration, and not a folder.
    bool configured() const;

    std::string& word() noexcept { return word_; }
    const std::optional<std::string>& config() const noexcept { return config_; }

  private:
    void resolve();

    std::string word_, directory_, account_;
    std::optional<std::string> config_;
};

}  // namespace popkeep::cmd
