#include "archive/in_place.hpp"

#include <algorithm>
#include <unordered_map>

#include "archive/standing.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {

void settle_in_place(Matcher& matcher, ledger::Messages& messages, const file::Fd& fd,
                     const std::string& path,
                     const std::function<void(std::uint64_t offset, std::uint64_t length)>& left) {
    std::unordered_map<std::uint64_t, std::uint64_t> ends;  // by start
    for (const mbox::Found& found : matcher.unmatched_found()) ends[found.start] = found.start + found.length;
    if (ends.empty()) return;
    const std::vector<ledger::Id> rows = matcher.unmatched_rows();
    for (const ledger::Id id : rows) {
        const auto row = messages.find(id);
        if (!row || row->state == ledger::State::missing) continue;
        const auto end = ends.find(row->start);
        if (end == ends.end() || end->second <= row->end()) continue;
        const Standing stands = standing(fd, path, *row);
        if (stands == Standing::no) continue;
        matcher.tie(
            {.id = id, .start = row->start, .length = row->length, .edited = stands == Standing::edited});
        if (!are_empty_lines(fd, path, row->end(), end->second)) left(row->end(), end->second - row->end());
    }
}

bool are_empty_lines(const file::Fd& fd, const std::string& path, std::uint64_t begin, std::uint64_t end) {
    constexpr std::uint64_t few = 64;
    std::string bytes(std::min(few, end - begin), '\0');
    bytes.resize(file::read_at(fd, begin, bytes, path));
    return bytes.size() == end - begin && bytes.find_first_not_of("\r\n") == std::string::npos;
}

}  // namespace popkeep::archive
