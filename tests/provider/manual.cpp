#include "provider/manual.hpp"

#include <fmt/format.h>

#include "provider/provider.hpp"

namespace popkeep::provider {
namespace {

constexpr std::size_t most_domains = 12;

constexpr const char* head =
    R"(.\" Made from lib/provider/providers.toml; a test compares the two and leaves a new page where they differ.
.Dd November 24, 2026
.Dt POPKEEP-PROVIDERS 7
.Os
.Sh NAME
.Nm popkeep-providers
.Nd what popkeep knows of mail providers that offer POP3
.Sh DESCRIPTION
.Xr popkeep-setup 1
takes a provider's servers and ways from this table, by the domain of the address or by
.Fl \-provider
and the word in front.
Providers change: where the table and the provider's own page differ, the page is right.
Nothing is here that no source says; the sources are named, and how sure it is:
.Bl -tag -width Ds
.It page
read on the provider's page, or a copy of it.
.It autoconfig
host and port from Thunderbird's database of settings, which mostly names the page.
.It reported
users' reports only.
.El
.Sh PROVIDERS
.Bl -tag -width Ds
)";

constexpr const char* tail = R"(.El
.Sh SEE ALSO
.Xr popkeep 1 ,
.Xr popkeep-fetch 1 ,
.Xr popkeep-setup 1 ,
.Xr popkeep.toml 5
)";

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else
            out += c;
    }
    if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
    return out;
}

// Each sentence on a line of its own, as mdoc wants it.
std::string sentences(std::string_view text) {
    std::string out;
    for (auto at = text.find(". "); at != std::string_view::npos; at = text.find(". ")) {
        out += escaped(text.substr(0, at + 1)) + "\n";
        text.remove_prefix(at + 2);
    }
    return out + escaped(text) + "\n";
}

const char* name_of(SignIn how) {
    switch (how) {
        case SignIn::password:
            return "the password";
        case SignIn::app_password:
            return "an app password";
        case SignIn::oauth:
            return "OAuth";
    }
    return "";
}

const char* name_of(Seen seen) {
    switch (seen) {
        case Seen::page:
            return "page";
        case Seen::autoconfig:
            return "autoconfig";
        case Seen::reported:
            return "reported";
    }
    return "";
}

std::string domains_of(const Provider& provider) {
    std::string out;
    for (std::size_t i = 0; i < provider.domains.size() && i < most_domains; ++i)
        out += fmt::format("{}{}", i == 0 ? "" : ", ", provider.domains[i]);
    if (provider.domains.size() > most_domains)
        out += fmt::format(" and {} more", provider.domains.size() - most_domains);
    return out;
}

std::string entry(const Provider& provider) {
    auto out = fmt::format(".It Cm {} No ({})\n", escaped(provider.id), escaped(provider.name));
    out += escaped(domains_of(provider)) + ".\n.br\n";
    out += fmt::format("{}, port {}, {}; user: the {}; sign\\-in by ", escaped(provider.host), provider.port,
                       provider.tls == Tls::implicit ? "TLS" : "STLS",
                       provider.local_part ? "part before the @" : "address");
    for (std::size_t i = 0; i < provider.sign_in.size(); ++i)
        out += fmt::format("{}{}", i == 0 ? "" : " or ", name_of(provider.sign_in[i]));
    out += ".\n";
    if (!provider.enable.empty()) out += ".br\nTo be switched on first: " + escaped(provider.enable) + ".\n";
    if (!provider.app_password_help.empty())
        out += ".br\nApp passwords:\n.Lk " + escaped(provider.app_password_help) + "\n";
    out += fmt::format(".br\nIts page ({}):\n.Lk {}\n", name_of(provider.seen), escaped(provider.help));
    for (const Note& note : provider.notes)
        out += ".Pp\n" + sentences(note.text) + ".Lk " + escaped(note.source) + "\n";
    if (provider.oauth)
        out += fmt::format(
            ".Pp\nOAuth: authorize at {}, token at {}{}; scope\n.Ql {} .\n.Lk {}\n",
            escaped(provider.oauth->authorize), escaped(provider.oauth->token),
            provider.oauth->device.empty() ? "" : ", device at " + escaped(provider.oauth->device),
            escaped(provider.oauth->scope), escaped(provider.oauth->source));
    return out;
}

}  // namespace

std::string manual() {
    std::string out = head;
    for (const Provider& provider : all()) out += entry(provider);
    return out + tail;
}

}  // namespace popkeep::provider
