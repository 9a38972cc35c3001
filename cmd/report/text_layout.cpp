#include "report/text_layout.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cwchar>

namespace popkeep::report {
namespace {

struct Glyph {
    std::size_t bytes, cells;
};

Glyph next_glyph(std::string_view text) {
    wchar_t character = 0;
    std::mbstate_t state{};
    const std::size_t bytes = std::mbrtowc(&character, text.data(), text.size(), &state);
    // Bytes that the locale can't read: a terminal shows one cell each.
    if (bytes == 0 || bytes > text.size()) return {1, 1};
    const int width = wcwidth(character);
    return {bytes, width < 0 ? 1 : static_cast<std::size_t>(width)};
}

winsize window() {
    for (const int fd : {STDERR_FILENO, STDOUT_FILENO}) {
        winsize size{};
        if (isatty(fd) != 0 && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0)
            return size;
    }
    return {.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
}

}  // namespace

std::size_t terminal_width() {
    return window().ws_col;
}

std::size_t terminal_height() {
    return window().ws_row;
}

std::size_t cells(std::string_view text) {
    std::size_t sum = 0;
    while (!text.empty()) {
        const Glyph glyph = next_glyph(text);
        sum += glyph.cells;
        text.remove_prefix(glyph.bytes);
    }
    return sum;
}

std::string fitted(std::string_view text, std::size_t width) {
    if (cells(text) <= width) return std::string(text);
    if (width == 0) return {};
    std::string out;
    for (std::size_t used = 0; !text.empty();) {
        const Glyph glyph = next_glyph(text);
        if (used + glyph.cells > width - 1) break;
        out += text.substr(0, glyph.bytes);
        used += glyph.cells;
        text.remove_prefix(glyph.bytes);
    }
    return out + "…";
}

std::string padded(std::string_view text, std::size_t width) {
    std::string out = fitted(text, width);
    const std::size_t used = cells(out);
    return out.append(width - std::min(width, used), ' ');
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent, std::size_t first) {
    std::string out, line(first, ' ');
    bool empty = true;
    const auto flush = [&] {
        out += (empty ? "" : line) + "\n";
        line.assign(indent, ' ');
        empty = true;
    };
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
        const std::string_view word = text.substr(0, end);
        if (!empty && cells(line) + 1 + cells(word) > width) flush();
        if (!empty) line += ' ';
        line += word;
        // Leading blanks are kept: they align.
        empty = empty && word.empty();
        const bool paragraph = end < text.size() && text[end] == '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
        if (word.empty() && empty && !paragraph) line += ' ';
        if (paragraph) flush();
    }
    if (!empty) flush();
    return out;
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
    return wrapped(text, width, indent, indent);
}

std::string labelled(std::string_view label, std::string_view text) {
    constexpr std::size_t width = 13;
    const std::string front = cells(label) > width ? std::string(label) : padded(label, width);
    return wrapped(fmt::format("  {} {}", front, text), terminal_width(), 16, 0);
}

}  // namespace popkeep::report
