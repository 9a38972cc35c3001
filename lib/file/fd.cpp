#include "file/fd.hpp"

#include <unistd.h>

namespace popkeep::file {

Fd::~Fd() {
    if (fd_ >= 0) ::close(fd_);
}

}  // namespace popkeep::file
