#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "file/fd.hpp"

/// Reads, writes and syncs that either do all of it or throw system_error() naming the path.
/// None of them retries a failed sync: after one, the kernel may have dropped the pages.
namespace popkeep::file {

/// open(2) with O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, mode 0600; refuses what isn't a regular file
/// or is a symbolic link (Category::data), and a file with more than one hard link if it is opened for
/// writing.
Fd open_regular(const std::string& path, int flags);
/// The same, but an empty Fd if there is no such file.
Fd open_if_there(const std::string& path, int flags);

struct stat stat_of(const Fd& fd, const std::string& path);

/// Writes all pieces from `offset` on, in order (pwritev, resumed after short writes and EINTR).
void write_at(const Fd& fd, std::uint64_t offset, std::span<const std::string_view> pieces,
              const std::string& path);
/// Fills `buffer` from `offset`; returns fewer bytes only at the end of the file.
std::size_t read_at(const Fd& fd, std::uint64_t offset, std::span<char> buffer, const std::string& path);

void truncate(const Fd& fd, std::uint64_t size, const std::string& path);

/// fdatasync: content and size reach the device.
void sync_content(const Fd& fd, const std::string& path);

/// Tells the kernel to forget the cached pages of a range, so that the next read comes from the device.
/// Only advice: some file systems ignore it.
void forget_cached(const Fd& fd, std::uint64_t offset, std::uint64_t length);

/// A small file made whole or not at all: temporary file, sync, rename, sync of the folder.
void replace(const std::string& path, std::string_view content, mode_t mode = 0600);
/// The same for a file that is there, which keeps its mode and its owner.
void rewrite(const std::string& path, std::string_view content);

/// The whole of a small file; throws Category::data beyond `limit` bytes.
std::string read_whole(const std::string& path, std::size_t limit);

}  // namespace popkeep::file
