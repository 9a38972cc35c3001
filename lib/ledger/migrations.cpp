#include "ledger/migrations.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <string>

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
    const std::int64_t id = pragma(database, "PRAGMA application_id");
    std::int64_t version = pragma(database, "PRAGMA user_version");
    const bool empty = pragma(database, "SELECT count(*) FROM sqlite_schema") == 0;
    if (id != application_id && !(empty && id == 0 && may_write))
        throw Error(Category::data, "this is not a popkeep ledger")
            .at(database.path())
            .next("`popkeep repair` builds the ledger again from the mboxes");
    if (version > newest)
        throw Error(Category::data,
                    fmt::format("the ledger has format {}, this program knows {}", version, newest))
            .at(database.path())
            .next("install a newer popkeep");
    // Only now: another program's database is to stay as it is.
    if (may_write) database.execute("PRAGMA journal_mode = WAL");
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
