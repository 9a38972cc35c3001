#include "archive/append.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "archive/fingerprint.hpp"
#include "base/checksum.hpp"
#include "base/error.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"

namespace popkeep::archive {
namespace {

/// What was written and isn't proven yet.
struct Written {
    OpenMbox mbox;
    std::uint64_t begin = 0, end = 0;
    std::uint64_t planned_end = 0;  ///< of all of the piece
    Checksum checksum;
};

void write(Written& written, const Piece& piece) {
    const auto add = [&](std::span<const std::string_view> parts) {
        file::write_at(written.mbox.fd, written.end, parts, written.mbox.path);
        for (const std::string_view part : parts) {
            written.checksum.add(part);
            written.end += part.size();
        }
    };
    const std::string_view pad = piece.pad;
    add({&pad, 1});
    piece.batch.each_piece(piece.entries, add);
}

void sync(const Written& written) {
    file::sync_content(written.mbox.fd, written.mbox.path);
    // The name of a new file is durable only after this.
    if (written.begin == 0) file::sync_directory(file::parent_of(written.mbox.path));
}

void compare(const Written& written) {
    file::forget_cached(written.mbox.fd, written.begin, written.end - written.begin);
    std::vector<char> buffer(std::size_t{256} * 1024);
    Checksum there;
    for (std::uint64_t at = written.begin; at < written.end;) {
        const std::size_t want = std::min<std::uint64_t>(buffer.size(), written.end - at);
        const std::size_t got = file::read_at(written.mbox.fd, at, {buffer.data(), want}, written.mbox.path);
        if (got == 0) break;
        there.add({buffer.data(), got});
        at += got;
    }
    // Nobody reads it soon: the cache keeps what others need, and the next batch finds this one's memory.
    file::forget_cached(written.mbox.fd, written.begin, written.end - written.begin);
    if (there.value() != written.checksum.value())
        throw Error(Category::io, "what was written is not what can be read back")
            .at(written.mbox.path)
            .next("check the disk before you run again; nothing was deleted from the server");
}

// What a program without locks wrote behind it isn't ours to cut.
void take_back(const Written& written) {
    if (written.mbox.size() <= written.planned_end)
        file::truncate(written.mbox.fd, written.begin, written.mbox.path);
}

template <typename Step>
void or_take_back(const Written& written, const Step& step) {
    try {
        step();
    } catch (...) {
        take_back(written);
        throw;
    }
}

}  // namespace

std::future<ledger::Mbox> append(OpenMbox mbox, const Piece& piece, Worker<ledger::Mbox>& worker) {
    Written written{.mbox = std::move(mbox),
                    .begin = piece.begin,
                    .end = piece.begin,
                    .planned_end = piece.begin + piece.pad.size(),
                    .checksum = {}};
    must_end_at(written.mbox, written.begin);
    for (const Batch::Entry& entry : piece.entries) written.planned_end += entry.length;
    or_take_back(written, [&] { write(written, piece); });
    return worker.start(std::packaged_task<ledger::Mbox()>([held = std::move(written)]() mutable {
        const Written proven = std::move(held);
        ledger::Mbox row = proven.mbox.row;
        or_take_back(proven, [&] {
            sync(proven);
            compare(proven);
            take_fingerprint(row, proven.mbox.fd, proven.mbox.path, proven.end);
        });
        return row;
    }));
}

}  // namespace popkeep::archive
