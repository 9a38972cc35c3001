#pragma once

#include <fcntl.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "file/durable.hpp"
#include "file/temporary_folder.hpp"
#include "mbox/scanner.hpp"

namespace popkeep::test {

/// An mbox of given bytes.
class MboxFile {
  public:
    explicit MboxFile(std::string_view bytes)
        : path_(folder_.write("test.mbox", bytes)),
          size_(bytes.size()),
          fd_(file::open_regular(path_, O_RDWR)) {}

    const std::string& path() const { return path_; }
    const file::Fd& fd() const { return fd_; }
    std::uint64_t size() const { return size_; }

    /// Unquoted content; "not a message" if the range has not that form.
    std::string message(std::uint64_t start, std::uint64_t length) const {
        std::string content;
        const bool well =
            mbox::read_message(fd_, path_, start, length, [&](std::string_view piece) { content += piece; });
        return well ? content : "not a message";
    }

  private:
    TemporaryFolder folder_;
    std::string path_;
    std::uint64_t size_;
    file::Fd fd_;
};

/// What a scan reported.
struct Scanned {
    using Range = std::pair<std::uint64_t, std::uint64_t>;

    std::vector<mbox::Found> found;
    std::vector<Range> junk;

    Scanned(const MboxFile& box, std::uint64_t begin, std::uint64_t end) {
        mbox::scan(
            box.fd(), box.path(), begin, end, [this](const mbox::Found& one) { found.push_back(one); },
            [this](std::uint64_t offset, std::uint64_t length) { junk.emplace_back(offset, length); });
    }
    explicit Scanned(const MboxFile& box) : Scanned(box, 0, box.size()) {}
    explicit Scanned(std::string_view bytes) : Scanned(MboxFile(bytes)) {}
};

}  // namespace popkeep::test
