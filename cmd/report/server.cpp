#include "report/server.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "report/json_line.hpp"
#include "report/output.hpp"
#include "report/text_layout.hpp"

namespace popkeep::report {
namespace {

std::string joined(const pop3::Capabilities& capabilities) {
    std::string text;
    for (const std::string& line : capabilities.lines()) {
        text += fmt::format("{}{}", text.empty() ? "" : ", ", printable(line));
    }
    return text.empty() ? "none told (no CAPA)" : text;
}

std::vector<std::string> printable_each(const std::vector<std::string>& texts) {
    std::vector<std::string> all;
    for (const std::string& text : texts) all.push_back(printable(text));
    return all;
}

void line(std::string_view label, std::string_view text) {
    out(labelled(label, text));
}

}  // namespace

void print_server(const pop3::Session& session) {
    const pop3::TlsFacts tls = session.tls();
    line("greeting", printable(session.greeting()));
    if (tls.version.empty()) {
        line("TLS", "none: password and mail travel in clear text");
    } else {
        line("TLS", printable(fmt::format("{}, {}", tls.version, tls.cipher)));
        line("certificate", printable(tls.subject));
        line("issued by", printable(tls.issuer));
        line("expires", printable(tls.expires));
        line("pin", printable(tls.pin));
    }
    line("before login", joined(session.capabilities_before_login()));
    line("after login", joined(session.capabilities()));
    line("signed in by", session.signed_in_by());
    line("pipelining", session.pipelining() ? "yes" : "no: one command at a time");
    line("UIDs", session.listing().has_uids ? "yes" : "no: messages are known by their content");
    line("listed", fmt::format("{}, {}", counted(session.listing().messages.size(), "message", "messages"),
                               human_size(session.listing().octets())));
    for (const std::string& oddity : session.listing().oddities) line("odd", printable(oddity));
}

void print_server_json(const pop3::Session& session, const std::string& account) {
    const pop3::TlsFacts tls = session.tls();
    JsonLine("server")
        .add("account", account)
        .add("greeting", printable(session.greeting()))
        .add("tls_version", tls.version)
        .add("tls_cipher", tls.cipher)
        .add("certificate_subject", printable(tls.subject))
        .add("certificate_issuer", printable(tls.issuer))
        .add("certificate_expires", printable(tls.expires))
        .add("pin", tls.pin)
        .add("capabilities_before_login", printable_each(session.capabilities_before_login().lines()))
        .add("capabilities", printable_each(session.capabilities().lines()))
        .add("signed_in_by", session.signed_in_by())
        .add("pipelining", session.pipelining())
        .add("uids", session.listing().has_uids)
        .add("listed", static_cast<std::uint64_t>(session.listing().messages.size()))
        .add("listed_octets", session.listing().octets())
        .add("oddities", printable_each(session.listing().oddities))
        .print();
}

}  // namespace popkeep::report
