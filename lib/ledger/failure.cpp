#include "ledger/failure.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <new>
#include <string_view>

#include "base/interrupt.hpp"
#include "file/directory.hpp"

namespace popkeep::ledger {
namespace {

/// What SQLite needs at least in the file of that name; where it needs more, the log itself is far larger.
constexpr std::uint64_t shared_memory = 32 << 10;

Error unreadable(const char* said, const std::string& path) {
    return Error(Category::io, "the ledger can't be read or written")
        .at(path)
        .said(said)
        .next("check the disk, then run again");
}

Error full(const char* said, const std::string& path) {
    return Error(Category::io, "the disk is full")
        .at(path)
        .said(said)
        .next("free some space, then run again: nothing archived so far is lost");
}

// What SQLite's codes don't tell: the errors that the system last gave for the database and its log.
std::array<int, 2> last_errors(sqlite3* database) {
    int number = 0;
    sqlite3_file_control(database, "main", SQLITE_FCNTL_LAST_ERRNO, &number);
    sqlite3_file* log = nullptr;
    sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&log));
    int of_log = 0;
    if (log != nullptr && log->pMethods != nullptr)
        log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &of_log);
    return {number, of_log};
}

bool failed_with(int error_number, sqlite3* database) {
    return std::ranges::count(last_errors(database), error_number) > 0;
}

}  // namespace

void must_have_been_readable(sqlite3* database, const std::string& path) {
    if (last_errors(database) != std::array{0, 0}) throw unreadable("disk I/O error", path);
}

Error damaged(const char* said, const std::string& path) {
    return Error(Category::data, "the ledger is damaged")
        .at(path)
        .said(said)
        .next("`popkeep repair` builds it again from the mboxes; no mail is lost by that");
}

void fail(int code, sqlite3* database, const std::string& path) {
    if (database == nullptr) throw std::bad_alloc();
    const char* const message = sqlite3_errmsg(database);
    switch (code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            interrupt::check();
            throw Error(Category::temporary, "the ledger is in use by another process")
                .at(path)
                .said(message)
                .next("try again when it has finished");
        case SQLITE_CORRUPT:
            // It calls a database malformed as well where the disk gave an error instead of the page
            // (SQLITE_IOERR_CORRUPTFS).
            if (failed_with(EIO, database)) throw unreadable("disk I/O error", path);
            throw damaged(message, path);
        case SQLITE_NOTADB:
        case SQLITE_TOOBIG:      // of a length that a damaged page claims: nothing of ours is so long
        case SQLITE_CONSTRAINT:  // what stands there contradicts the schema
            throw damaged(message, path);
        case SQLITE_FULL:
            throw full(message, path);
        case SQLITE_READONLY:
            throw Error(Category::io, "the ledger can't be written to")
                .at(path)
                .said(message)
                .next(
                    "check the owner and mode of the file and its folder, and whether the disk is mounted "
                    "read-only");
        case SQLITE_NOMEM:
            throw std::bad_alloc();
        case SQLITE_ERROR:
            // Of a first page whose number of the format is damaged.
            if (std::string_view(message) == "unsupported file format") throw damaged(message, path);
            [[fallthrough]];
        case SQLITE_MISUSE:
        case SQLITE_RANGE:
            throw Error(Category::software, "the ledger refused a statement").at(path).said(message);
        default:
            // The shared memory beside the ledger is the first file that has to grow on a full disk. Of its
            // errors no number is kept.
            if (code == SQLITE_IOERR_SHMSIZE && file::longest_file() >= shared_memory)
                throw full(message, path);
            if (code == SQLITE_IOERR_SHMSIZE || failed_with(EFBIG, database))
                throw Error(Category::io, "the ledger may not grow as large as it has to")
                    .at(path)
                    .said(message)
                    .next("lift the limit on the size of files (ulimit -f), then run again");
            throw unreadable(message, path);
    }
}

}  // namespace popkeep::ledger
