#pragma once

#include <cstdint>
#include <deque>
#include <optional>

namespace popkeep::pop3 {

/// How much may be asked for before it is answered. What is outstanding waits in the network, not in memory,
/// so the window is wide; the command text is kept small because a server that writes while its own input
/// fills up must not block us both (RFC 2449 section 6.6).
class Window {
  public:
    /// `lockstep`: one command at a time.
    explicit Window(bool lockstep) : lockstep_(lockstep) {}

    /// Room for one more command of `text` octets whose answer has about `octets`. Always, if nothing is
    /// outstanding.
    bool has_room(std::optional<std::uint64_t> octets, std::size_t text) const;
    void asked(std::optional<std::uint64_t> octets, std::size_t text);
    /// The oldest outstanding command was answered.
    void answered();
    bool empty() const { return outstanding_.empty(); }

  private:
    struct Command {
        std::uint64_t octets;
        std::size_t text;
    };
    bool lockstep_;
    std::deque<Command> outstanding_;
    std::uint64_t octets_ = 0;
    std::size_t text_ = 0;
};

}  // namespace popkeep::pop3
