// Preloaded: the disk is full. Names can still be made, as nearly all file systems have it, but no file grows
// or is written to.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

static int is_file(int fd) {
    struct stat facts;
    return fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode);
}

static int full(void) {
    errno = ENOSPC;
    return -1;
}

#define FULL(type, name, parameters, arguments)                              \
    type name parameters {                                                   \
        static type(*real) parameters;                                       \
        if (real == NULL) real = (type(*) parameters)dlsym(RTLD_NEXT, #name); \
        return is_file(fd) ? full() : real arguments;                        \
    }

FULL(ssize_t, write, (int fd, const void* data, size_t size), (fd, data, size))
FULL(ssize_t, writev, (int fd, const struct iovec* pieces, int count), (fd, pieces, count))
FULL(ssize_t, pwrite, (int fd, const void* data, size_t size, off_t at), (fd, data, size, at))
FULL(ssize_t, pwrite64, (int fd, const void* data, size_t size, off_t at), (fd, data, size, at))
FULL(ssize_t, pwritev, (int fd, const struct iovec* pieces, int count, off_t at), (fd, pieces, count, at))
FULL(ssize_t, pwritev64, (int fd, const struct iovec* pieces, int count, off_t at), (fd, pieces, count, at))
FULL(int, fallocate, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size))
FULL(int, fallocate64, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size))

int statvfs(const char* path, struct statvfs* facts) {
    static int (*real)(const char*, struct statvfs*);
    if (real == NULL) real = (int (*)(const char*, struct statvfs*))dlsym(RTLD_NEXT, "statvfs");
    const int result = real(path, facts);
    facts->f_bavail = facts->f_bfree = 0;
    return result;
}
