#include "pop3/scripted_server.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>

namespace popkeep::pop3 {

ScriptedServer::ScriptedServer(std::vector<std::string> arguments) {
    setenv("PYTHONPATH", POPKEEP_TESTS_SUPPORT, 1);
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0)
        throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    arguments.insert(arguments.begin(), {"python3", "-B", "-m", "popserver"});
    std::vector<char*> words;
    for (auto& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    const int problem = posix_spawnp(&process_, "python3", &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    input_ = in[1];
    std::string line;
    char byte = 0;
    while (problem == 0 && read(out[0], &byte, 1) == 1 && byte != '\n') line += byte;
    close(out[0]);
    if (!line.starts_with("port=")) throw std::runtime_error("the scripted server doesn't start: " + line);
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(5)));
}

ScriptedServer::~ScriptedServer() {
    close(input_);
    waitpid(process_, nullptr, 0);
}

Endpoint ScriptedServer::endpoint(Transport transport) const {
    Endpoint endpoint;
    endpoint.host = "127.0.0.1";
    endpoint.port = port_;
    endpoint.transport = transport;
    return endpoint;
}

Login login(Mechanism mechanism) {
    return {"me@example.com", "secret pass", mechanism, false};
}

Options impatient() {
    Options options;
    options.wait_limit = std::chrono::seconds(2);
    return options;
}

std::size_t Collector::ended() const {
    return static_cast<std::size_t>(std::count_if(messages.begin(), messages.end(),
                                                  [](const auto& entry) { return entry.second.ended; }));
}

std::vector<const Listed*> all_of(const Listing& listing) {
    std::vector<const Listed*> all;
    for (const Listed& message : listing.messages()) all.push_back(&message);
    return all;
}

std::vector<std::uint32_t> numbers_of(const Listing& listing) {
    std::vector<std::uint32_t> numbers;
    for (const auto& message : listing.messages()) numbers.push_back(message.number);
    return numbers;
}

}  // namespace popkeep::pop3
