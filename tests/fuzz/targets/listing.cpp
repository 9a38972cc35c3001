#include "pop3/listing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "fuzz/target.hpp"

namespace popkeep::fuzz {
namespace {

using pop3::Listing;

bool same_messages(const Listing& a, const Listing& b) {
    return std::ranges::equal(a.messages(), b.messages(), [](const pop3::Listed& x, const pop3::Listed& y) {
        return x.number == y.number && x.octets == y.octets && x.uid == y.uid;
    });
}

Listing written_and_listed_again(const Listing& listing) {
    Listing again;
    again.has_uids = true;
    for (const auto& message : listing.messages()) {
        again.add_uidl(fmt::format("{} {}", message.number, message.uid));
        if (message.octets) again.add_list(fmt::format("{} {}", message.number, *message.octets));
    }
    return again;
}

}  // namespace

// Lines of both answers, mixed: a line that begins with 'U' is one of UIDL's, all others are LIST's.
void listing(std::string_view input) {
    Listing listing, one_by_one;
    listing.has_uids = one_by_one.has_uids = true;
    const auto lines = split(input, '\n');
    const auto is_uidl = [](std::string_view line) { return line.starts_with('U'); };
    for (const auto line : lines) {
        if (is_uidl(line))
            listing.add_uidl(line.substr(1));
        else
            listing.add_list(line);
        if (is_uidl(line)) one_by_one.add_uidl(line.substr(1));
    }
    for (const auto line : lines) {
        if (!is_uidl(line)) one_by_one.add_list(line);
    }
    require(listing.digest() == one_by_one.digest(), "the order of the answers decides nothing");
    require(same_messages(listing, written_and_listed_again(listing)),
            "written and listed again it is the same");
    require(listing.oddities().size() <= 20, "oddities are bounded");
    for (const std::string& oddity : listing.oddities())
        require(printable(oddity, oddity.size()) == oddity, "an oddity can be printed");
    std::uint64_t before = 0;
    for (const auto& message : listing.messages()) {
        require(message.number > before, "numbers ascend");
        require(message.uid.size() <= 255, "a UID is bounded");
        before = message.number;
    }
}

}  // namespace popkeep::fuzz
