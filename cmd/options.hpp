#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/account.hpp"
#include "config/settings.hpp"
#include "report/report.hpp"
#include "syntax.hpp"

/// Options that several subcommands share; one place for each option's name, help and validator.
namespace popkeep::cmd {

/// What the command line says of accounts, over what the configuration says.
class AccountFlags {
  public:
    /// How to reach the server and sign in.
    void declare_connection(Syntax& syntax);
    /// Where access tokens come from, and what `popkeep login` needs to know.
    void declare_oauth(Syntax& syntax);
    /// Where to, what to delete.
    void declare_job(Syntax& syntax);
    /// Who is told of its runs.
    void declare_monitoring(Syntax& syntax);

    /// Throws (usage) if two sources of the credential are named.
    void apply(config::Account& account) const;
    const secret::Source& password() const noexcept { return password_; }

  private:
    using Change = std::function<void(config::Account&)>;

    std::vector<Change> changes_;
    secret::Source password_;
    bool token_source_ = false;
    bool way_ = false;  ///< proxy, socket or tunnel, in place of the configuration's
};

/// What the command line says of the run as a whole.
class SettingFlags {
  public:
    void declare(Syntax& syntax);
    /// `settings` with what was given in its place.
    config::Settings over(config::Settings settings) const;

  private:
    std::vector<std::function<void(config::Settings&)>> changes_;
};

void declare_config(Syntax& syntax, std::optional<std::string>& path);
void declare_json(Syntax& syntax, bool& json);
/// --json, --quiet, --verbose.
void declare_manner(Syntax& syntax, report::Manner& manner);

/// A path on the command line: relative ones count from the working directory.
std::string path_here(std::string_view text);

}  // namespace popkeep::cmd
