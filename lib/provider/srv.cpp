#include "provider/srv.hpp"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"

namespace popkeep::provider {
namespace {

constexpr std::size_t largest_answer = 65535;
constexpr std::size_t most_services = 32;
constexpr std::size_t fixed_part = 6;  // priority, weight, port (RFC 2782)

/// The state of libresolv, so that nothing is shared.
class Resolver {
  public:
    explicit Resolver(const std::optional<Nameserver>& server) {
        if (res_ninit(&state_) != 0) throw Error(Category::temporary, "the resolver can't be set up");
        state_.retrans = 2;
        state_.retry = 1;
        if (!server) return;
        sockaddr_in& address = state_.nsaddr_list[0];
        address = {};
        address.sin_family = AF_INET;
        address.sin_port = htons(server->port);
        if (inet_pton(AF_INET, server->address.c_str(), &address.sin_addr) != 1)
            throw Error(Category::usage, "this is not the address of a name server").said(server->address);
        state_.nscount = 1;
    }
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;
    ~Resolver() { res_nclose(&state_); }

    std::vector<Service> ask(const std::string& name, Tls tls) {
        interrupt::check();
        std::vector<unsigned char> answer(largest_answer);
        const int size = res_nquery(&state_, name.c_str(), ns_c_in, ns_t_srv, answer.data(),
                                    static_cast<int>(answer.size()));
        interrupt::check();
        if (size <= 0) return {};
        return services_of(std::span(answer).first(std::min(answer.size(), static_cast<std::size_t>(size))),
                           tls);
    }

  private:
    struct __res_state state_ {};
};

bool is_host_name(std::string_view name) {
    if (name.empty() || name.size() > 253 || name.find('.') == std::string_view::npos) return false;
    return std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
}

std::optional<Service> service_of(const ns_msg& message, const ns_rr& record, Tls tls) {
    if (ns_rr_type(record) != ns_t_srv || ns_rr_class(record) != ns_c_in || ns_rr_rdlen(record) <= fixed_part)
        return std::nullopt;
    const unsigned char* data = ns_rr_rdata(record);
    std::array<char, NS_MAXDNAME> name{};
    if (ns_name_uncompress(ns_msg_base(message), ns_msg_end(message), data + fixed_part, name.data(),
                           name.size()) < 0)
        return std::nullopt;
    Service service{.host = lowered(name.data()),
                    .port = static_cast<std::uint16_t>(ns_get16(data + 4)),
                    .tls = tls,
                    .priority = static_cast<std::uint16_t>(ns_get16(data)),
                    .weight = static_cast<std::uint16_t>(ns_get16(data + 2))};
    if (service.host.ends_with('.')) service.host.pop_back();
    // "." as the target says that the service is not offered (RFC 6186 section 3.4).
    if (service.port == 0 || !is_host_name(service.host)) return std::nullopt;
    return service;
}

}  // namespace

std::vector<Service> services_of(std::span<const unsigned char> answer, Tls tls) {
    ns_msg message{};
    if (ns_initparse(answer.data(), static_cast<int>(answer.size()), &message) != 0) return {};
    std::vector<Service> services;
    for (int i = 0; i < ns_msg_count(message, ns_s_an) && services.size() < most_services; ++i) {
        ns_rr record{};
        if (ns_parserr(&message, ns_s_an, i, &record) != 0) break;
        if (auto service = service_of(message, record, tls)) services.push_back(*std::move(service));
    }
    std::ranges::stable_sort(services, [](const Service& a, const Service& b) {
        return std::pair(a.priority, -a.weight) < std::pair(b.priority, -b.weight);
    });
    return services;
}

std::vector<Service> announced(const std::string& domain, const std::optional<Nameserver>& server) {
    if (!is_host_name(lowered(domain))) return {};
    Resolver resolver(server);
    auto services = resolver.ask("_pop3s._tcp." + domain, Tls::implicit);
    if (services.empty()) services = resolver.ask("_pop3._tcp." + domain, Tls::stls);
    return services;
}

}  // namespace popkeep::provider
