#include "file/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <span>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "file/durable.hpp"

namespace popkeep::file {
namespace {

Fd nameless(const std::string& directory) {
    Fd fd(::open(directory.c_str(), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600));
    // EISDIR is what a kernel or file system without O_TMPFILE answers.
    if (fd || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return fd;
    std::string name = directory + "/.spool-XXXXXX";
    fd = Fd(mkostemp(name.data(), O_CLOEXEC));
    if (fd) unlink(name.c_str());
    return fd;
}

}  // namespace

Spool::Spool(std::string directory) : directory_(std::move(directory)), fd_(nameless(directory_)) {
    if (!fd_) throw system_error(errno, "create a temporary file in", directory_);
}

void Spool::append(std::string_view bytes) {
    write_at(fd_, size_, std::span(&bytes, 1), directory_);
    size_ += bytes.size();
    checksum_.add(bytes);
}

void Spool::read(const std::function<void(std::string_view piece)>& take) const {
    std::vector<char> buffer(std::size_t{256} * 1024);
    Checksum there;
    for (std::uint64_t at = 0; at < size_;) {
        const std::string_view piece(buffer.data(), read_at(fd_, at, buffer, directory_));
        if (piece.empty()) break;
        there.add(piece);
        take(piece);
        at += piece.size();
    }
    if (there.value() != checksum_.value())
        throw Error(Category::io, "what was written to a temporary file is not what can be read back")
            .at(directory_)
            .next("check the disk before you run again; nothing was deleted from the server");
}

}  // namespace popkeep::file
