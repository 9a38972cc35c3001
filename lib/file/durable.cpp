#include "file/durable.hpp"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"

namespace popkeep::file {
namespace {

// A cursor over pieces that hands out iovecs and takes back how many bytes were written.
class Pending {
  public:
    explicit Pending(std::span<const std::string_view> pieces) : pieces_(pieces) { drop_empty(); }

    bool empty() const { return pieces_.empty(); }

    std::span<const iovec> next() {
        const std::size_t count = std::min(pieces_.size(), vectors_.size());
        for (std::size_t i = 0; i < count; ++i) {
            const std::string_view piece = i == 0 ? pieces_[0].substr(done_) : pieces_[i];
            // pwritev doesn't write through iov_base; its type serves preadv as well.
            vectors_.at(i) = {
                const_cast<char*>(piece.data()),  // NOLINT(cppcoreguidelines-pro-type-const-cast)
                piece.size()};
        }
        return std::span(vectors_).first(count);
    }

    void advance(std::size_t written) {
        done_ += written;
        drop_empty();
    }

  private:
    void drop_empty() {
        while (!pieces_.empty() && done_ >= pieces_[0].size()) {
            done_ -= pieces_[0].size();
            pieces_ = pieces_.subspan(1);
        }
    }

    std::span<const std::string_view> pieces_;
    std::size_t done_ = 0;               // bytes of pieces_[0] that are written
    std::array<iovec, 1024> vectors_{};  // Linux takes no more in one call
};

}  // namespace

struct stat stat_of(const Fd& fd, const std::string& path) {
    struct stat status {};
    if (fstat(fd.get(), &status) != 0) throw system_error(errno, "examine", path);
    return status;
}

void write_at(const Fd& fd, std::uint64_t offset, std::span<const std::string_view> pieces,
              const std::string& path) {
    for (Pending pending(pieces); !pending.empty();) {
        const auto vectors = pending.next();
        const ssize_t written =
            pwritev(fd.get(), vectors.data(), static_cast<int>(vectors.size()), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) throw system_error(written < 0 ? errno : EIO, "write", path);
        offset += static_cast<std::uint64_t>(written);
        pending.advance(static_cast<std::size_t>(written));
    }
}

std::size_t read_at(const Fd& fd, std::uint64_t offset, std::span<char> buffer, const std::string& path) {
    std::size_t done = 0;
    while (done < buffer.size()) {
        const auto rest = buffer.subspan(done);
        const ssize_t got = pread(fd.get(), rest.data(), rest.size(), static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw system_error(errno, "read", path);
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

void truncate(const Fd& fd, std::uint64_t size, const std::string& path) {
    while (ftruncate(fd.get(), static_cast<off_t>(size)) != 0) {
        if (errno != EINTR) throw system_error(errno, "truncate", path);
    }
}

void sync_content(const Fd& fd, const std::string& path) {
    if (fdatasync(fd.get()) != 0) throw system_error(errno, "sync", path);
}

void forget_cached(const Fd& fd, std::uint64_t offset, std::uint64_t length) {
    // The kernel skips pages that the range covers in part, so it is widened to whole ones.
    static const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    const std::uint64_t begin = offset / page * page;
    const std::uint64_t end = (offset + length + page - 1) / page * page;
    posix_fadvise(fd.get(), static_cast<off_t>(begin), static_cast<off_t>(end - begin), POSIX_FADV_DONTNEED);
}

}  // namespace popkeep::file
