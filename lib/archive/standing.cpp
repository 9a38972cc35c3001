#include "archive/standing.hpp"

#include "mbox/scanner.hpp"
#include "message/facts.hpp"

namespace popkeep::archive {

Standing standing(const file::Fd& fd, const std::string& path, const ledger::Message& row) {
    message::Examiner examiner;
    const auto feed = [&](std::string_view bytes) { examiner.feed(bytes); };
    if (!mbox::read_message(fd, path, row.start, row.length, feed)) return Standing::no;
    const message::Facts facts = examiner.finish();
    if (facts.content == row.content) return Standing::exact;
    const bool same = facts.stripped.value_or(facts.content) == row.stripped.value_or(row.content);
    return same ? Standing::edited : Standing::no;
}

}  // namespace popkeep::archive
