#include "mbox/holder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <limits>

#include "base/clock.hpp"
#include "base/text.hpp"

namespace popkeep::mbox {
namespace {

std::string this_host() {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : std::string();
}

std::string program_name(pid_t pid) {
    std::string name;
    std::getline(std::ifstream(fmt::format("/proc/{}/comm", pid)), name);
    return name;
}

}  // namespace

Holder Holder::read(std::string_view lock_file) {
    constexpr std::string_view blanks(" \t\r\n\0", 5);
    Holder holder;
    // Zeroes in front are what a power cut left of the digits: the rest of them would name another process.
    lock_file.remove_prefix(std::min(lock_file.find_first_not_of(" \t\r\n"), lock_file.size()));
    const std::size_t digits = std::min(lock_file.find_first_not_of("0123456789"), lock_file.size());
    const auto pid = parse_number(lock_file.substr(0, digits));
    if (!pid || *pid > std::numeric_limits<pid_t>::max()) return holder;
    std::string_view rest = lock_file.substr(digits);
    // With nothing behind it, it may be what a power cut left of a longer one.
    if (rest.empty() || (rest.front() != ':' && blanks.find(rest.front()) == std::string_view::npos))
        return holder;
    holder.pid = static_cast<pid_t>(*pid);
    if (rest.starts_with(':') || rest.starts_with(' ')) {
        rest.remove_prefix(1);
        holder.host = rest.substr(0, rest.find_first_of(blanks));
    }
    return holder;
}

bool Holder::may_be_here() const {
    if (host.empty()) return true;
    const std::string here = this_host();
    // One of the two may be without its domain.
    return equal_ignoring_case(host.substr(0, host.find('.')), here.substr(0, here.find('.')));
}

bool Holder::alive_here() const {
    return pid > 0 && may_be_here() && (kill(pid, 0) == 0 || errno == EPERM);
}

std::string Holder::described() const {
    std::string text = "a process that gives no number";
    if (alive_here()) {
        text = fmt::format("process {} ({}) on this host", pid, program_name(pid));
    } else if (pid > 0 && host.empty()) {
        text = fmt::format("process {}, which doesn't run on this host", pid);
    } else if (pid > 0) {
        text = fmt::format("process {} on {}", pid, host);
    }
    if (since) text += fmt::format(", since {}", local_time(*since));
    return text;
}

}  // namespace popkeep::mbox
