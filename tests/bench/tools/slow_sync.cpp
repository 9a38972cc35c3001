// Preloaded, it makes every sync of a file last SLOW_SYNC_MS longer: a slow disk.

#include <dlfcn.h>
#include <time.h>

#include <cstdlib>

namespace {

void wait() {
    const char* const words = std::getenv("SLOW_SYNC_MS");
    const long milliseconds = words ? std::atol(words) : 0;
    const timespec pause{milliseconds / 1000, milliseconds % 1000 * 1'000'000};
    nanosleep(&pause, nullptr);
}

int then(const char* name, int fd) {
    wait();
    return reinterpret_cast<int (*)(int)>(dlsym(RTLD_NEXT, name))(fd);
}

}  // namespace

extern "C" {
int fsync(int fd) {
    return then("fsync", fd);
}
int fdatasync(int fd) {
    return then("fdatasync", fd);
}
}
