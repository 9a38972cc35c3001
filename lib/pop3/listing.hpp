#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"

namespace popkeep::pop3 {

/// One message as LIST and UIDL show it. The number is valid in this session only (RFC 1939 section 8).
struct Listed {
    std::uint32_t number = 0;
    std::optional<std::uint64_t> octets;  ///< by LIST; advisory. Nothing: not given or not a number
    std::string uid;  ///< verbatim, any bytes; beyond 255 octets "sha256:" + its digest in hex;
                      ///< empty: the server gave none
};

/// The lines of an answer, without line ends, as they came.
class AnswerText {
  public:
    void add(std::string_view line);
    /// Blocks of whole lines, each ended by LF.
    const std::vector<std::string>& blocks() const { return blocks_; }

  private:
    std::vector<std::string> blocks_;
};

/// The maildrop as listed: the answers to UIDL and LIST (RFC 1939 sections 5 and 7). They are taken apart
/// when their messages are asked for: most runs only want to know whether anything changed. One thread.
class Listing {
  public:
    bool has_uids = false;  ///< UIDL worked; said before the digest is asked for

    /// One line of UIDL's answer. Throws Category::protocol at a flood: 4,000,000 lines of both.
    void add_uidl(std::string_view line);
    /// One line of LIST's answer.
    void add_list(std::string_view line);

    /// What was taken for LIST's answer tells no size at all, and is another one: UIDL's once more, or any
    /// where the commands went in one flight. Asked before messages() are.
    bool is_out_of_step(bool pipelined) const;
    /// Over both answers as they came: listings with equal digests are equal.
    const Digest& digest() const;
    /// Ascending by number; see parse_listing(). They stay where they are until the listing is moved.
    const std::vector<Listed>& messages() const { return content().messages; }
    /// What was wrong with the answers, a sentence each, at most 20.
    const std::vector<std::string>& oddities() const { return content().oddities; }
    /// Sum of the known sizes.
    std::uint64_t octets() const;

    struct Content {
        std::vector<Listed> messages;
        std::vector<std::string> oddities;
    };

  private:
    const Content& content() const;
    void count_line();

    std::uint64_t lines_ = 0;
    bool any_size_ = false;
    mutable AnswerText uidl_, list_;
    mutable std::optional<Digest> digest_;
    mutable std::optional<Content> content_;
};

}  // namespace popkeep::pop3
