#pragma once

#include <cstdint>
#include <string>

namespace popkeep::file {

/// fsync of a folder: a name in it survives a power cut only after this.
void sync_directory(const std::string& path);

/// Makes the folder `relative` below `root` and what is missing on the way, mode 0700, and syncs each one's
/// parent. A folder that is already there keeps its mode. Symbolic links and ".." below `root` are refused
/// (a planted link must not lead out of the archive); `root` itself must be there and may be a link.
void make_directories(const std::string& root, const std::string& relative);

/// Throws Category::data if `relative`, below `root`, leads out of it: by "..", as an absolute path, or by a
/// folder on the way that is a symbolic link. Missing folders are none; the last part is for whoever opens
/// it.
void must_stay_below(const std::string& root, const std::string& relative);

/// Free bytes for an ordinary user on the file system that holds `path`.
std::uint64_t free_space(const std::string& path);

/// Bytes that this process may make a file long (RLIMIT_FSIZE).
std::uint64_t longest_file();

/// Where one can't trust mmap and locks between hosts: NFS, CIFS/SMB, 9p, FUSE-based network mounts.
bool on_network(const std::string& path);

/// The parent of a path, "." if it has none.
std::string parent_of(const std::string& path);

}  // namespace popkeep::file
