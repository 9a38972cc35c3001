#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "file/fd.hpp"

namespace popkeep::pop3 {

/// A command that carries a connection on its standard streams, such as `ssh host nc localhost 110`. libcurl
/// is led to it by a Unix socket in a folder of its own: with a pair of sockets (CURLOPT_OPENSOCKETFUNCTION
/// and CURL_SOCKOPT_ALREADY_CONNECTED) 7.88 calls connect() all the same. The command ends with the object:
/// first its input does, then it is killed.
class Tunnel {
  public:
    /// Throws Error of category configuration if there is no such command, SystemError if it can't be
    /// started.
    explicit Tunnel(const std::vector<std::string>& command);
    Tunnel(const Tunnel&) = delete;
    Tunnel& operator=(const Tunnel&) = delete;
    ~Tunnel();

    /// Where to connect; it takes one connection.
    const std::string& socket() const noexcept { return path_; }

  private:
    void remove_socket() noexcept;

    std::string folder_, path_;
    file::Fd listener_;
    pid_t process_ = -1;
};

}  // namespace popkeep::pop3
