#include "pop3/listing_parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.hpp"

namespace popkeep::pop3 {
namespace {

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

class ListingParser {
  public:
    void uidl_line(std::string_view line);
    void list_line(std::string_view line);
    Listing::Content finish(bool has_uids);

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
};

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
    const auto all = line;
    const auto number = parse_number(take_word(line));
    if (!number || *number == 0 || *number > std::numeric_limits<std::uint32_t>::max()) {
        odd(fmt::format("{} has a line without a usable message number: \"{}\"", command,
                        printable(all, 80)));
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(*number);
}

Listing::Content ListingParser::finish(bool has_uids) {
    sort_by_number(uids_);
    sort_by_number(sizes_);
    merge_repeated_uids();
    merge_repeated_sizes();

    Listing::Content listing;
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

void each_line(const AnswerText& answer, auto&& visit) {
    for (const std::string_view lines : answer.blocks()) {
        for (std::size_t at = 0; at < lines.size();) {
            const std::size_t end = lines.find('\n', at);
            visit(lines.substr(at, end - at));
            at = end + 1;
        }
    }
}

}  // namespace

bool tells_size(std::string_view line) {
    return parse_number(take_word(line)).has_value() && parse_number(take_word(line)).has_value();
}

Listing::Content parse_listing(const AnswerText& uidl, const AnswerText& list, bool has_uids) {
    ListingParser parser;
    each_line(uidl, [&](std::string_view line) { parser.uidl_line(line); });
    each_line(list, [&](std::string_view line) { parser.list_line(line); });
    return parser.finish(has_uids);
}

}  // namespace popkeep::pop3
