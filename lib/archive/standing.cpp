#include "archive/standing.hpp"

#include "mbox/scanner.hpp"

namespace popkeep::archive {

bool same_but_for_status(const ledger::Message& row, const message::Facts& facts) {
    if (facts.content == row.content) return true;
    return facts.stripped.value_or(facts.content) == row.stripped.value_or(row.content);
}

Standing standing(const file::Fd& fd, const std::string& path, const ledger::Message& row) {
    message::Examiner examiner;
    const auto feed = [&](std::string_view bytes) { examiner.feed(bytes); };
    if (!mbox::read_message(fd, path, row.start, row.length, feed)) return Standing::no;
    const message::Facts facts = examiner.finish();
    if (facts.content == row.content) return Standing::exact;
    return same_but_for_status(row, facts) ? Standing::edited : Standing::no;
}

}  // namespace popkeep::archive
