#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Text on a grid of character cells.
namespace popkeep::report {

/// Columns of the terminal behind standard error or standard output, asked anew each time: windows are
/// resized. 80 where there is none.
std::size_t terminal_width();
/// Its lines, likewise; 24 where there is none.
std::size_t terminal_height();

/// Cells that printable text takes (wide characters two, combining ones none).
std::size_t cells(std::string_view text);

/// At most `width` cells of `text`, cut with "…".
std::string fitted(std::string_view text, std::size_t width);
/// Exactly `width` cells.
std::string padded(std::string_view text, std::size_t width);

/// Paragraphs broken at blanks, every line indented but for `first` on the first one; ends with a line feed.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent, std::size_t first);
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

/// "  label        text", broken at the terminal's width and aligned; a long label stands as it is.
std::string labelled(std::string_view label, std::string_view text);

}  // namespace popkeep::report
