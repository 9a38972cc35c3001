/* Preloaded, the pwritev that LOST_WRITE counts (from 1), among those to files without a name, isn't made and seems to
   have gone well. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>

typedef ssize_t write_vector(int, const struct iovec *, int, off64_t);

static ssize_t odd(int fd, const struct iovec *pieces, int count, off64_t offset) {
    static int seen;
    struct stat status;
    const char *lost = getenv("LOST_WRITE");
    if (lost && fstat(fd, &status) == 0 && status.st_nlink == 0 && ++seen == atoi(lost)) {
        ssize_t length = 0;
        for (int i = 0; i < count; i++) length += (ssize_t)pieces[i].iov_len;
        return length;
    }
    return ((write_vector *)dlsym(RTLD_NEXT, "pwritev64"))(fd, pieces, count, offset);
}

ssize_t pwritev(int fd, const struct iovec *pieces, int count, off_t offset) { return odd(fd, pieces, count, offset); }
ssize_t pwritev64(int fd, const struct iovec *pieces, int count, off64_t offset) { return odd(fd, pieces, count, offset); }
