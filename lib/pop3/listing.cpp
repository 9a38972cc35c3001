#include "pop3/listing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "pop3/listing_parser.hpp"

namespace popkeep::pop3 {
namespace {

constexpr std::uint64_t most_lines = std::uint64_t{2} * 2'000'000;  // UIDL's and LIST's
constexpr std::size_t block = 64 << 10;

}  // namespace

void AnswerText::add(std::string_view line) {
    if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() <= line.size())
        blocks_.emplace_back().reserve(std::max(block, line.size() + 1));
    blocks_.back().append(line).push_back('\n');
}

void Listing::add_uidl(std::string_view line) {
    count_line();
    uidl_.add(line);
}

void Listing::add_list(std::string_view line) {
    count_line();
    list_.add(line);
    any_size_ = any_size_ || tells_size(line);
}

bool Listing::is_out_of_step(bool pipelined) const {
    if (any_size_ || list_.blocks().empty()) return false;
    return pipelined || list_.blocks() == uidl_.blocks();
}

void Listing::count_line() {
    if (++lines_ > most_lines)
        throw Error(Category::protocol,
                    "the server lists more than 2,000,000 messages, or doesn't end the list");
}

const Digest& Listing::digest() const {
    if (digest_) return *digest_;
    // The length in front keeps different answers from having the same text.
    std::size_t uidl_size = 0;
    for (const std::string& lines : uidl_.blocks()) uidl_size += lines.size();
    Sha256 sum;
    sum.update(fmt::format("{} {}\n", has_uids ? "UIDL" : "no UIDL", uidl_size));
    for (const std::string& lines : uidl_.blocks()) sum.update(lines);
    for (const std::string& lines : list_.blocks()) sum.update(lines);
    return digest_.emplace(sum.finish());
}

const Listing::Content& Listing::content() const {
    if (content_) return *content_;
    digest();
    content_ = parse_listing(uidl_, list_, has_uids);
    uidl_ = list_ = {};
    return *content_;
}

std::uint64_t Listing::octets() const {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t sum = 0;
    for (const auto& message : messages()) {
        const auto octets = message.octets.value_or(0);
        sum = octets > most - sum ? most : sum + octets;
    }
    return sum;
}

}  // namespace popkeep::pop3
