#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "config/account.hpp"
#include "config/settings.hpp"

namespace popkeep::config {

struct Configuration {
    std::string path;
    std::vector<Account> accounts;  ///< in the file's order
    Settings settings;
    bool holds_secret = false;  ///< itself, in [defaults] as well, used or not

    const Account* find(std::string_view name) const noexcept;
    /// As find; else throws (usage) with the nearest name, or all of them.
    const Account& get(std::string_view name) const;
};

/// The file isn't as it should be: category configuration. what() is the first problem in one line;
/// report() has all of them, each a line "path:12:3: …" and the place with a caret beneath it.
class Invalid : public Error {
  public:
    Invalid(const Error& first, std::string report) : Error(first), report_(std::move(report)) {}
    const std::string& report() const noexcept { return report_; }

  private:
    std::string report_;
};

/// The file to read: `given` (--config), else $XDG_CONFIG_HOME/popkeep/popkeep.toml (~/.config for the
/// variable), else /etc/popkeep/popkeep.toml. Only `given` is returned without a look whether it is there.
std::optional<std::string> find(const std::optional<std::string>& given);

/// The file that a person's new accounts go into, there or not: `given` (--config), else the first one that
/// find() looks for. Throws (configuration) if there is no home folder.
std::string own_file(const std::optional<std::string>& given);

/// Reads and validates it. Tables are [defaults] and [account.NAME]; relative paths count from its folder.
/// Throws Invalid, or an Error of category configuration (it can't be read, others may write it,
/// it holds a secret and others may read it).
Configuration load(const std::string& path);

/// The same from `text`, which stands at `path`; whoever may read the file is not looked at.
Configuration parse(std::string_view text, const std::string& path);

}  // namespace popkeep::config
