#include "setup/place.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "config/host.hpp"
#include "config/values.hpp"
#include "pop3/greeting.hpp"
#include "provider/srv.hpp"
#include "report/output.hpp"
#include "report/question.hpp"
#include "secret/prompt.hpp"
#include "secret/proxy.hpp"

namespace popkeep::cmd::setup {
namespace {

constexpr auto patience = std::chrono::seconds(10);

std::string told(const config::Url& url) {
    return fmt::format("{}, port {}, {}", printable(url.host), url.port,
                       url.transport == config::Transport::stls ? "STLS" : "TLS");
}

bool belongs_to(const std::string& host, const std::string& domain) {
    return host == domain || host.ends_with("." + domain);
}

config::Url url_at(config::Transport transport, std::string host, std::uint16_t port) {
    config::Url url;
    url.transport = transport;
    url.host = std::move(host);
    url.port = port;
    return url;
}

Place from_table(const Address& address, const provider::Provider& provider) {
    Place place;
    place.url = url_at(
        provider.tls == provider::Tls::stls ? config::Transport::stls : config::Transport::implicit_tls,
        provider.host, provider.port);
    place.url.user = provider.local_part ? address.local : address.whole;
    place.provider = &provider;
    place.how = fmt::format("{}: {}", provider.name, told(place.url));
    return place;
}

/// RFC 6186 section 6: the records are not signed, so that a host outside the domain may be somebody else's.
void agree_to_leave(const Address& address, const std::string& host, bool person) {
    if (belongs_to(host, address.domain)) return;
    const auto sentence = fmt::format(
        "{} says by DNS that its POP3 server is {}, outside of the domain. "
        "Your password would go there.",
        printable(address.domain), printable(host));
    if (person && report::typed_yes(sentence)) return;
    throw Error(Category::usage, sentence)
        .next(fmt::format("if that is right, give --url pop3s://{}", printable(host)));
}

std::optional<Place> from_srv(const Address& address, bool person) {
    const auto services = provider::announced(address.domain);
    if (services.empty()) return std::nullopt;
    const auto& best = services.front();
    const bool stls = best.tls == provider::Tls::stls;
    Place place;
    place.url =
        url_at(stls ? config::Transport::stls : config::Transport::implicit_tls, best.host, best.port);
    place.url.user = address.whole;
    agree_to_leave(address, best.host, person);
    place.how = fmt::format("announced by {}: {}", printable(address.domain), told(place.url));
    return place;
}

/// What is the same whichever host is tried. Nothing in it says to a server who one is.
pop3::Endpoint way_of(const config::Account& account) {
    pop3::Endpoint endpoint;
    endpoint.ca = account.ca;
    endpoint.proxy = account.proxy;
    endpoint.proxy_user = account.proxy_user;
    if (!account.proxy_user.empty() && !account.proxy_password.empty())
        endpoint.proxy_password = secret::proxy_password(account.proxy_password, account.name).view();
    return endpoint;
}

/// Whether a POP3 server with a good certificate is there.
bool answers(const config::Url& url, pop3::Endpoint endpoint) {
    const bool stls = url.transport == config::Transport::stls;
    endpoint.host = url.host;
    endpoint.port = url.port;
    endpoint.transport = stls ? pop3::Transport::stls : pop3::Transport::implicit_tls;
    report::err(fmt::format("trying {} ...", printable(endpoint.place())));
    try {
        pop3::greeting_of(endpoint, {.wait_limit = patience, .lockstep = false, .trace = {}});
        report::err(" a POP3 server\n");
        return true;
    } catch (const Error& error) {
        report::err(fmt::format(" {}\n", error.sentence()));
        interrupt::check();
        return false;
    }
}

std::optional<config::Url> guessed(const Address& address, const config::Account& account) {
    const auto& domain = address.domain;
    const pop3::Endpoint way = way_of(account);
    const std::array hosts{"pop." + domain, "pop3." + domain, "mail." + domain, domain};
    for (const auto transport : {config::Transport::implicit_tls, config::Transport::stls}) {
        for (const std::string& host : hosts) {
            auto url = url_at(transport, host, transport == config::Transport::stls ? 110 : 995);
            if (answers(url, way)) return url;
        }
    }
    return std::nullopt;
}

config::Url typed_url(const std::string& text) {
    if (config::looks_like_url(text)) return config::parse_url(text);
    const auto place = config::parse_host_port(text);
    // 110 is where STLS is spoken; everywhere else TLS is from the start, unless a URL says otherwise.
    const bool stls = place.port == std::uint16_t{110};
    return url_at(stls ? config::Transport::stls : config::Transport::implicit_tls, place.host,
                  place.port.value_or(995));
}

config::Url asked(const std::optional<config::Url>& guess) {
    const std::string offer = guess ? fmt::format(" [{}]", guess->text()) : " (host, host:port or URL)";
    for (;;) {
        const std::string typed = secret::ask(fmt::format("POP3 server{}: ", offer), secret::Echo::on);
        if (typed.empty() && guess) return *guess;
        try {
            return typed_url(typed);
        } catch (const Error& error) {
            report::err(fmt::format("{}\n", error.what()));
        }
    }
}

}  // namespace

Address parse_address(const std::string& text) {
    const auto at = text.rfind('@');
    Address address;
    if (at != std::string::npos && at > 0) {
        address = {text, text.substr(0, at), lowered(text.substr(at + 1))};
        config::parse_name(address.whole, "an address");
        const auto host = config::parse_host_port(address.domain);
        if (!host.port && host.host == address.domain && host.host.find('.') != std::string::npos)
            return address;
    }
    throw Error(Category::usage, fmt::format("\"{}\" is not an e-mail address", printable(text)))
        .next("for example: popkeep setup me@example.com");
}

Place find_place(const Address& address, const PlaceFlags& flags, const config::Account& account,
                 bool person) {
    if (flags.url) {
        Place place{.url = *flags.url, .provider = provider::find_host(flags.url->host), .how = ""};
        if (flags.provider != nullptr) place.provider = flags.provider;
        if (!place.url.user) place.url.user = address.whole;
        return place;
    }
    if (flags.provider != nullptr) return from_table(address, *flags.provider);
    if (const auto* known = provider::find_domain(address.domain)) return from_table(address, *known);
    if (auto place = from_srv(address, person)) return *std::move(place);
    report::err(fmt::format("{} is not a provider that popkeep knows, and announces no POP3 server\n",
                            printable(address.domain)));
    const auto guess = guessed(address, account);
    if (!guess && !person)
        throw Error(Category::no_host,
                    fmt::format("no POP3 server of {} was found", printable(address.domain)))
            .next("give --url pop3s://HOST, or --provider NAME (see popkeep-providers(7))");
    Place place;
    place.url = person ? asked(guess) : *guess;
    if (!place.url.user) place.url.user = address.whole;
    place.provider = provider::find_host(place.url.host);
    place.how = told(place.url);
    return place;
}

}  // namespace popkeep::cmd::setup
