#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace popkeep::mbox {

/// Who holds a lock, as far as that can be told.
struct Holder {
    pid_t pid = 0;     ///< 0: unknown
    std::string host;  ///< empty: not told
    std::optional<std::int64_t> since;

    /// What a lock file says: a process id, then a line end, or ':' or a blank and the host.
    static Holder read(std::string_view lock_file);

    /// The process exists on this host, which is the one that the lock names, if it names one.
    bool alive_here() const;
    /// The lock names no other host than this one.
    bool may_be_here() const;
    /// "process 4711 (mutt) on this host, since 2026-11-24 15:04:05".
    std::string described() const;
};

}  // namespace popkeep::mbox
