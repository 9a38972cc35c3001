/* Preloaded, it makes each fdatasync of the file whose path ends with ODD_SYNC take two seconds, before it is done;
   with ODD_SYNC_FAILS set it isn't done then, and fails with EIO. A process may look at its own files, whoever runs it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int fdatasync(int fd) {
    char link[64], path[4096];
    const char *end = getenv("ODD_SYNC");
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t got = readlink(link, path, sizeof path);
    const ssize_t length = end ? (ssize_t)strlen(end) : 0;
    if (length > 0 && got >= length && memcmp(path + got - length, end, (size_t)length) == 0) {
        sleep(2);
        if (getenv("ODD_SYNC_FAILS")) {
            errno = EIO;
            return -1;
        }
    }
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd);
}
