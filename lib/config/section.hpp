#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/file.hpp"

namespace popkeep::config {

/// One line of an account's table.
struct SectionLine {
    std::string comment;  ///< stands above the key, or alone; wrapped at the file's width
    std::string key;      ///< empty: only the comment
    std::string value;    ///< as the key's flag takes it
};

/// "[account.NAME]" and its lines; comments without a key that come first stand above it. Values are written
/// in the type that their key takes.
std::string section(std::string_view name, std::span<const SectionLine> lines);

/// The configuration as append() would leave it; nothing is written. Throws as append() does.
Configuration appended(const std::string& path, std::string_view text);

/// Appends text to the configuration at `path`, which is made with its folders (0600 and 0700) if it isn't
/// there. What stands in it is kept byte for byte, its mode and owner too, and a symbolic link stays one. It
/// is written whole or not at all, and only if old and new are valid. Of several at once each appends in its
/// turn. Throws Invalid or Error (configuration, io; temporary if another program wrote it meanwhile, or
/// keeps its folder locked).
void append(const std::string& path, std::string_view text);

}  // namespace popkeep::config
