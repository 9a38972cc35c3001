#include "report/progress_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "base/text.hpp"
#include "report/output.hpp"
#include "report/text_layout.hpp"

namespace popkeep::report {
namespace {

bool shown = false;

bool can_redraw() {
    const char* term = std::getenv("TERM");
    return err_is_terminal() && term != nullptr && std::string_view(term) != "dumb";
}

// The parts that fit, most important first; the last one standing is cut.
std::string assemble(const std::vector<std::string>& parts, std::size_t width) {
    std::string line;
    for (const std::string& part : parts) {
        if (part.empty()) continue;
        const std::string longer = line.empty() ? part : line + "  " + part;
        if (!line.empty() && cells(longer) > width) break;
        line = longer;
    }
    return fitted(line, width);
}

std::string remaining(double seconds, std::uint64_t done, std::uint64_t total) {
    if (done == 0 || done >= total || seconds < 2) return {};
    const double left = seconds * static_cast<double>(total - done) / static_cast<double>(done);
    return human_duration(std::max(left, 1.0)) + " left";
}

}  // namespace

ProgressLine::ProgressLine(bool wanted) : wanted_(wanted && can_redraw()) {}

void ProgressLine::messages(std::string_view name, std::uint64_t done, std::uint64_t total,
                            std::uint64_t bytes, std::uint64_t total_bytes) {
    if (!due(done == total)) return;
    const double seconds = elapsed();
    const std::string rate =
        seconds < 0.5 ? ""
                      : human_size(static_cast<std::uint64_t>(static_cast<double>(bytes) / seconds)) + "/s";
    const std::string count = fmt::format("{}/{}", done, total);
    const bool by_bytes = total_bytes > 0;
    const std::uint64_t percent = by_bytes    ? std::min<std::uint64_t>(bytes * 100 / total_bytes, 100)
                                  : total > 0 ? done * 100 / total
                                              : 0;
    const std::string left =
        by_bytes ? remaining(seconds, bytes, total_bytes) : remaining(seconds, done, total);
    // Behind the numbers, so that a long name costs none of them.
    const std::size_t width = terminal_width();
    draw(assemble({fmt::format("{:>3} %", percent), count, human_size(bytes), rate, left,
                   fitted(printable(name), std::max<std::size_t>(width / 3, 8))},
                  width - 1));
}

void ProgressLine::bytes(std::string_view what, std::uint64_t done, std::uint64_t total) {
    if (!due(false) || total == 0) return;
    draw(assemble(
        {fmt::format("{:>3} %", std::min<std::uint64_t>(done * 100 / total, 100)), std::string(what),
         fmt::format("{} of {}", human_size(done), human_size(total)), remaining(elapsed(), done, total)},
        terminal_width() - 1));
}

void ProgressLine::text(std::string_view text) {
    if (due(true)) draw(fitted(text, terminal_width() - 1));
}

bool ProgressLine::due(bool last) {
    if (!wanted_) return false;
    const auto time = Clock::now();
    if (!last && time - drawn_ < std::chrono::milliseconds(100)) return false;
    drawn_ = time;
    return true;
}

double ProgressLine::elapsed() const {
    return std::chrono::duration<double>(Clock::now() - begun_).count();
}

void ProgressLine::draw(const std::string& text) {
    std::fflush(stdout);
    // Back to the margin, the text, and away with the rest of what stood there.
    std::fprintf(stderr, "\r%s\033[K", text.c_str());
    std::fflush(stderr);
    shown = true;
}

void ProgressLine::wipe() {
    if (!shown) return;
    shown = false;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
}

}  // namespace popkeep::report
