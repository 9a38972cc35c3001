#include "pop3/tunnel.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "base/error.hpp"
#include "process/spawn.hpp"

namespace popkeep::pop3 {
namespace {

constexpr int farewell_milliseconds = 2000;

file::Fd listening_at(const std::string& path) {
    file::Fd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
    if (!listener || bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener.get(), 1) != 0)
        throw system_error(errno, "listen for the tunnel", path);
    return listener;
}

}  // namespace

Tunnel::Tunnel(const std::vector<std::string>& command) : folder_("/tmp/popkeep-XXXXXX") {
    if (!process::is_runnable(command.front()))
        throw Error(Category::configuration, "the tunnel's command can't be run")
            .at(command.front())
            .next("check its name; it is run without a shell");
    // Mode 0700: nobody else comes to the socket.
    if (mkdtemp(folder_.data()) == nullptr)
        throw system_error(errno, "make a folder for the tunnel", folder_);
    path_ = folder_ + "/socket";
    try {
        listener_ = listening_at(path_);
        process_ = process::spawn_on_connection(command, listener_.get());
    } catch (...) {
        remove_socket();
        throw;
    }
}

Tunnel::~Tunnel() {
    remove_socket();
    // Wakes the command if nobody ever connected.
    shutdown(listener_.get(), SHUT_RDWR);
    // glibc 2.36 declares pidfd_open() for C only.
    const file::Fd watch(static_cast<int>(syscall(SYS_pidfd_open, process_, 0)));
    pollfd waited{watch.get(), POLLIN, 0};
    if (!watch || poll(&waited, 1, farewell_milliseconds) != 1) kill(process_, SIGKILL);
    while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

void Tunnel::remove_socket() noexcept {
    unlink(path_.c_str());
    rmdir(folder_.c_str());
}

}  // namespace popkeep::pop3
