#include "provider/srv.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "base/text.hpp"
#include "fuzz/target.hpp"

namespace popkeep::fuzz {
namespace {

using provider::Service;
using Bytes = std::vector<unsigned char>;

void put(Bytes& out, unsigned number) {
    out.push_back(static_cast<unsigned char>(number >> 8U));
    out.push_back(static_cast<unsigned char>(number & 0xFFU));
}

void put_name(Bytes& out, std::string_view host) {
    for (const auto label : split(host, '.')) {
        out.push_back(static_cast<unsigned char>(label.size()));
        out.insert(out.end(), label.begin(), label.end());
    }
    out.push_back(0);
}

/// As a name server would send them (RFC 1035 section 4.1, RFC 2782).
Bytes answer_with(const std::vector<Service>& services) {
    Bytes out;
    for (const unsigned number : {1U, 0x8180U, 0U, static_cast<unsigned>(services.size()), 0U, 0U})
        put(out, number);
    for (const Service& service : services) {
        out.push_back(0);
        // In this form a name is two bytes longer.
        for (const unsigned number : {33U, 1U, 0U, 60U, static_cast<unsigned>(6 + service.host.size() + 2)})
            put(out, number);
        for (const unsigned number : {service.priority, service.weight, service.port}) put(out, number);
        put_name(out, service.host);
    }
    return out;
}

bool same(const Service& a, const Service& b) {
    const auto values = [](const Service& one) {
        return std::tie(one.host, one.port, one.tls, one.priority, one.weight);
    };
    return values(a) == values(b);
}

bool is_host(std::string_view host) {
    const auto is_label = [](std::string_view label) {
        return !label.empty() && label.size() <= 63 &&
               label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string_view::npos;
    };
    return host.size() <= 253 && std::ranges::all_of(split(host, '.'), is_label);
}

}  // namespace

// A name server's answer, from its header on.
void srv(std::string_view input) {
    const Bytes answer(input.begin(), input.end());
    const auto services = provider::services_of(answer, provider::Tls::stls);
    require(services.size() <= 32, "services are bounded");
    require(std::ranges::is_sorted(
                services, {}, [](const Service& one) { return std::pair(one.priority, 65535 - one.weight); }),
            "the best comes first");
    for (const Service& service : services) {
        require(is_host(service.host), "a target is a host's name in lower case");
        require(service.host.find('.') != std::string::npos, "and not this machine's");
        require(service.port != 0 && service.tls == provider::Tls::stls,
                "it can be connected to as was asked");
    }
    require(
        std::ranges::equal(provider::services_of(answer_with(services), provider::Tls::stls), services, same),
        "written as an answer and read again they are the same");
}

}  // namespace popkeep::fuzz
