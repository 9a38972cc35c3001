#include "report/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/text.hpp"
#include "report/progress_line.hpp"
#include "report/text_layout.hpp"

namespace popkeep::report {
namespace {

int failure = 0;

}  // namespace

void out(std::string_view text) {
    ProgressLine::wipe();
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() && failure == 0) failure = errno;
}

void flush_out() {
    if (std::fflush(stdout) != 0 && failure == 0) failure = errno;
}

void err(std::string_view text) {
    ProgressLine::wipe();
    flush_out();
    std::fwrite(text.data(), 1, text.size(), stderr);
}

void complain(const Error& error, std::string_view account) {
    const bool named = !account.empty() && error.where() != account;
    const std::string line =
        fmt::format("popkeep: {}{}{}", named ? printable(account) : "", named ? ": " : "", error.what());
    // One line for logs and mails; a terminal would break it in the middle of words.
    err(err_is_terminal() ? wrapped(line, terminal_width(), 2, 0) : line + "\n");
}

bool finish_output() {
    ProgressLine::wipe();
    flush_out();
    if (failure == 0 || failure == EPIPE) return true;
    complain(system_error(failure, "write", "standard output"));
    return false;
}

bool out_is_terminal() {
    return isatty(STDOUT_FILENO) != 0;
}

bool err_is_terminal() {
    return isatty(STDERR_FILENO) != 0;
}

}  // namespace popkeep::report
