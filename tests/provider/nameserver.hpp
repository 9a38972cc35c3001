#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace popkeep::provider {

/// A name server on loopback: answers each question with what `answer` makes of the packet; an empty answer
/// is silence.
class FakeNameserver {
  public:
    using Bytes = std::vector<unsigned char>;
    explicit FakeNameserver(std::function<Bytes(const Bytes&)> answer);
    FakeNameserver(const FakeNameserver&) = delete;
    FakeNameserver& operator=(const FakeNameserver&) = delete;
    ~FakeNameserver();

    std::uint16_t port() const { return port_; }

  private:
    std::function<Bytes(const Bytes&)> answer_;
    int socket_ = -1;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

struct Srv {
    std::uint16_t priority, weight, port;
    std::string target;  ///< "." says that there is none
};

/// The name asked for, with dots.
std::string question_of(const FakeNameserver::Bytes& query);
/// A well-formed answer with these records; none: the name doesn't exist.
FakeNameserver::Bytes answer_with(const FakeNameserver::Bytes& query, const std::vector<Srv>& records);

}  // namespace popkeep::provider
