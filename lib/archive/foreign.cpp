#include "archive/foreign.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/interrupt.hpp"
#include "file/durable.hpp"
#include "mbox/find_from.hpp"
#include "mbox/format.hpp"

namespace popkeep::archive {
namespace {

constexpr std::size_t block = std::size_t{256} * 1024;
constexpr std::size_t longest_postmark = 1000;
constexpr std::size_t longest_quoting = 100;

// `at` is where "From " stands in the text.
bool is_postmark_at(std::string_view text, std::size_t at) {
    std::string_view line = text.substr(at, longest_postmark);
    line = line.substr(0, line.find('\n'));
    const std::size_t begin = text.substr(0, at).find_last_not_of('>') + 1;  // npos + 1 is 0
    const bool begins_line = begin == 0 || text[begin - 1] == '\n';
    // Quoted at the start of a line it is ours.
    if (begins_line) return begin == at && mbox::is_postmark(line);
    // A date behind another "From " is that one's, or a long line of them would be read again and again.
    return mbox::is_dated_postmark(line.substr(0, mbox::find_from(line, mbox::from.size())));
}

}  // namespace

std::optional<std::uint64_t> find_foreign_mail(const OpenMbox& mbox, std::uint64_t from,
                                               const std::vector<ledger::Message>& prepared) {
    std::string buffer(longest_quoting + block + longest_postmark, '\0');
    const std::uint64_t size = mbox.size();
    for (std::uint64_t begin = from; begin < size; begin += block) {
        interrupt::check();
        // What a postmark stands behind decides.
        const std::uint64_t offset = begin - std::min<std::uint64_t>(begin, longest_quoting);
        const std::string_view text(buffer.data(), file::read_at(mbox.fd, offset, buffer, mbox.path));
        const std::size_t end = std::min<std::size_t>(text.size(), begin - offset + block);
        for (std::size_t at = mbox::find_from(text, begin - offset); at < end;
             at = mbox::find_from(text, at + mbox::from.size())) {
            const std::uint64_t start = offset + at;
            if (std::ranges::find(prepared, start, &ledger::Message::start) == prepared.end() &&
                is_postmark_at(text, at))
                return start;
        }
    }
    return std::nullopt;
}

void part(const OpenMbox& mbox, std::uint64_t from, std::uint64_t foreign) {
    constexpr std::string_view empty_line = "\n\n";
    const std::string_view piece = empty_line.substr(0, std::min<std::uint64_t>(2, foreign - from));
    file::write_at(mbox.fd, foreign - piece.size(), {&piece, 1}, mbox.path);
}

}  // namespace popkeep::archive
