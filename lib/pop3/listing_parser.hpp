#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "pop3/listing.hpp"

namespace popkeep::pop3 {

/// Makes a Listing of the answers to UIDL and LIST (RFC 1939 sections 5 and 7), in either order. Tolerant:
/// what makes no sense becomes an oddity, and only a flood (2,000,000 lines) an Error of category protocol.
class ListingParser {
  public:
    /// One line of UIDL's answer, without line end: "number blanks uid". The uid is all the rest.
    void uidl_line(std::string_view line);
    /// One line of LIST's answer: "number blanks octets", whatever follows is ignored.
    void list_line(std::string_view line);

    /// Joins both by number. A number that either has is listed; one with two UIDs keeps none, so that its
    /// content decides what it is; one with two sizes has an unknown size. The parser is empty afterwards.
    Listing finish(bool has_uids);

  private:
    struct Size {
        std::uint32_t number = 0;
        std::optional<std::uint64_t> octets;
    };

    std::optional<std::uint32_t> take_number(std::string_view& line, std::string_view command);
    void odd(std::string sentence);
    void merge_repeated_uids();
    void merge_repeated_sizes();

    std::vector<Listed> uids_;
    std::vector<Size> sizes_;
    std::vector<std::string> oddities_;
    std::uint64_t lines_ = 0;
};

}  // namespace popkeep::pop3
