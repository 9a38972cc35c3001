#include "file/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "base/error.hpp"

namespace popkeep::file {

Fd lock_folder(const std::string& path, Locked how, const std::function<bool()>& enough) {
    Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) throw system_error(errno, "open the folder", path);
    while (flock(fd.get(), (how == Locked::alone ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) throw system_error(errno, "lock", path);
        if (enough()) return {};
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return fd;
}

}  // namespace popkeep::file
