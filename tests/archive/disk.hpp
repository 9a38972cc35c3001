#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace popkeep::test {

/// The disk below the cache: the program's calls for files whose names end with ".mbox" come here first. What
/// the disk holds shows when a kernel would show it: once the page was synced and its cache forgotten then.
class Disk {
  public:
    /// It holds another byte than the cache shows, until this one is written again.
    void holds(const std::string& path, std::uint64_t offset, char byte);
    /// The byte becomes another one on its way to the disk, which is the next sync.
    void spoils(const std::string& path, std::uint64_t offset, char byte);

    /// Happens once, at the first read behind the next sync.
    void meets_read(std::function<void()> what);
    /// Comes before each sync. What it returns is errno, or 0.
    std::function<int()> before_sync;
    /// Comes before each sync of what is no mbox: other files, and folders. What it returns is errno, or 0.
    std::function<int(const std::string& path)> before_sync_of_other;
    /// Comes before an mbox is cut. What it returns is errno, or 0.
    std::function<int()> before_truncate;

    int sync(const std::string& path);
    void read();
    void write(const std::string& path, std::uint64_t offset, std::uint64_t length);
    void forget(const std::string& path, std::uint64_t offset, std::uint64_t length);

  private:
    struct Byte {
        std::string path;
        std::uint64_t offset;
        char value;
        bool clean;

        bool lies_in(const std::string& file, std::uint64_t begin, std::uint64_t length) const {
            return path == file && offset >= begin && offset - begin < length;
        }
    };

    std::mutex mutex_;
    std::vector<Byte> bytes_;
    std::function<void()> at_read_behind_sync_, at_read_;
};

extern Disk disk;

/// True if `what` syncs the file or folder at `path`, which is no mbox.
bool is_synced_by(const std::string& path, const std::function<void()>& what);

}  // namespace popkeep::test
