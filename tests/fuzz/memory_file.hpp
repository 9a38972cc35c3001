#pragma once

#include <sys/mman.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "file/durable.hpp"
#include "mbox/scanner.hpp"

namespace popkeep::fuzz {

/// An mbox of given bytes that no disk sees, and what a scan of it finds.
class MemoryFile {
  public:
    explicit MemoryFile(std::string_view bytes) : fd_(memfd_create("mbox", MFD_CLOEXEC)) {
        const std::array pieces{bytes};
        file::write_at(fd_, 0, pieces, "mbox");
        mbox::scan(
            fd_, "mbox", 0, bytes.size(), [this](const mbox::Found& one) { found_.push_back(one); },
            [this](std::uint64_t /*offset*/, std::uint64_t length) { junk_.push_back(length); });
    }

    const std::vector<mbox::Found>& found() const { return found_; }
    /// Lengths of what stands in front of the first message, if that is more than empty lines.
    const std::vector<std::uint64_t>& junk() const { return junk_; }
    /// False if the range hasn't the form of a message.
    bool read(const mbox::Found& message, std::string& content) const {
        return mbox::read_message(fd_, "mbox", message.start, message.length,
                                  [&](std::string_view piece) { content += piece; });
    }

  private:
    file::Fd fd_;
    std::vector<mbox::Found> found_;
    std::vector<std::uint64_t> junk_;
};

}  // namespace popkeep::fuzz
