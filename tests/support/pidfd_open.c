// Preloaded where pidfd_open() is missing, as under valgrind 3.19: gives a descriptor that is readable once
// the child has ended or was waited for. See ../e2e/valgrind.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Both in one pointer, since a forked child, which has no such thread, would lose memory.
static void* packed(pid_t child, int end) {
    return (void*)((uintptr_t)child << 32U | (uintptr_t)end);
}

static void* watch(void* argument) {
    const id_t child = (id_t)((uintptr_t)argument >> 32U);
    const int end = (int)((uintptr_t)argument & UINT32_MAX);
    siginfo_t ended;
    while (waitid(P_PID, child, &ended, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    // A byte, since another child may hold a copy of this end.
    send(end, "", 1, MSG_NOSIGNAL);
    close(end);
    return NULL;
}

static int watch_of(pid_t child) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) abort();
    // Signals are the program's.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    if (pthread_create(&thread, NULL, watch, packed(child, ends[1])) != 0 || pthread_detach(thread) != 0)
        abort();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ends[0];
}

long syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long words[6];
    for (int i = 0; i < 6; ++i) words[i] = va_arg(list, long);
    va_end(list);
    if (number == SYS_pidfd_open) return watch_of((pid_t)words[0]);
    long (*next)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    return next(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}
