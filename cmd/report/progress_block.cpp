#include "report/progress_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "report/output.hpp"
#include "report/stream.hpp"
#include "report/text_layout.hpp"

namespace popkeep::report {

ProgressBlock& ProgressBlock::screen() {
    static ProgressBlock block;
    return block;
}

bool ProgressBlock::possible() {
    const char* term = std::getenv("TERM");
    return err_is_terminal() && term != nullptr && std::string_view(term) != "dumb";
}

void ProgressBlock::set(const void* owner, Render render) {
    const auto [place, fresh] = places_.try_emplace(owner, next_place_);
    if (fresh) ++next_place_;
    renders_[place->second] = std::move(render);
}

void ProgressBlock::remove(const void* owner) {
    const auto place = places_.find(owner);
    if (place == places_.end()) return;
    renders_.erase(place->second);
    places_.erase(place);
    if (renders_.empty() && !last_) wipe();
}

void ProgressBlock::draw(bool at_once) {
    const auto time = Clock::now();
    if (!at_once && time - drawn_at_ < std::chrono::milliseconds(100)) return;
    if (hidden_ || (renders_.empty() && !last_)) return;
    drawn_at_ = time;
    const std::size_t width = terminal_width();
    std::string text = back_to_the_top(width);
    drawn_.clear();
    for (const std::string& line : lines(width - 1, terminal_height())) {
        text += fmt::format("{}{}\033[K", drawn_.empty() ? "" : "\n", line);
        drawn_.push_back(cells(line));
    }
    text += "\033[J";
    standard_output().flush();
    standard_error().add(text);
    standard_error().flush();
}

std::vector<std::string> ProgressBlock::lines(std::size_t width, std::size_t height) const {
    // A line at the bottom is left for the shell's prompt of whoever suspends it.
    const std::size_t room = std::max<std::size_t>(height, 4) - 2;
    std::vector<std::string> all;
    for (const auto& [place, render] : renders_) {
        if (all.size() + 1 == room && renders_.size() > room) {
            all.push_back(fitted(fmt::format("… and {} more", renders_.size() - all.size()), width));
            break;
        }
        all.push_back(render(width));
    }
    if (last_) all.push_back(last_(width));
    return all;
}

// A window that became narrower since has broken the lines anew, so that they take more rows now.
std::string ProgressBlock::back_to_the_top(std::size_t width) const {
    std::size_t rows = 0;
    for (const std::size_t wide : drawn_) rows += std::max<std::size_t>((wide + width - 1) / width, 1);
    return rows > 1 ? fmt::format("\r\033[{}A", rows - 1) : "\r";
}

void ProgressBlock::wipe() {
    if (drawn_.empty()) return;
    standard_error().add(back_to_the_top(terminal_width()) + "\033[J");
    standard_error().flush();
    drawn_.clear();
}

void ProgressBlock::hide() {
    wipe();
    hidden_ = true;
}

void ProgressBlock::forget() {
    hidden_ = false;
    renders_.clear();
    places_.clear();
    last_ = nullptr;
    drawn_.clear();
}

}  // namespace popkeep::report
