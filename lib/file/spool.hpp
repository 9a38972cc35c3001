#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "file/fd.hpp"

namespace popkeep::file {

/// A nameless file for what is too big for memory. It is gone with the object, or with the process.
class Spool {
  public:
    /// In `directory`, by O_TMPFILE, else by a file that is unlinked at once.
    explicit Spool(std::string directory);

    void append(std::string_view bytes);
    std::uint64_t size() const noexcept { return size_; }
    const Fd& fd() const noexcept { return fd_; }
    const std::string& directory() const noexcept { return directory_; }

  private:
    std::string directory_;
    Fd fd_;
    std::uint64_t size_ = 0;
};

}  // namespace popkeep::file
