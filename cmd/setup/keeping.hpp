#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/section.hpp"
#include "secret/password.hpp"

namespace popkeep::cmd::setup {

/// How popkeep gets a password that was typed from now on.
enum class Store { ask, file, keyring };

/// "ask", "file" or "keyring".
Store parse_store(std::string_view text);

/// The new account, as far as it matters for its password.
struct Mailbox {
    std::string account;        ///< its name
    std::string user, host;     ///< what the keyring finds it by
    std::string configuration;  ///< the file that it is written into
};

/// The line that says so, for a password that was typed: asks the person unless `given`. A command that is
/// named is tried, a file is written (0600, beside the configuration; one that is there stays as it is), the
/// keyring filled. Throws keyring::Absent if that was `given` and there is none.
config::SectionLine keep(const secret::Password& password, std::optional<Store> given,
                         const Mailbox& mailbox);

/// The same where nothing was typed: the line of a comment.
config::SectionLine kept_elsewhere(std::string_view origin, const std::string& account);

}  // namespace popkeep::cmd::setup
