#include "report/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.hpp"
#include "report/colour.hpp"
#include "report/progress_block.hpp"
#include "report/stream.hpp"
#include "report/text_layout.hpp"

namespace popkeep::report {
namespace {

constexpr std::string_view us = "popkeep:";

}  // namespace

void out(std::string_view text) {
    ProgressBlock::screen().wipe();
    standard_output().add(text);
    if (out_is_terminal()) standard_output().flush();
}

void out(std::string_view label, std::string_view text) {
    out(labelled(label, text));
}

bool out_failed() {
    return standard_output().failure() != 0;
}

void flush_out() {
    standard_output().flush();
}

void err(std::string_view text, Level level) {
    ProgressBlock::screen().wipe();
    flush_out();
    standard_error().add(for_journal(level, text));
    standard_error().flush();
}

void tell(Level level, std::string_view account, std::string_view sentence) {
    std::string line =
        fmt::format("{} {}{}{}", us, printable(account), account.empty() ? "" : ": ", sentence);
    line = err_is_terminal() ? wrapped(line, terminal_width(), 2, 0) : line + "\n";
    const Colour colour = level == Level::error ? Colour::red : Colour::yellow;
    err(painted_for_err(colour, us) + line.substr(us.size()), level);
}

void complain(const Error& error, std::string_view account) {
    tell(Level::error, error.where() == printable(account) ? "" : account, error.what());
}

bool finish_output() {
    ProgressBlock::screen().wipe();
    flush_out();
    const int failure = standard_output().failure();
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
