#include "archive/moved.hpp"

namespace popkeep::archive {

std::unordered_set<ledger::Id> follow_moved(ledger::Messages& messages) {
    std::unordered_set<ledger::Id> tied;
    for (const auto& [missing, unclaimed] : messages.moved()) {
        tied.insert({missing, unclaimed});
        ledger::Message row = messages.find(missing).value();
        const ledger::Message there = messages.find(unclaimed).value();
        messages.remove(unclaimed);
        row.state = ledger::State::archived;
        row.refetch = false;
        row.edited = row.content != there.content;
        row.mbox = there.mbox;
        row.start = there.start;
        row.length = there.length;
        messages.update(row);
    }
    return tied;
}

}  // namespace popkeep::archive
