#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace popkeep::secret {

struct NetrcEntry {
    std::optional<std::string> login;
    std::string password;
};

/// The first entry of a netrc file with a password for `host` (ASCII case ignored), and for `user` if there
/// is one; an entry without a login serves every user, `default` every host. Reads what curl and GNU ftp
/// read: tokens separated by blanks, "…" with \" \\ \n \r \t, macdef up to an empty line, unknown words
/// skipped; '#' begins a comment only where a keyword may stand, since a password may begin with it.
/// Throws (permission) for an open quote; its text holds the line number alone.
std::optional<NetrcEntry> find_in_netrc(std::string_view text, std::string_view host,
                                        const std::optional<std::string>& user);

}  // namespace popkeep::secret
