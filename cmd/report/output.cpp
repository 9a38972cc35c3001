#include "report/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

#include "base/text.hpp"
#include "report/colour.hpp"
#include "report/progress_block.hpp"
#include "report/stream.hpp"
#include "report/text_layout.hpp"

namespace popkeep::report {
namespace {

constexpr std::string_view us = "popkeep:";
constexpr std::size_t most_conversation_kept = std::size_t{1} << 20U;

std::uint64_t lines_left_out = 0;

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
    if (level == Level::debug && standard_error().kept() > most_conversation_kept) {
        ++lines_left_out;
        return;
    }
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

void lend_terminal() {
    ProgressBlock::screen().hide();
    flush_out();
    if (out_is_terminal()) standard_output().hold();
    if (err_is_terminal()) standard_error().hold();
}

void take_terminal_back() {
    standard_output().release();
    standard_error().release();
    ProgressBlock::screen().show();
    if (const std::uint64_t lines = std::exchange(lines_left_out, 0); lines > 0)
        tell(Level::info, "",
             fmt::format("{} of conversations left out, for want of room while a question stood here",
                         counted(lines, "line", "lines")));
}

void forget_parents_output() {
    lines_left_out = 0;
    standard_output().forget();
    standard_error().forget();
    ProgressBlock::screen().forget();
}

bool finish_output() {
    ProgressBlock::screen().wipe();
    take_terminal_back();
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
