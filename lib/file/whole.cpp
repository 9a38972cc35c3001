#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "base/error.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"

namespace popkeep::file {
namespace {

// A new file of an unused name in `folder`, removed again unless it was given its final name.
class Temporary {
  public:
    explicit Temporary(const std::string& folder) : name_(folder + "/.popkeep-XXXXXX") {
        fd_ = Fd(mkostemp(name_.data(), O_CLOEXEC));
        if (!fd_) throw system_error(errno, "create a file in", folder);
    }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    ~Temporary() {
        if (!name_.empty()) unlink(name_.c_str());
    }

    const Fd& fd() const { return fd_; }

    void become(const std::string& path) {
        if (rename(name_.c_str(), path.c_str()) != 0) throw system_error(errno, "replace", path);
        name_.clear();
    }

  private:
    std::string name_;
    Fd fd_;
};

}  // namespace

void replace(const std::string& path, std::string_view content, mode_t mode) {
    const std::string folder = parent_of(path);
    Temporary temporary(folder);
    if (fchmod(temporary.fd().get(), mode) != 0) throw system_error(errno, "set the mode of", path);
    write_at(temporary.fd(), 0, std::span(&content, 1), path);
    sync_content(temporary.fd(), path);
    temporary.become(path);
    sync_directory(folder);
}

std::string read_whole(const std::string& path, std::size_t limit) {
    const Fd fd = open_regular(path, O_RDONLY);
    std::string content;
    std::array<char, 16384> block{};
    while (const std::size_t got = read_at(fd, content.size(), block, path)) {
        content.append(block.data(), got);
        if (content.size() > limit)
            throw Error(Category::data, "the file is far too big for what it is").at(path);
    }
    return content;
}

}  // namespace popkeep::file
