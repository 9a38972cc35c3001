#include "report/progress_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "report/progress_block.hpp"
#include "report/text_layout.hpp"

namespace popkeep::report {
namespace {

struct Part {
    std::string text;
    int weight;  ///< the lightest go first where there isn't room for all
};

// `name` in a column of its own, then the parts that fit, in their order.
std::string assemble(const std::string& name, std::vector<Part> parts, std::size_t width) {
    // Narrow windows have room for a part of it; wide ones keep the numbers together all the same.
    const std::string column = padded(name, std::clamp<std::size_t>(width / 4, 8, 32));
    std::erase_if(parts, [](const Part& part) { return part.text.empty(); });
    for (;;) {
        std::string line = column;
        for (const Part& part : parts) line += "  " + part.text;
        if (cells(line) <= width || parts.size() < 2) return fitted(line, width);
        parts.erase(std::ranges::min_element(parts, {}, &Part::weight));
    }
}

std::string percent(std::uint64_t done, std::uint64_t total) {
    const double share = total == 0 ? 0 : static_cast<double>(done) / static_cast<double>(total);
    return fmt::format("{:>3} %", std::min(static_cast<int>(share * 100), 100));
}

std::string remaining(double seconds, std::uint64_t done, std::uint64_t total) {
    if (done == 0 || done >= total || seconds < 2) return {};
    const double left = seconds * static_cast<double>(total - done) / static_cast<double>(done);
    const auto whole = static_cast<std::uint64_t>(std::clamp(left, 1.0, 359999.0));
    if (whole < 3600) return fmt::format("{:>2}:{:02} left", whole / 60, whole % 60);
    return fmt::format("{}:{:02}:{:02} left", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string rate(double seconds, std::uint64_t bytes) {
    if (seconds < 0.5) return {};
    return fmt::format("{:>10}/s",
                       human_size(static_cast<std::uint64_t>(static_cast<double>(bytes) / seconds)));
}

}  // namespace

ProgressLine::ProgressLine(bool wanted) : wanted_(wanted && ProgressBlock::possible()) {}

ProgressLine::~ProgressLine() {
    ProgressBlock::screen().remove(this);
}

void ProgressLine::state(std::string_view name, std::string_view word) {
    if (!wanted_) return;
    ProgressBlock::screen().set(this, [name = printable(name), text = std::string(word)](std::size_t width) {
        return assemble(name, {{text, 1}}, width);
    });
    ProgressBlock::screen().draw();
}

void ProgressLine::messages(std::string_view name, std::uint64_t done, std::uint64_t total,
                            std::uint64_t bytes, std::uint64_t total_bytes) {
    if (!wanted_) return;
    const bool by_bytes = total_bytes > 0;
    ProgressBlock::screen().set(
        this, [this, done, total, bytes, total_bytes, by_bytes, shown = printable(name)](std::size_t width) {
            const double seconds = elapsed();
            const std::string count = fmt::format("{:>{}}/{}", done, std::to_string(total).size(), total);
            return assemble(
                shown,
                {{by_bytes ? percent(bytes, total_bytes) : percent(done, total), 5},
                 {count, 4},
                 {fmt::format("{:>10}", human_size(bytes)), 1},
                 {rate(seconds, bytes), 2},
                 {by_bytes ? remaining(seconds, bytes, total_bytes) : remaining(seconds, done, total), 3}},
                width);
        });
    ProgressBlock::screen().draw(done == total);
}

void ProgressLine::bytes(std::string_view what, std::uint64_t done, std::uint64_t total) {
    if (!wanted_ || total == 0) return;
    ProgressBlock::screen().set(this, [this, done, total, shown = std::string(what)](std::size_t width) {
        return assemble(shown,
                        {{percent(done, total), 3},
                         {fmt::format("{} of {}", human_size(done), human_size(total)), 1},
                         {remaining(elapsed(), done, total), 2}},
                        width);
    });
    ProgressBlock::screen().draw();
}

double ProgressLine::elapsed() const {
    return std::chrono::duration<double>(Clock::now() - begun_).count();
}

}  // namespace popkeep::report
