#include "process/spawn.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>

#include "base/error.hpp"
#include "base/text.hpp"

namespace popkeep::process {
namespace {

/// posix_spawn's two objects, freed together.
struct Plan {
    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};

    Plan() {
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
    }
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;
    ~Plan() {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
};

std::vector<char*> environment_for_child() {
    std::vector<char*> out;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        if (!std::string_view(*entry).starts_with("POPKEEP_PASSWORD=")) out.push_back(*entry);
    }
    out.push_back(nullptr);
    return out;
}

std::vector<char*> pointers(const std::vector<std::string>& argv) {
    std::vector<char*> words;
    words.reserve(argv.size() + 1);
    // Never written to.
    for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    return words;
}

}  // namespace

pid_t spawn(const std::vector<std::string>& argv, const Streams& streams, bool own_group) {
    Plan plan;
    // Onto itself too: dup2 then clears the close-on-exec flag.
    if (streams.input) posix_spawn_file_actions_adddup2(&plan.actions, *streams.input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&plan.actions, streams.output, STDOUT_FILENO);
    if (streams.error) posix_spawn_file_actions_adddup2(&plan.actions, *streams.error, STDERR_FILENO);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&plan.attributes, &none);
    posix_spawnattr_setsigdefault(&plan.attributes, &all);
    int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    if (own_group) flags |= POSIX_SPAWN_SETPGROUP;
    posix_spawnattr_setflags(&plan.attributes, static_cast<short>(flags));

    const std::vector<char*> words = pointers(argv);
    pid_t id = -1;
    const int problem = posix_spawnp(&id, words[0], &plan.actions, &plan.attributes, words.data(),
                                     environment_for_child().data());
    if (problem != 0) throw system_error(problem, fmt::format("run '{}'", printable(argv[0], 60)), "");
    return id;
}

pid_t spawn_on_connection(const std::vector<std::string>& argv, int listener) {
    const std::vector<char*> words = pointers(argv);
    const std::vector<char*> environment = environment_for_child();
    const pid_t id = fork();
    if (id < 0) throw system_error(errno, fmt::format("run '{}'", printable(argv[0], 60)), "");
    if (id > 0) return id;
    // From here on only what may be called between fork and exec.
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGTSTP, SIGCHLD})
        (void)signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    const int connection = accept(listener, nullptr, nullptr);
    if (connection < 0 || dup2(connection, STDIN_FILENO) < 0 || dup2(connection, STDOUT_FILENO) < 0)
        _exit(127);
    if (connection > STDERR_FILENO) close(connection);
    execvpe(words[0], words.data(), environment.data());
    _exit(127);
}

bool is_runnable(const std::string& name) {
    if (name.find('/') != std::string::npos) return access(name.c_str(), X_OK) == 0;
    const char* const path = std::getenv("PATH");
    return std::ranges::any_of(split(path == nullptr ? "/usr/bin:/bin" : path, ':'), [&](auto folder) {
        return access(fmt::format("{}/{}", folder, name).c_str(), X_OK) == 0;
    });
}

}  // namespace popkeep::process
