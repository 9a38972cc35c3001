#include <algorithm>
#include <string>

#include "fuzz/memory_file.hpp"
#include "fuzz/split.hpp"
#include "fuzz/target.hpp"
#include "mbox/format.hpp"

namespace popkeep::fuzz {
namespace {

std::size_t take_size(std::string_view& input) {
    const std::size_t high = take_byte(input);
    return high << 8U | take_byte(input);
}

/// What a stored message has between its postmark and its empty line; nothing if it hasn't that form.
std::optional<std::string_view> quoted_content(std::string_view stored) {
    const std::size_t postmark = stored.find('\n');
    if (postmark == std::string_view::npos || !mbox::is_postmark(stored.substr(0, postmark)))
        return std::nullopt;
    for (const std::string_view empty : {"\n", "\r\n"}) {
        if (!stored.ends_with("\n" + std::string(empty))) continue;
        stored.remove_suffix(empty.size());
        return stored.substr(postmark + 1);
    }
    return std::nullopt;
}

std::string unquoted(std::string_view stored) {
    mbox::Unquoter unquoter;
    std::string content;
    unquoter.feed(stored, content);
    unquoter.finish(content);
    return content;
}

}  // namespace

// Where a ledger says that a message begins and how long it is, two bytes each, and the mbox, which may have
// been changed since.
void mbox_read(std::string_view input) {
    mbox::Found said;
    said.start = take_size(input);
    said.length = take_size(input);
    const MemoryFile box(input);
    std::string content;
    const bool whole = box.read(said, content);
    const bool inside = said.start <= input.size() && said.length <= input.size() - said.start;
    const auto stored = inside ? quoted_content(input.substr(said.start, said.length)) : std::nullopt;
    require(whole == stored.has_value(), "a range is a message if it has the form of one");
    require(!whole || content == unquoted(*stored), "what is read is the range's content");
}

}  // namespace popkeep::fuzz
