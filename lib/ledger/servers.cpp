#include "ledger/servers.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string>

#include "file/durable.hpp"
#include "ledger/optional.hpp"

namespace popkeep::ledger {
namespace {

// A pid means something only on one machine since one start of it.
std::string boot_id() {
    return file::read_whole("/proc/sys/kernel/random/boot_id", 100);
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
    db_.query("DELETE FROM run WHERE started_at < ?").bind(time - std::int64_t{30} * 86400).run();
    db_.query("INSERT INTO run (pid, boot_id, host, started_at) VALUES (?, ?, ?, ?)")
        .bind(static_cast<std::int64_t>(getpid()))
        .bind_text(boot_id())
        .bind_text(host_name())
        .bind(time)
        .run();
}

bool Servers::is_our_dead(pid_t pid) {
    Query q = db_.query("SELECT boot_id FROM run WHERE pid = ? AND host = ? ORDER BY id DESC LIMIT 1");
    q.bind(static_cast<std::int64_t>(pid)).bind_text(host_name());
    if (!q.step()) return false;
    if (q.text(0) != boot_id()) return true;
    return pid != getpid() && kill(pid, 0) != 0 && errno == ESRCH;
}

}  // namespace popkeep::ledger
