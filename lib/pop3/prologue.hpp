#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pop3/capability.hpp"
#include "pop3/reply.hpp"

namespace popkeep::pop3 {

/// What the server says while libcurl speaks with it: greeting, CAPA, STLS and CAPA again, and the answers
/// to libcurl's own login. Only the capabilities of the final TLS state are kept (RFC 2595 section 4).
class Prologue {
  public:
    explicit Prologue(bool stls) : stls_expected_(stls) {}

    /// One line as it came. False if there is no point in hearing more: the first line is no POP3 greeting,
    /// or it is more than 1 MiB.
    bool hear(std::string_view line);

    const std::string& greeting() const { return greeting_; }
    /// The greeting taken apart; nothing if there was none or it isn't POP3's.
    const std::optional<Reply>& greeted() const { return greeted_; }
    const Capabilities& capabilities() const { return capabilities_; }
    /// The last answer to STLS or to libcurl's login, whichever came later.
    const std::optional<Reply>& last() const { return last_; }
    /// A challenge came: what was refused afterwards had been answered.
    bool challenged() const { return challenged_; }

  private:
    enum class Stage { greeting, capabilities, stls, login };

    Stage stage_ = Stage::greeting;
    bool stls_expected_, challenged_ = false;
    std::size_t heard_ = 0;
    std::string greeting_;
    std::optional<Reply> greeted_, last_;
    Capabilities capabilities_;
};

}  // namespace popkeep::pop3
