#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace popkeep::secret {

/// A secret's bytes, wiped from memory when the object dies or is moved from. Can't be copied, and nothing
/// here prints it.
class Password {
  public:
    /// The POP3 line that carries it must hold it; servers stop reading long before.
    static constexpr std::size_t max_size = 1000;
    /// Access tokens go in a line of their own; those that carry claims have several KiB.
    static constexpr std::size_t max_token_size = std::size_t{16} << 10U;

    Password() = default;
    /// Takes the bytes over and wipes `text`. Throws (permission) if they are none, too many, or hold CR, LF
    /// or NUL; `origin` says in words where they come from and becomes part of the message.
    Password(std::string&& text, std::string_view origin, std::size_t most = max_size);
    Password(Password&& other) noexcept;
    Password& operator=(Password&& other) noexcept;
    Password(const Password&) = delete;
    Password& operator=(const Password&) = delete;
    ~Password();

    std::string_view view() const noexcept { return text_; }
    bool empty() const noexcept { return text_.empty(); }

  private:
    std::string text_;
};

/// Overwrites the whole buffer of `text`, in a way that the compiler keeps, and empties it.
void wipe(std::string& text) noexcept;

/// From now on no crash of this process writes its memory to disk, and no other process of the same user may
/// look into it. Call it before the first secret is read; calling it again does nothing.
void forbid_core_dumps() noexcept;

}  // namespace popkeep::secret
