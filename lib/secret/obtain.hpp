#pragma once

#include <optional>
#include <string>

#include "secret/password.hpp"
#include "secret/source.hpp"

namespace popkeep::secret {

struct Request {
    std::string account;              ///< the section's name, or user@host
    std::string host;                 ///< as in the URL; netrc is looked up with it
    std::optional<std::string> user;  ///< nothing: netrc or a person may supply it
    Source flag;                      ///< --password-command, --password-file
    Source configured;                ///< password, password_command, password_file
    /// Nobody is asked, even if somebody is there.
    bool never_prompt = false;
};

struct Credential {
    std::string user;
    Password password;
    /// Where the password came from, in words for messages: "--password-command", "password_file",
    /// "POPKEEP_PASSWORD", "netrc", "the prompt" …
    std::string origin;
};

/// The first of: flag, the account's key, the systemd credential "popkeep.ACCOUNT", POPKEEP_PASSWORD, netrc,
/// the keyring, a prompt. A source that is there but fails ends the search: the next one is never tried in
/// its place. Throws an Error of category permission (a source failed, or there is none and nobody to ask),
/// usage or configuration (two sources at once; no user name), or what interrupt::check() throws.
Credential obtain(const Request& request);

/// The same without the prompt for a password: nothing if there is no source.
std::optional<Credential> obtain_unasked(const Request& request);

/// The secret of the OAuth client of an account. Throws like obtain().
Password client_secret(const Source& source, const std::string& account);

/// The request's user, who is asked for if there is none. Throws (usage) if nobody can be asked.
std::string user_of(const Request& request);

/// Whether a person is there to answer: standard input and standard error are terminals.
bool person_is_there() noexcept;

}  // namespace popkeep::secret
