#include "config/section.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "config/key.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"
#include "file/folder_lock.hpp"
#include "secret/password.hpp"

namespace popkeep::config {
namespace {

constexpr std::size_t width = 100;
constexpr std::size_t largest = std::size_t{1} << 20U;
constexpr std::chrono::seconds patience{10};

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            out += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
    return out + "\"";
}

bool is_bare(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    });
}

std::string commented(std::string_view text) {
    std::string out;
    std::string line = "#";
    for (const std::string_view word : split(text, ' ')) {
        if (line.size() > 1 && line.size() + 1 + word.size() > width) {
            out += line + "\n";
            line = "#";
        }
        // A control character would end the comment or make the file invalid.
        line += " " + printable(word, 4096);
    }
    return out + line + "\n";
}

std::string literal(const SectionLine& line) {
    const Key* const key = find_key(line.key);
    if (key == nullptr) throw Error(Category::software, fmt::format("'{}' is not a key", line.key));
    if ((key->types & Type::text) != 0) return in_quotes(line.value);
    if ((key->types & Type::boolean) != 0) return line.value == "on" ? "true" : "false";
    const auto number = parse_number(line.value);
    if (!number) throw Error(Category::software, fmt::format("'{}' is not a number", line.key));
    return std::to_string(*number);  // TOML takes no leading zeros
}

/// The file behind any links: a renamed file would take the link's place.
std::string resolved(const std::string& path) {
    std::error_code problem;
    const auto real = std::filesystem::canonical(path, problem);
    if (problem) throw system_error(problem.value(), "find", path);
    return real.string();
}

bool is_there(const std::string& path) {
    struct stat info {};
    return lstat(path.c_str(), &info) == 0 || errno != ENOENT;
}

std::string joined(std::string_view before, std::string_view text) {
    const std::string_view between = before.empty() ? "" : before.ends_with('\n') ? "\n" : "\n\n";
    return fmt::format("{}{}{}", before, between, text);
}

/// Of several programs that append at once one does, and the others go on from what it wrote.
file::Fd locked_folder_of(const std::string& path) {
    const Deadline deadline = Deadline::in(patience);
    file::Fd lock = file::lock_folder(file::parent_of(path), file::Locked::alone, [&] {
        interrupt::check();
        return deadline.passed();
    });
    if (lock) return lock;
    throw Error(Category::temporary, "another program has locked the folder of the configuration")
        .at(path)
        .next("try again later");
}

/// False if the file has come meanwhile.
bool make_new(const std::string& path, std::string_view text) {
    const std::string folder = file::parent_of(path);
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    if (problem) throw system_error(problem.value(), "create the folder", folder);
    const file::Fd lock = locked_folder_of(path);
    if (is_there(path)) return false;
    file::replace(path, text);
    return true;
}

// An editor takes no lock.
void rewrite(const std::string& path, const std::string& before, const std::string& after) {
    if (file::read_whole(path, largest) != before)
        throw Error(Category::temporary, "another program is changing the configuration")
            .at(path)
            .next("try again");
    file::rewrite(path, after);
}

}  // namespace

std::string section(std::string_view name, std::span<const SectionLine> lines) {
    std::string out;
    const std::string title =
        fmt::format("[account.{}]\n", is_bare(name) ? std::string(name) : in_quotes(name));
    bool titled = false;
    for (const SectionLine& line : lines) {
        if (!titled && !line.key.empty()) {
            out += title;
            titled = true;
        }
        if (!line.comment.empty()) out += commented(line.comment);
        if (!line.key.empty()) out += fmt::format("{} = {}\n", line.key, literal(line));
    }
    return titled ? out : out + title;
}

Configuration appended(const std::string& path, std::string_view text) {
    if (!is_there(path)) return parse(text, path);
    load(path);
    std::string before = file::read_whole(path, largest);
    std::string after = joined(before, text);
    secret::wipe(before);
    // Relative paths count from the folder of the link, not of the file behind it.
    Configuration out = parse(after, std::filesystem::absolute(path).string());
    secret::wipe(after);
    return out;
}

void append(const std::string& path, std::string_view text) {
    if (!is_there(path)) {
        parse(text, path);
        if (make_new(path, text)) return;
    }
    const std::string real = resolved(path);
    const file::Fd lock = locked_folder_of(real);
    load(real);
    const std::string before = file::read_whole(real, largest);
    const std::string after = joined(before, text);
    parse(after, real);
    rewrite(real, before, after);
}

}  // namespace popkeep::config
