#include "ledger/migrations.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <chrono>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"
#include "schema.hpp"

namespace popkeep::ledger {
namespace {

constexpr std::int64_t newest = static_cast<std::int64_t>(migrations.size());

std::int64_t pragma(Database& database, const char* sql) {
    Query query = database.query(sql);
    return query.step() ? query.integer(0) : 0;
}

// Of a new file this needs all other processes away for a moment, and SQLite doesn't wait for them by itself.
void keep_a_log(Database& database) {
    using namespace std::chrono_literals;
    for (const Deadline patience = Deadline::in(60s);;) {
        try {
            return database.execute("PRAGMA journal_mode = WAL");
        } catch (const Error& error) {
            if (error.category() != Category::temporary || patience.passed()) throw;
            std::this_thread::sleep_for(10ms);
        }
    }
}

// A copy by SQLite itself is whole even while others read and write.
void back_up(Database& database, std::int64_t version) {
    const std::string copy = fmt::format("{}.v{}", database.path(), version);
    if (file::open_if_there(copy, O_RDONLY)) return;
    database.query("VACUUM INTO ?").bind_text(copy).run();
    const file::Fd fd = file::open_regular(copy, O_RDONLY);
    file::sync_content(fd, copy);
    file::sync_directory(file::parent_of(copy));
}

}  // namespace

void migrate(Database& database, bool may_write) {
    // In this order: another process may be making the ledger, and its tables come with the number.
    const bool empty = pragma(database, "SELECT count(*) FROM sqlite_schema") == 0;
    const std::int64_t id = pragma(database, "PRAGMA application_id");
    std::int64_t version = pragma(database, "PRAGMA user_version");
    const bool new_here = empty && id == 0 && may_write;
    if (id != application_id && !new_here)
        throw Error(Category::data, "this is not a popkeep ledger")
            .at(database.path())
            .next("`popkeep repair` builds the ledger again from the mboxes");
    if (version > newest)
        throw Error(Category::data,
                    fmt::format("the ledger has format {}, this program knows {}", version, newest))
            .at(database.path())
            .next("install a newer popkeep");
    // Only now: another program's database is to stay as it is.
    if (may_write) keep_a_log(database);
    if (version == newest) return;
    if (!may_write)
        throw Error(Category::data, fmt::format("the ledger has the older format {}", version))
            .at(database.path())
            .next("any `popkeep fetch` or `popkeep repair` brings it up to date");
    if (version > 0) back_up(database, version);
    while (version < newest) {
        Transaction transaction(database);
        // Another process may have been faster.
        version = pragma(database, "PRAGMA user_version ");
        if (version >= newest) return;
        database.execute(migrations.at(static_cast<std::size_t>(version)));
        ++version;
        database.execute(
            fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {};", application_id, version));
        transaction.commit();
    }
}

}  // namespace popkeep::ledger
