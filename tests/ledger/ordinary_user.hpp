#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <functional>

namespace popkeep::test {

/// Asks in a process that may not do what root may.
inline bool an_ordinary_user_sees(const std::function<bool()>& what) {
    const pid_t child = fork();
    if (child == 0) {
        constexpr uid_t nobody = 65534;
        if (geteuid() == 0 && setuid(nobody) != 0) _exit(2);
        bool seen = false;
        try {
            seen = what();
        } catch (const std::exception& error) {
            std::fputs(error.what(), stderr);
        }
        _exit(seen ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status == 0;
}

}  // namespace popkeep::test
