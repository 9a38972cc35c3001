#include "report/log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "report/output.hpp"

namespace popkeep::report {
namespace {

// Local time as people know it, with the offset that makes it unmistakable.
std::string stamp() {
    const std::time_t time = now();
    std::tm parts{};
    std::array<char, 40> text{};
    localtime_r(&time, &parts);
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S%z", &parts)};
}

}  // namespace

Log::Log(const std::string& path)
    : path_(path), fd_(open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    if (!fd_) throw system_error(errno, "open the log", path);
}

void Log::line(std::string_view account, std::string_view sentence) {
    const std::string text = fmt::format("{} {}{}{}\n", stamp(), printable(account),
                                         account.empty() ? "" : ": ", printable(sentence, 4096));
    // One call for the whole line: the kernel lets no other writer in between.
    const ssize_t n = write(fd_.get(), text.data(), text.size());
    if (n == static_cast<ssize_t>(text.size()) || failed_) return;
    failed_ = true;
    complain(system_error(n < 0 ? errno : ENOSPC, "write the log", path_));
}

}  // namespace popkeep::report
