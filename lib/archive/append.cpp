#include "archive/append.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {
namespace {

void write(const OpenMbox& mbox, const Piece& piece) {
    const std::string_view pad = piece.pad;
    file::write_at(mbox.fd, piece.begin, {&pad, 1}, mbox.path);
    std::uint64_t at = piece.begin + pad.size();
    piece.batch.each_piece(piece.entries, [&](std::span<const std::string_view> parts) {
        file::write_at(mbox.fd, at, parts, mbox.path);
        for (const std::string_view part : parts) at += part.size();
    });
    file::sync_content(mbox.fd, mbox.path);
    // The name of a new file is durable only after this.
    if (piece.begin == 0) file::sync_directory(file::parent_of(mbox.path));
}

void compare(const OpenMbox& mbox, const Piece& piece) {
    const std::uint64_t end = piece.end();
    file::forget_cached(mbox.fd, piece.begin, end - piece.begin);
    std::vector<char> buffer(std::size_t{256} * 1024);
    std::uint64_t at = piece.begin;
    std::string_view there;  // read, and not compared yet
    const auto check = [&](std::span<const std::string_view> parts) {
        for (std::string_view part : parts) {
            while (!part.empty()) {
                if (there.empty()) {
                    const std::size_t want = std::min<std::uint64_t>(buffer.size(), end - at);
                    there = {buffer.data(), file::read_at(mbox.fd, at, {buffer.data(), want}, mbox.path)};
                    at += there.size();
                }
                const std::size_t size = std::min(there.size(), part.size());
                if (size == 0 || part.substr(0, size) != there.substr(0, size))
                    throw Error(Category::io, "what was written is not what can be read back")
                        .at(mbox.path)
                        .next("check the disk before you run again; nothing was deleted from the server");
                there.remove_prefix(size);
                part.remove_prefix(size);
            }
        }
    };
    const std::string_view pad = piece.pad;
    check({&pad, 1});
    piece.batch.each_piece(piece.entries, check);
}

void take_back(const OpenMbox& mbox, const Piece& piece) noexcept {
    try {
        file::truncate(mbox.fd, piece.begin, mbox.path);
    } catch (const std::exception&) {
    }
}

}  // namespace

std::uint64_t Piece::end() const {
    std::uint64_t at = begin + pad.size();
    for (const Batch::Entry& entry : entries) at += entry.length;
    return at;
}

void append(const OpenMbox& mbox, const Piece& piece) {
    try {
        write(mbox, piece);
        compare(mbox, piece);
    } catch (...) {
        take_back(mbox, piece);
        throw;
    }
}

}  // namespace popkeep::archive
