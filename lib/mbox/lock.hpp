#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "file/fd.hpp"
#include "mbox/dotlock.hpp"
#include "mbox/file_lock.hpp"

namespace popkeep::mbox {

/// Both locks that other programs respect, for the time of one append: an OFD lock on the whole file
/// and PATH.lock. Released on destruction, dotlock first. The descriptor must stay open that long.
///
/// While the dotlock is waited for, the OFD lock is released, so that a program that takes the two in the
/// other order gets on. Whether PATH is still the file behind the descriptor is for the caller to see
/// afterwards.
class Lock {
  public:
    /// Says whether a dotlock that carries this process id was left by a run of ours that is certainly
    /// over, so that it may be removed at once.
    using IsOurDead = Dotlock::IsOurDead;

    /// Waits at most `patience`, then throws Category::temporary with who holds the lock: process, host if
    /// known, since when. interrupt::check() ends the waiting; a free lock is taken even after a stop was
    /// requested, since what is in hand is still to be committed. Throws also if the folder forbids a lock
    /// file.
    static Lock exclusive(const file::Fd& fd, const std::string& path, std::chrono::seconds patience,
                          const IsOurDead& is_our_dead);
    /// A shared OFD lock only, for reading.
    static Lock shared(const file::Fd& fd, const std::string& path, std::chrono::seconds patience);

    Lock(Lock&& other) noexcept = default;
    Lock& operator=(Lock&&) = delete;
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock() = default;

  private:
    explicit Lock(FileLock file) : file_(std::move(file)) {}
    Lock(FileLock file, Dotlock dot) : file_(std::move(file)), dot_(std::move(dot)) {}

    FileLock file_;
    std::optional<Dotlock> dot_;  // behind file_: destroyed before it
};

}  // namespace popkeep::mbox
