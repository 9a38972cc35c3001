#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

namespace popkeep::file {

/// Which file it is, whatever its name: device and inode number. Equal ones mean the same file as long as it
/// is open or has a name in between. What it can't tell:
/// - the number of a file that is gone may be given to a new one at once;
/// - a file seen through a bind mount is the same file, though it stands in another place;
/// - overlayfs may give a file another number when it is first written to, if its layers lie on different
///   file systems.
class Identity {
  public:
    explicit Identity(const struct stat& status) noexcept : device_(status.st_dev), inode_(status.st_ino) {}
    friend bool operator==(const Identity&, const Identity&) = default;

  private:
    dev_t device_;
    ino_t inode_;
};

/// Of what stands at `path`, a symbolic link itself; nothing if nothing is there or it can't be examined.
std::optional<Identity> identity_at(const std::string& path);

}  // namespace popkeep::file
