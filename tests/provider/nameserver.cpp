#include "provider/nameserver.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace popkeep::provider {
namespace {

constexpr std::size_t header_size = 12;

void put16(FakeNameserver::Bytes& out, unsigned value) {
    out.push_back(static_cast<unsigned char>(value >> 8U));
    out.push_back(static_cast<unsigned char>(value & 0xffU));
}

void put_name(FakeNameserver::Bytes& out, const std::string& name) {
    for (std::size_t at = 0; at < name.size();) {
        const auto dot = std::min(name.find('.', at), name.size());
        if (dot == at) break;
        out.push_back(static_cast<unsigned char>(dot - at));
        out.insert(out.end(), name.begin() + static_cast<std::ptrdiff_t>(at),
                   name.begin() + static_cast<std::ptrdiff_t>(dot));
        at = dot + 1;
    }
    out.push_back(0);
}

}  // namespace

FakeNameserver::FakeNameserver(std::function<Bytes(const Bytes&)> answer)
    : answer_(std::move(answer)), socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    if (bind(socket_, plain, size) != 0 || getsockname(socket_, plain, &size) != 0)
        throw std::runtime_error("no socket for the name server");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] {
        std::array<unsigned char, 2048> packet{};
        for (;;) {
            sockaddr_in peer{};
            socklen_t length = sizeof peer;
            auto* from = reinterpret_cast<sockaddr*>(&peer);
            const auto got = recvfrom(socket_, packet.data(), packet.size(), 0, from, &length);
            if (got <= 1) return;  // the destructor's byte
            const auto reply = answer_(Bytes(packet.begin(), packet.begin() + got));
            if (!reply.empty()) sendto(socket_, reply.data(), reply.size(), 0, from, length);
        }
    });
}

FakeNameserver::~FakeNameserver() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sendto(socket_, "", 1, 0, reinterpret_cast<sockaddr*>(&address), sizeof address);
    thread_.join();
    close(socket_);
}

std::string question_of(const FakeNameserver::Bytes& query) {
    std::string name;
    for (std::size_t at = header_size; at < query.size() && query[at] != 0; at += query[at] + 1U) {
        if (!name.empty()) name += '.';
        name.append(query.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                    query.begin() + static_cast<std::ptrdiff_t>(at) + 1 + query[at]);
    }
    return name;
}

FakeNameserver::Bytes answer_with(const FakeNameserver::Bytes& query, const std::vector<Srv>& records) {
    auto end = header_size;
    while (query[end] != 0) end += query[end] + 1U;
    end += 5;  // the root's length, type and class
    FakeNameserver::Bytes out(query.begin(), query.begin() + 2);
    put16(out, records.empty() ? 0x8183 : 0x8180);
    put16(out, 1);
    put16(out, static_cast<unsigned>(records.size()));
    put16(out, 0);
    put16(out, 0);
    out.insert(out.end(), query.begin() + header_size, query.begin() + static_cast<std::ptrdiff_t>(end));
    for (const Srv& record : records) {
        put16(out, 0xc00c);  // the question's name
        put16(out, 33);
        put16(out, 1);
        put16(out, 0);
        put16(out, 60);
        FakeNameserver::Bytes data;
        put16(data, record.priority);
        put16(data, record.weight);
        put16(data, record.port);
        put_name(data, record.target);
        put16(out, static_cast<unsigned>(data.size()));
        out.insert(out.end(), data.begin(), data.end());
    }
    return out;
}

}  // namespace popkeep::provider
