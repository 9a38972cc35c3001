#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "pop3/session.hpp"

namespace popkeep::pop3 {

/// The scripted POP3 server of tests/support in a process of its own, for as long as the object exists.
class ScriptedServer {
  public:
    /// `arguments`: as `python3 -m popserver --help` lists them, e.g. {"--scenario", "D05-poisoned"}.
    explicit ScriptedServer(std::vector<std::string> arguments = {});
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;
    ~ScriptedServer();

    Endpoint endpoint(Transport transport = Transport::plaintext) const;

  private:
    pid_t process_ = -1;
    int input_ = -1;
    std::uint16_t port_ = 0;
};

/// The account that the server knows.
Login login(Mechanism mechanism = Mechanism::automatic);

/// No wait longer than two seconds.
Options impatient();

/// Remembers what it was given.
class Collector : public MessageSink {
  public:
    struct Message {
        std::string content;
        std::uint64_t octets = 0, bare_lf = 0;
        bool ended = false;
    };
    std::map<std::uint32_t, Message> messages;
    std::map<std::uint32_t, std::string> refusals;
    std::size_t most = 1'000'000;  ///< messages, then no more

    void begin(const Listed& message) override { current_ = &messages[message.number]; }
    std::span<char> room(std::size_t size) override {
        piece_.resize(size);
        return piece_;
    }
    void content(std::size_t size) override { current_->content.append(piece_, 0, size); }
    void end(std::uint64_t octets, std::uint64_t bare_lf) override {
        current_->octets = octets;
        current_->bare_lf = bare_lf;
        current_->ended = true;
    }
    void refused(const Listed& message, const Reply& reply) override {
        refusals[message.number] = reply.text;
    }
    bool more() override { return messages.size() < most; }

    std::size_t ended() const;

  private:
    Message* current_ = nullptr;
    std::string piece_;
};

std::vector<std::uint32_t> numbers_of(const Listing& listing);
/// What session.retrieve() takes.
std::vector<const Listed*> all_of(const Listing& listing);

}  // namespace popkeep::pop3
