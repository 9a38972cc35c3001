#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "file/fd.hpp"
#include "message/facts.hpp"

namespace popkeep::mbox {

/// A message as it stands in an mbox.
struct Found {
    std::uint64_t start = 0;   ///< offset of the postmark
    std::uint64_t length = 0;  ///< bytes from there up to the next postmark or the end of the range,
                               ///< the separating empty line included
    std::string postmark;      ///< first line without LF, at most 1,000 bytes
    message::Facts facts;      ///< of the unquoted content, without the separating empty line
    /// Ends with an empty line, so that another message may follow at once. Always true but for the last
    /// message of the range.
    bool closed = false;
};

/// Scans [begin, end) of an mbox, constant memory, one pass. A message begins with a line "From …" (see
/// is_postmark) at `begin` or behind an empty line, nowhere else: a Content-Length is never believed. An
/// empty line and a postmark may end in CRLF, as foreign mboxes have it; CRs in content are kept. Bytes in
/// front of the first message are reported to `junk` as offset and length, unless they are empty lines only.
/// A scan of damaged or hostile bytes never throws; a file that ends early is taken as it is. Throws only if
/// reading fails, `found` throws, or interrupt::check() does, which is called now and then.
void scan(const file::Fd& fd, const std::string& path, std::uint64_t begin, std::uint64_t end,
          const std::function<void(const Found&)>& found,
          const std::function<void(std::uint64_t offset, std::uint64_t length)>& junk);

/// Reads one message back: [start, start+length) must be a postmark line, quoted content that is empty or
/// ends a line, and an empty line. Hands the unquoted content to `out` in pieces. False if the bytes don't
/// have that form (nothing is promised of what `out` got then); the caller compares digests.
bool read_message(const file::Fd& fd, const std::string& path, std::uint64_t start, std::uint64_t length,
                  const std::function<void(std::string_view)>& out);

}  // namespace popkeep::mbox
