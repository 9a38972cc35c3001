#include <fmt/format.h>

#include "base/text.hpp"
#include "fuzz/target.hpp"
#include "pop3/listing_parser.hpp"

namespace popkeep::fuzz {
namespace {

using pop3::Listing;

bool same(const Listing& a, const Listing& b) {
    const auto equal = [](const pop3::Listed& x, const pop3::Listed& y) {
        return x.number == y.number && x.octets == y.octets && x.uid == y.uid;
    };
    return a.digest == b.digest &&
           std::equal(a.messages.begin(), a.messages.end(), b.messages.begin(), b.messages.end(), equal);
}

Listing written_and_parsed_again(const Listing& listing) {
    pop3::ListingParser parser;
    for (const auto& message : listing.messages) {
        parser.uidl_line(fmt::format("{} {}", message.number, message.uid));
        if (message.octets) parser.list_line(fmt::format("{} {}", message.number, *message.octets));
    }
    return parser.finish(true);
}

}  // namespace

// Lines of both answers, mixed: a line that begins with 'U' is one of UIDL's, all others are LIST's.
void listing(std::string_view input) {
    pop3::ListingParser mixed;
    pop3::ListingParser one_by_one;
    const auto lines = split(input, '\n');
    const auto is_uidl = [](std::string_view line) { return line.starts_with('U'); };
    for (const auto line : lines) {
        if (is_uidl(line))
            mixed.uidl_line(line.substr(1));
        else
            mixed.list_line(line);
        if (is_uidl(line)) one_by_one.uidl_line(line.substr(1));
    }
    for (const auto line : lines) {
        if (!is_uidl(line)) one_by_one.list_line(line);
    }
    const Listing listing = mixed.finish(true);
    require(same(listing, one_by_one.finish(true)), "the order of the answers decides nothing");
    require(same(listing, written_and_parsed_again(listing)), "written and parsed again it is the same");
    require(listing.oddities.size() <= 20, "oddities are bounded");
    for (const std::string& oddity : listing.oddities)
        require(printable(oddity, oddity.size()) == oddity, "an oddity can be printed");
    std::uint64_t before = 0;
    for (const auto& message : listing.messages) {
        require(message.number > before, "numbers ascend");
        require(message.uid.size() <= 255, "a UID is bounded");
        before = message.number;
    }
}

}  // namespace popkeep::fuzz
