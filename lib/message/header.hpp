#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "message/facts.hpp"
#include "message/header_lines.hpp"

namespace popkeep::message {

/// One message's header section on its way to Facts: its digest, and the fields that matter.
class Header {
  public:
    /// Takes content up to and including the empty line; returns how much that was.
    std::size_t feed(std::string_view content);
    bool ended() const noexcept { return lines_.ended(); }
    std::string_view empty_line() const noexcept { return lines_.empty_line(); }
    /// Once ended() or when the content is over: no more lines come.
    void finish();

    bool has_readers_fields() const noexcept { return has_readers_fields_; }
    /// The running hash of the lines without readers' fields, exactly as they were.
    const Sha256& hash() const noexcept { return hash_; }

    /// Fills in what the header says and starts afresh.
    void report(Facts& facts);

  private:
    enum class Captured { nothing, received, return_path, content_length };

    void line(std::string_view bytes, HeaderLines::Part part);
    void begin_field(std::string_view line);
    void keep(std::string_view bytes);
    void flush();
    Captured wanted(std::string_view name) const;
    void end_field();

    HeaderLines lines_;
    Sha256 hash_;
    std::string_view piece_;                           // what feed() has in hand
    std::string_view run_;                             // a part of it that waits to be hashed at one go
    bool keeps_ = true;                                // the current field belongs to the digest
    std::uint64_t left_out_ = 0, lines_left_out_ = 0;  // bytes and LFs that don't
    char last_kept_ = '\n';
    bool has_readers_fields_ = false;
    Captured captured_ = Captured::nothing;
    std::string value_;  // of the field that is being captured
    bool saw_return_path_ = false, saw_received_ = false, saw_content_length_ = false;
    std::string sender_;
    std::optional<std::int64_t> received_;
    std::optional<std::uint64_t> content_length_;
};

}  // namespace popkeep::message
