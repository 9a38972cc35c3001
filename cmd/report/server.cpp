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
    all.reserve(texts.size());
    for (const std::string& text : texts) all.push_back(printable(text));
    return all;
}

std::vector<std::string> subjects(const pop3::TlsFacts& tls) {
    std::vector<std::string> all;
    all.reserve(tls.chain.size());
    for (const pop3::CertificateFacts& certificate : tls.chain)
        all.push_back(printable(fmt::format("{}, until {}", certificate.subject, certificate.expires)));
    return all;
}

}  // namespace

void print_meeting(const pop3::Meeting& meeting) {
    const pop3::TlsFacts& tls = meeting.tls;
    out("greeting", printable(meeting.greeting));
    if (tls.version.empty()) {
        out("TLS", "none: password and mail travel in clear text");
    } else {
        out("TLS", printable(fmt::format("{}, {}", tls.version, tls.cipher)));
        const char* label = "certificate";
        for (const std::string& certificate : subjects(tls)) {
            out(label, certificate);
            label = "issued by";
        }
        out("pin", printable(tls.pin));
    }
    out("before login", joined(meeting.capabilities));
}

void print_offer_json(const pop3::Meeting& meeting, const std::string& account,
                      const std::optional<std::string>& way_in) {
    JsonLine("offer")
        .add("account", account)
        .add("capabilities", printable_each(meeting.capabilities.lines()))
        .add("certificate_chain", subjects(meeting.tls))
        .add("would_sign_in_by", way_in)
        .print();
}

void print_unverified(const pop3::TlsFacts& presented) {
    out("certificate", "NOT VERIFIED: whoever answered there sent this");
    for (const pop3::CertificateFacts& certificate : presented.chain) {
        out("subject", printable(certificate.subject));
        if (!certificate.names.empty()) out("for", printable(certificate.names));
        out("issuer", printable(certificate.issuer));
        out("valid", fmt::format("{} to {}", certificate.begins, certificate.expires));
    }
    out("pin", presented.pin + ", NOT VERIFIED");
}

void print_unverified_json(const pop3::TlsFacts& presented, const std::string& account) {
    const pop3::CertificateFacts& first = presented.chain.front();
    JsonLine("unverified")
        .add("account", account)
        .add("certificate_subject", printable(first.subject))
        .add("certificate_issuer", printable(first.issuer))
        .add("certificate_names", printable(first.names))
        .add("certificate_begins", first.begins)
        .add("certificate_expires", first.expires)
        .add("certificate_chain", subjects(presented))
        .add("pin", presented.pin)
        .print();
}

void print_server(const pop3::Session& session) {
    out("after login", joined(session.capabilities()));
    out("signed in by", session.signed_in_by());
    out("pipelining", session.pipelining() ? "yes" : "no: one command at a time");
    out("UIDs", session.listing().has_uids ? "yes" : "no: messages are known by their content");
    out("listed", fmt::format("{}, {}", counted_messages(session.listing().messages().size()),
                              human_size(session.listing().octets())));
    for (const std::string& oddity : session.listing().oddities()) out("odd", printable(oddity));
}

void print_server_json(const pop3::Session& session, const std::string& account) {
    const pop3::TlsFacts tls = session.tls();
    const auto first = tls.chain.empty() ? pop3::CertificateFacts() : tls.chain.front();
    JsonLine("server")
        .add("account", account)
        .add("greeting", printable(session.greeting()))
        .add("tls_version", tls.version)
        .add("tls_cipher", tls.cipher)
        .add("certificate_subject", printable(first.subject))
        .add("certificate_issuer", printable(first.issuer))
        .add("certificate_expires", printable(first.expires))
        .add("pin", tls.pin)
        .add("capabilities_before_login", printable_each(session.capabilities_before_login().lines()))
        .add("capabilities", printable_each(session.capabilities().lines()))
        .add("signed_in_by", session.signed_in_by())
        .add("pipelining", session.pipelining())
        .add("uids", session.listing().has_uids)
        .add("listed", static_cast<std::uint64_t>(session.listing().messages().size()))
        .add("listed_octets", session.listing().octets())
        .add("oddities", printable_each(session.listing().oddities()))
        .print();
}

}  // namespace popkeep::report
