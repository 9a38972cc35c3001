// Preloaded: lets the allocation numbered FAIL_ALLOCATION fail, and no other, counted from the beginning of
// main(). See ../e2e/test_resources.py.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);

static atomic_long count;
static long failing = -1;

typedef int Main(int, char**, char**);
typedef int Start(Main*, int, char**, void (*)(void), void (*)(void), void (*)(void), void*);

static Main* real_main;

static int counted_main(int argc, char** argv, char** environment) {
    const char* number = getenv("FAIL_ALLOCATION");
    unsetenv("FAIL_ALLOCATION");  // no child is meant
    failing = number == NULL ? -1 : atol(number);
    return real_main(argc, argv, environment);
}

int __libc_start_main(Main* main, int argc, char** argv, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void* stack_end) {
    real_main = main;
    Start* start = (Start*)dlsym(RTLD_NEXT, "__libc_start_main");
    return start(counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}

static int fails(void) {
    if (failing < 0 || atomic_fetch_add(&count, 1) + 1 != failing) return 0;
    // For who counts the faults; write() allocates nothing.
    static const char struck[] = "(an allocation failed)\n";
    if (write(STDERR_FILENO, struck, sizeof struck - 1) < 0) abort();
    errno = ENOMEM;
    return 1;
}

void* malloc(size_t size) {
    return fails() ? NULL : __libc_malloc(size);
}

void* calloc(size_t number, size_t size) {
    return fails() ? NULL : __libc_calloc(number, size);
}

void* realloc(void* old, size_t size) {
    return fails() ? NULL : __libc_realloc(old, size);
}
