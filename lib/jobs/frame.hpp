#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Records on the line between an account's process and its parent: four bytes of length, one of type, then
/// fields in an order that the type fixes, numbers in eight bytes, texts with four bytes of length in front.
/// Both ends are the same program on the same machine, so bytes stand in the machine's order; but what a
/// process sends is checked like anything from outside, since it works on hostile input.
namespace popkeep::jobs {

inline constexpr std::size_t longest_frame = std::size_t{1} << 20U;

enum class Event : std::uint8_t {
    wants_terminal = 1,
    leaves_terminal,
    planned,
    would_fetch,
    would_delete,
    progress,
    trouble,
    round,
    waiting,
    note,
    warning,
    conversation,
    finished,
};

/// A frame in the making.
class Frame {
  public:
    explicit Frame(Event event);

    Frame& add(std::uint64_t number);
    /// Cut at 16 KiB.
    Frame& add(std::string_view text);
    /// Whether there is room for another text, whatever its length.
    bool has_room() const noexcept;
    std::string_view bytes();

  private:
    std::string bytes_;
};

/// Puts frames together from what was read.
class FrameBuffer {
  public:
    void feed(std::string_view bytes) { bytes_ += bytes; }
    /// The next whole frame without its length. Throws (software) if it is longer than may be.
    std::optional<std::string> next();
    bool empty() const noexcept { return bytes_.empty(); }

  private:
    std::string bytes_;
};

/// Takes a frame apart. Everything throws (software) where the frame isn't as it must be.
class Fields {
  public:
    explicit Fields(std::string_view frame);

    Event event() const noexcept { return event_; }
    std::uint64_t number();
    std::string text();
    void end() const;

  private:
    std::string_view take(std::size_t size);

    std::string_view rest_;
    Event event_ = Event::finished;
};

}  // namespace popkeep::jobs
