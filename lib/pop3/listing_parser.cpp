#include "pop3/listing_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
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

std::string_view without_leading_blanks(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text;
}

std::string_view without_trailing_blanks(std::string_view text) {
    return text.substr(0, text.find_last_not_of(" \t\r") + 1);
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

Digest digest_of(const std::vector<Listed>& messages) {
    constexpr std::size_t block = 64 * 1024;
    Sha256 sum;
    std::string text;
    text.reserve(block + longest_uid + 64);
    for (const auto& message : messages) {
        // The length in front of the uid keeps different listings from having the same text.
        fmt::format_to(std::back_inserter(text), "{} ", message.number);
        if (message.octets) fmt::format_to(std::back_inserter(text), "{}", *message.octets);
        fmt::format_to(std::back_inserter(text), " {} ", message.uid.size());
        text += message.uid;
        text += '\n';
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
    const auto word = line.substr(0, std::min(line.find_first_of(" \t\r"), line.size()));
    auto octets = parse_number(word);
    if (octets && *octets > largest_message) octets.reset();
    if (!octets) odd(fmt::format("LIST gives no usable size for message {}: \"{}\"", *number, printable(word, 40)));
    sizes_.push_back({*number, octets});
}

std::optional<std::uint32_t> ListingParser::take_number(std::string_view& line, std::string_view command) {
    if (++lines_ > most_lines)
        throw Error(Category::protocol, "the server lists more than 2,000,000 messages, or doesn't end the list");
    const auto all = line;
    line = without_leading_blanks(line);
    const auto end = std::min(line.find_first_of(" \t\r"), line.size());
    const auto number = parse_number(line.substr(0, end));
    line = without_leading_blanks(line.substr(end));
    if (!number || *number == 0 || *number > std::numeric_limits<std::uint32_t>::max()) {
        odd(fmt::format("{} has a line without a usable message number: \"{}\"", command, printable(all, 80)));
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
                        counted(without_uid.size(), "message", "messages"), without_uid.front().number));
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
