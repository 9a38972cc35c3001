#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/rows.hpp"
#include "pop3/listing.hpp"

namespace popkeep::fetch {

/// What a listed message is to this archive.
enum class Fate {
    fresh,     ///< to be retrieved
    doubtful,  ///< its UID doesn't tell; TOP may, else it is retrieved and its content decides
    known,     ///< archived, see Item::row
    removed,   ///< was archived, then removed from the mbox by somebody: neither fetched nor deleted
    put_off,   ///< quarantined for now, or it has its own session later
    no_room,   ///< the disk hasn't room for it
    refused,   ///< the server answered -ERR; not asked for again in this run
};

/// A listed message in the course of one session.
struct Item {
    const pop3::Listed* listed = nullptr;
    Fate fate = Fate::fresh;
    ledger::Id row = 0;  ///< of a known or removed one, and of a doubtful one that may be removed
    std::optional<std::int64_t> archived_at;  ///< what the row says, of one known by its UID
    std::optional<ledger::Id> replaces;       ///< of a fresh one: the missing row it makes good
    /// Known by more than its UID in this session: retrieved, or TOP and size agree. DELE needs it.
    bool identified = false;
    /// Its UID is more than its number, and no other one in this listing has it.
    bool uid_tells = true;
    std::optional<std::int64_t> received;  ///< of one that came in this session: its topmost Received
    bool committed = false;  ///< its bytes came in this session and were committed to disk by it
    bool reprove =
        false;  ///< known, but by too little: to be retrieved and compared, so that it may be deleted
    bool whole = false;   ///< it came in this session, and in the length that LIST told
    bool beyond = false;  ///< --limit leaves it to another run, for all that is known

    bool unknown() const { return fate == Fate::fresh || fate == Fate::doubtful; }
    bool wanted() const { return (unknown() && !beyond) || reprove; }
};

using Items = std::vector<Item>;

}  // namespace popkeep::fetch
