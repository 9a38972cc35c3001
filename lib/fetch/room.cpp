#include "fetch/room.hpp"

#include "archive/batch.hpp"
#include "file/directory.hpp"

namespace popkeep::fetch {
namespace {

// For the ledger, its log and the copies that SQLite makes.
constexpr std::uint64_t margin = std::uint64_t{4} * 1024 * 1024;

}  // namespace

std::uint64_t leave_out_what_lacks_room(const std::string& archive, Items& items) {
    const std::uint64_t free = file::free_space(archive);
    std::uint64_t room = free > margin ? free - margin : 0;
    const std::uint64_t longest = file::longest_file();
    std::uint64_t lacking = 0;
    for (Item& item : items) {
        // A hundredth for quoting and the ledger's rows.
        const std::uint64_t octets = item.listed->octets.value_or(0);
        const std::uint64_t need = octets + octets / 100 + 512;
        if (!item.wanted() || item.reprove) continue;
        // A large one goes through a temporary file beside the mbox.
        const std::uint64_t at_once = octets > archive::Batch::most_bytes_of_one ? 2 * need : need;
        if (at_once <= room && octets <= longest) {
            room -= need;
        } else {
            lacking += need;
            item.fate = Fate::no_room;
        }
    }
    return lacking;
}

}  // namespace popkeep::fetch
