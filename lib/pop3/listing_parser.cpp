#include "pop3/listing_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace popkeep::pop3 {
namespace {

constexpr std::uint64_t most_lines = 2 * 2'000'000;  // UIDL's and LIST's
constexpr std::size_t most_oddities = 20;
constexpr std::size_t longest_uid = 255;
/// What claims to be larger is a broken counter, and believing it would stop a run for want of disk space.
constexpr std::uint64_t largest_message = std::uint64_t{1} << 50U;

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

/// Takes the first word off `line`, with the blanks around it. A plain loop: it runs 200,000 times for a
/// large mailbox, on words too short for memchr to pay.
std::string_view take_word(std::string_view& line) {
    std::size_t begin = 0;
    while (begin < line.size() && is_blank(line[begin])) ++begin;
    std::size_t end = begin;
    while (end < line.size() && !is_blank(line[end])) ++end;
    const auto word = line.substr(begin, end - begin);
    while (end < line.size() && is_blank(line[end])) ++end;
    line.remove_prefix(end);
    return word;
}

std::string_view without_trailing_blanks(std::string_view text) {
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

std::string kept_uid(std::string_view uid) {
    return uid.size() <= longest_uid ? std::string(uid) : "sha256:" + to_hex(sha256(uid));
}

template <typename Entries>
void sort_by_number(Entries& entries) {
    const auto before = [](const auto& a, const auto& b) { return a.number < b.number; };
    if (!std::is_sorted(entries.begin(), entries.end(), before))
        std::stable_sort(entries.begin(), entries.end(), before);
}

void append(std::string& text, std::uint64_t number, char behind) {
    std::array<char, 24> digits{};
    const auto* end = std::to_chars(digits.begin(), digits.end(), number).ptr;
    text.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
    text += behind;
}

Digest digest_of(const std::vector<Listed>& messages) {
    constexpr std::size_t block = 64 << 10;
    Sha256 sum;
    std::string text;
    text.reserve(block + longest_uid + 64);
    for (const auto& message : messages) {
        append(text, message.number, ' ');
        if (message.octets)
            append(text, *message.octets, ' ');
        else
            text += "? ";
        // The length in front of the uid keeps different listings from having the same text.
        append(text, message.uid.size(), ' ');
        text += message.uid;
        if (text.size() >= block) {
            sum.update(text);
            text.clear();
        }
    }
    sum.update(text);
    return sum.finish();
}

}  // namespace

void ListingParser::uidl_line(std::string_view line) {
    const auto number = take_number(line, "UIDL");
    if (!number) return;
    const auto uid = without_trailing_blanks(line);
    if (uid.empty()) odd(fmt::format("UIDL gives no identifier for message {}", *number));
    uids_.push_back({*number, std::nullopt, kept_uid(uid)});
}

void ListingParser::list_line(std::string_view line) {
    const auto number = take_number(line, "LIST");
    if (!number) return;
    const auto word = take_word(line);
    auto octets = parse_number(word);
    if (octets && *octets > largest_message) octets.reset();
    if (!octets)
        odd(fmt::format("LIST gives no usable size for message {}: \"{}\"", *number, printable(word, 40)));
    sizes_.push_back({*number, octets});
}

std::optional<std::uint32_t> ListingParser::take_number(std::string_view& line, std::string_view command) {
    if (++lines_ > most_lines)
        throw Error(Category::protocol,
                    "the server lists more than 2,000,000 messages, or doesn't end the list");
    const auto all = line;
    const auto number = parse_number(take_word(line));
    if (!number || *number == 0 || *number > std::numeric_limits<std::uint32_t>::max()) {
        odd(fmt::format("{} has a line without a usable message number: \"{}\"", command,
                        printable(all, 80)));
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(*number);
}

Listing ListingParser::finish(bool has_uids) {
    sort_by_number(uids_);
    sort_by_number(sizes_);
    merge_repeated_uids();
    merge_repeated_sizes();

    Listing listing;
    listing.has_uids = has_uids;
    listing.messages = std::move(uids_);
    const auto with_uid = static_cast<std::ptrdiff_t>(listing.messages.size());
    auto message = listing.messages.begin();
    std::vector<Listed> without_uid;
    for (const auto& [number, octets] : sizes_) {
        while (message != listing.messages.end() && message->number < number) ++message;
        if (message != listing.messages.end() && message->number == number)
            message->octets = octets;
        else
            without_uid.push_back({number, octets, {}});
    }
    if (has_uids && !without_uid.empty())
        odd(fmt::format("LIST shows {} that UIDL doesn't, the first is number {}",
                        counted_messages(without_uid.size()), without_uid.front().number));
    listing.messages.insert(listing.messages.end(), std::move_iterator(without_uid.begin()),
                            std::move_iterator(without_uid.end()));
    std::inplace_merge(listing.messages.begin(), listing.messages.begin() + with_uid, listing.messages.end(),
                       [](const Listed& a, const Listed& b) { return a.number < b.number; });
    listing.oddities = std::move(oddities_);
    listing.digest = digest_of(listing.messages);
    *this = {};
    return listing;
}

void ListingParser::merge_repeated_uids() {
    std::size_t kept = 0;
    for (std::size_t at = 0; at < uids_.size(); ++kept) {
        const auto number = uids_[at].number;
        if (kept != at) uids_[kept] = std::move(uids_[at]);
        for (++at; at < uids_.size() && uids_[at].number == number; ++at) {
            odd(fmt::format("UIDL lists message {} more than once", number));
            if (uids_[at].uid != uids_[kept].uid) uids_[kept].uid.clear();
        }
    }
    uids_.resize(kept);
}

void ListingParser::merge_repeated_sizes() {
    std::size_t kept = 0;
    for (std::size_t at = 0; at < sizes_.size(); ++kept) {
        sizes_[kept] = sizes_[at];
        for (++at; at < sizes_.size() && sizes_[at].number == sizes_[kept].number; ++at) {
            odd(fmt::format("LIST shows message {} more than once", sizes_[at].number));
            if (sizes_[at].octets != sizes_[kept].octets) sizes_[kept].octets.reset();
        }
    }
    sizes_.resize(kept);
}

void ListingParser::odd(std::string sentence) {
    if (oddities_.size() < most_oddities) oddities_.push_back(std::move(sentence));
}

}  // namespace popkeep::pop3
