#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.hpp"

namespace popkeep::message {

/// What identifies a message and what its postmark needs, all computed from its content (LF line ends).
struct Facts {
    Digest content{};  ///< SHA-256 of the content: its identity
    Digest header{};   ///< SHA-256 of the header section without readers' fields, see Examiner
    /// SHA-256 of the content without readers' fields; nothing if it has none (then it equals `content`).
    std::optional<Digest> stripped;
    std::uint64_t size = 0;                             ///< bytes of content
    std::uint64_t lines = 0;                            ///< LFs in the content
    std::uint64_t readers_size = 0, readers_lines = 0;  ///< of both, what readers' fields take
    std::string sender;  ///< addr-spec of Return-Path, sanitised for a postmark; empty: none or "<>"
    std::optional<std::int64_t> received;  ///< date of the topmost Received field, Unix time
    std::optional<std::uint64_t>
        content_length;           ///< the message's own Content-Length, if it has a usable one
    std::uint64_t body_size = 0;  ///< bytes behind the empty line that ends the header
};

/// Fields that mail readers add, change or drop in an mbox: Status, X-Status, X-Keywords, X-UID, X-UIDL is
/// not one, X-IMAP, X-IMAPbase, X-Mozilla-Status, X-Mozilla-Status2, X-Mozilla-Keys, X-Evolution,
/// Content-Length, Lines. Case is ignored.
bool is_readers_field(std::string_view name);

/// Computes Facts in one pass over pieces split anywhere; memory is constant whatever the message
/// (a field is looked at in its first 8 KiB only; digests cover all of it).
///
/// The header section ends before the first empty line, or with the content. Its digest covers each
/// line with its LF, readers' fields and their continuation lines left out; a missing final LF is added,
/// so that the answer to TOP n 0 and the stored message agree. A line in front of the first field that
/// begins with "From " or ">From " belongs to the header like any other.
class Examiner {
  public:
    Examiner();
    ~Examiner();
    Examiner(Examiner&&) noexcept;
    Examiner& operator=(Examiner&&) noexcept;

    void feed(std::string_view content);
    /// The facts of everything fed; the object starts afresh.
    Facts finish();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// For content that is in memory as a whole.
Facts examine(std::string_view content);

}  // namespace popkeep::message
