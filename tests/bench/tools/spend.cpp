// spend OUT COMMAND…: runs a command and writes what it spent to OUT as a line of JSON. It exists because a
// child that a big interpreter forks starts with the interpreter's peak memory on its account.

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

int main(int argc, char** argv) {
    if (argc < 3) return 64;
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = fork();
    if (child == 0) {
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    int status = 0;
    rusage usage{};
    if (child < 0 || wait4(child, &status, 0, &usage) != child) return 71;
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    std::FILE* out = std::fopen(argv[1], "w");
    if (!out) return 73;
    std::fprintf(out,
                 "{\"wall\": %.6f, \"user\": %.6f, \"sys\": %.6f, \"rss_kib\": %ld, "
                 "\"written\": %lld, \"exit\": %d}\n",
                 wall.count(), seconds(usage.ru_utime), seconds(usage.ru_stime), usage.ru_maxrss,
                 512LL * usage.ru_oublock, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    std::fclose(out);
    return 0;
}
