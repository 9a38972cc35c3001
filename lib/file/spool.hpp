#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/checksum.hpp"
#include "file/fd.hpp"

namespace popkeep::file {

/// A nameless file for what is too big for memory. It is gone with the object, or with the process.
class Spool {
  public:
    /// In `directory`, by O_TMPFILE, else by a file that is unlinked at once.
    explicit Spool(std::string directory);

    void append(std::string_view bytes);
    std::uint64_t size() const noexcept { return size_; }
    /// Hands out all that was appended, in pieces. Error (io) at the end if the disk gave back anything else.
    void read(const std::function<void(std::string_view piece)>& take) const;

  private:
    std::string directory_;
    Fd fd_;
    std::uint64_t size_ = 0;
    Checksum checksum_;
};

}  // namespace popkeep::file
