#include "ledger/servers.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "file/durable.hpp"
#include "ledger/optional.hpp"

namespace popkeep::ledger {
namespace {

// A line; empty where a sandbox shows of /proc the processes only.
std::string boot_id() {
    const char* const path = "/proc/sys/kernel/random/boot_id";
    return file::open_if_there(path, O_RDONLY) ? file::read_whole(path, 100) : "\n";
}

// What tells a process from others that have its number, earlier or later: the start of the machine and, in a
// second line, in ticks since then, its own. That is unknown of one that isn't there or can't be looked at.
std::string beginnings(pid_t pid) {
    std::string both = boot_id();
    std::string status;
    std::getline(std::ifstream(fmt::format("/proc/{}/stat", pid)), status);
    // proc(5): the 22nd field, the 20th behind the name, which may hold blanks.
    std::istringstream fields(status.substr(std::min(status.rfind(')') + 1, status.size())));
    std::string field;
    for (int i = 0; i < 20; ++i) fields >> field;
    if (fields) both += field;
    return both;
}

// As far as both say.
bool differ(std::string_view one, std::string_view other) {
    const auto told_apart = [](std::string_view a, std::string_view b) {
        return !a.empty() && !b.empty() && a != b;
    };
    const std::size_t end = one.find('\n'), other_end = other.find('\n');
    if (told_apart(one.substr(0, end), other.substr(0, other_end))) return true;
    return end != std::string_view::npos && other_end != std::string_view::npos &&
           told_apart(one.substr(end + 1), other.substr(other_end + 1));
}

std::string host_name() {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "?";
}

}  // namespace

Host Servers::host(std::string_view place) {
    Query q = db_.query("SELECT lockstep_until, list_inexact FROM host WHERE place = ?");
    q.bind_text(place);
    if (!q.step()) return {};
    return {.lockstep_until = integer_or_nothing(q, 0), .list_inexact = q.integer(1) != 0};
}

void Servers::remember(std::string_view place, const Host& host) {
    db_.query("INSERT OR REPLACE INTO host (place, lockstep_until, list_inexact) VALUES (?, ?, ?)")
        .bind_text(place)
        .bind(host.lockstep_until)
        .bind(host.list_inexact)
        .run();
}

void Servers::enter_run(std::int64_t time) {
    db_.query("DELETE FROM run WHERE started_at < ?").bind(time - 30 * seconds_per_day).run();
    enter({.pid = getpid(), .beginnings = beginnings(getpid()), .host = host_name(), .started_at = time});
}

std::vector<Run> Servers::runs() {
    std::vector<Run> all;
    Query q = db_.query("SELECT pid, boot_id, host, started_at FROM run ORDER BY id");
    while (q.step())
        all.push_back({.pid = q.integer(0),
                       .beginnings = std::string(q.text(1)),
                       .host = std::string(q.text(2)),
                       .started_at = q.integer(3)});
    return all;
}

void Servers::enter(const Run& run) {
    db_.query("INSERT INTO run (pid, boot_id, host, started_at) VALUES (?, ?, ?, ?)")
        .bind(run.pid)
        .bind_text(run.beginnings)
        .bind_text(run.host)
        .bind(run.started_at)
        .run();
}

bool Servers::is_our_dead(pid_t pid) {
    Query q = db_.query("SELECT boot_id FROM run WHERE pid = ? AND host = ? ORDER BY id DESC LIMIT 1");
    q.bind(static_cast<std::int64_t>(pid)).bind_text(host_name());
    if (!q.step()) return false;
    if (differ(q.text(0), beginnings(pid))) return true;
    return pid != getpid() && kill(pid, 0) != 0 && errno == ESRCH;
}

}  // namespace popkeep::ledger
