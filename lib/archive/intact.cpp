#include "archive/intact.hpp"

#include <fcntl.h>

#include "archive/fingerprint.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {

bool Intact::operator()(ledger::Id mbox) {
    const auto [entry, is_new] = known_.try_emplace(mbox, false);
    if (!is_new) return entry->second;
    const auto row = archive_.ledger().mboxes.find(mbox);
    if (!row) return false;
    const std::string path = archive_.path_of(row->path);
    const file::Fd fd = file::open_if_there(path, O_RDONLY);
    if (!fd) return false;
    entry->second = untouched(*row, file::stat_of(fd, path));
    if (!entry->second) {
        file::sync_content(fd, path);
        file::sync_directory(file::parent_of(path));
    }
    return entry->second;
}

}  // namespace popkeep::archive
