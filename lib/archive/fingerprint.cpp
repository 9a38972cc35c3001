#include "archive/fingerprint.hpp"

#include <algorithm>
#include <vector>

#include "file/durable.hpp"

namespace popkeep::archive {
namespace {

constexpr std::uint64_t head = 4 << 10;
constexpr std::uint64_t tail = 64 << 10;

std::int64_t mtime_ns(const struct stat& status) {
    return static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
}

}  // namespace

Digest edges_of(const file::Fd& fd, const std::string& path, std::uint64_t size) {
    Sha256 hash;
    std::vector<char> buffer(tail);
    const auto add = [&](std::uint64_t offset, std::uint64_t length) {
        const std::size_t got = file::read_at(fd, offset, {buffer.data(), length}, path);
        hash.update({buffer.data(), got});
    };
    add(0, std::min(size, head));
    const std::uint64_t last = std::min(size, tail);
    add(size - last, last);
    return hash.finish();
}

bool untouched(const ledger::Mbox& row, const struct stat& status) {
    return row.size == static_cast<std::uint64_t>(status.st_size) && row.inode == status.st_ino &&
           row.mtime_ns == mtime_ns(status);
}

void take_fingerprint(ledger::Mbox& row, const file::Fd& fd, const std::string& path, std::uint64_t size) {
    const struct stat status = file::stat_of(fd, path);
    row.size = size;
    row.inode = status.st_ino;
    row.mtime_ns = mtime_ns(status);
    row.edges = edges_of(fd, path, size);
}

}  // namespace popkeep::archive
