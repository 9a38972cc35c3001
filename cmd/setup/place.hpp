#pragma once

#include <optional>
#include <string>

#include "config/account.hpp"
#include "provider/provider.hpp"

namespace popkeep::cmd::setup {

/// An e-mail address taken apart at its last '@'.
struct Address {
    std::string whole, local, domain;
};

/// Throws (usage) if it isn't one.
Address parse_address(const std::string& text);

/// What the command line says of where the server is.
struct PlaceFlags {
    std::optional<config::Url> url;
    const provider::Provider* provider = nullptr;
};

struct Place {
    config::Url url;                               ///< with the user's name
    const provider::Provider* provider = nullptr;  ///< null: none that is known
    std::string how;                               ///< how it was found, a sentence; empty: it was given
};

/// Where the address's POP3 server is: as given, from the table of providers, by the domain's SRV records, by
/// trying likely names, or by asking the person. What is tried is told, and tried with the CA and by the
/// proxy of `account`, of which no more is known yet. Throws (no_host, usage) if nothing is found, or if the
/// domain sends elsewhere and nobody is there to agree; else what proxy_password() throws.
Place find_place(const Address& address, const PlaceFlags& flags, const config::Account& account,
                 bool person);

}  // namespace popkeep::cmd::setup
