#pragma once

#include <optional>
#include <string>

#include "file/fd.hpp"
#include "mbox/holder.hpp"

namespace popkeep::mbox {

/// An OFD lock on a whole file: fcntl(2)'s lock that belongs to the open file, so that closing another
/// descriptor of it doesn't drop the lock. It conflicts with the POSIX locks of mutt, Dovecot and exim.
class FileLock {
  public:
    enum class Kind { shared, exclusive };

    /// Takes the lock, or fills in `holder`. Throws where the file system has no locks.
    static std::optional<FileLock> attempt(const file::Fd& fd, Kind kind, const std::string& path,
                                           Holder& holder);

    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    ~FileLock();

  private:
    explicit FileLock(int fd) : fd_(fd) {}
    int fd_;  // not owned; -1: moved from
};

}  // namespace popkeep::mbox
