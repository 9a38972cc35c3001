#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What is known of providers that offer POP3: the table providers.toml, which is built in.
namespace popkeep::provider {

enum class Tls { implicit, stls };

/// What a provider takes as proof.
enum class SignIn { password, app_password, oauth };

/// Where host, port and TLS were read.
enum class Seen { page, autoconfig, reported };

struct OAuth {
    std::string authorize, token;
    std::string device;  ///< RFC 8628; empty: none
    std::string scope;   ///< separated by blanks
    std::string source;
};

/// What no capability tells, or not before one has signed in.
struct Behaviour {
    std::uint32_t portion = 0;   ///< about so many messages are listed a session; 0: all
    bool hides_fetched = false;  ///< what was retrieved before QUIT is not listed again
    std::optional<std::uint32_t> expire_days;
    std::uint32_t login_delay = 0;  ///< seconds between two sign-ins
    std::uint32_t daily_mib = 0;    ///< 0: no limit known
    std::string not_listed;         ///< what POP3 never shows there; empty: nothing known
    std::string recent_prefix;      ///< before the user name: lists recent mail, hidden or not
};

struct Note {
    std::string text, source;
};

struct Provider {
    std::string id, name;
    std::vector<std::string> domains;  ///< lower case
    std::string host;
    std::uint16_t port = 995;
    Tls tls = Tls::implicit;
    bool local_part = false;      ///< the user name is what stands before the '@'
    std::vector<SignIn> sign_in;  ///< best first; never empty
    std::string help;             ///< the provider's own page
    Seen seen = Seen::autoconfig;
    std::string enable;             ///< what has to be switched on first, and where; empty: nothing known
    std::string app_password_help;  ///< a page; may be empty
    std::optional<OAuth> oauth;
    Behaviour behaviour;
    std::vector<Note> notes;
};

/// The table, in its own order.
std::span<const Provider> all();

/// By the domain of an address, or a subdomain of it ("someone.onmicrosoft.com"); null if unknown.
const Provider* find_domain(std::string_view domain);
/// By the name of a row ("gmail"); null if there is none.
const Provider* find_id(std::string_view id);
/// By the POP3 host that an account has: the first row with it; null if unknown.
const Provider* find_host(std::string_view host);

/// Reads a table. Throws Error (software) that names the row, if anything is missing, of another type,
/// unknown, or said twice.
std::vector<Provider> parse(std::string_view toml);

}  // namespace popkeep::provider
