// A ledger that takes another one's place.

#include <filesystem>
#include <optional>

#include "archive/archive_test.hpp"
#include "archive/disk.hpp"
#include "base/error.hpp"

using namespace popkeep;
using archive::Archive;

namespace fs = std::filesystem;

namespace {

struct RebuildTest : test::ArchiveTest {
    const std::string books_folder = folder / ".popkeep";

    RebuildTest() {
        append_mails(1, 2);
        archive.reset();
    }
    ~RebuildTest() override { test::disk.before_sync_of_other = nullptr; }

    void rebuild(const std::function<void(Archive&)>& fill) const {
        Archive::rebuild(
            folder.path(), [] { return true; }, fill);
    }
    std::size_t set_aside() const {
        std::size_t count = 0;
        for (const auto& entry : fs::directory_iterator(books_folder))
            count += entry.path().filename().string().starts_with("damaged-") ? 1U : 0U;
        return count;
    }
};

}  // namespace

TEST_F(RebuildTest, IsLeftWhereTheLedgerIsWantedNoMoreOnceTheLockIsHad) {
    bool built = false;
    Archive::rebuild(
        folder.path(), [] { return false; }, [&](Archive&) { built = true; });
    EXPECT_FALSE(built);
}

TEST_F(RebuildTest, EndsWithTheOldLedgerInItsPlaceWhereTheNewOnesLogCouldNotBeCopied) {
    std::optional<ledger::Ledger> reader;
    EXPECT_THROW(rebuild([&](Archive&) {
                     reader.emplace(books_folder + "/ledger.db.new", ledger::Access::read);
                     reader->database.execute("BEGIN; SELECT * FROM account");
                 }),
                 Error);
    reader.reset();
    reopen();
    EXPECT_EQ(rows(), "u1 archived; u2 archived");
}

TEST_F(RebuildTest, KeepsEachOldLedgerHoweverSoonTheNextOneFollows) {
    for (int i = 0; i < 3; ++i) rebuild([](Archive&) {});
    EXPECT_EQ(set_aside(), 3U);
}

TEST_F(RebuildTest, SyncsTheNewLedgersName) {
    const std::string ledger = Archive::ledger_path(folder.path());
    bool named = false;
    test::disk.before_sync_of_other = [&](const std::string& path) {
        if (path == books_folder) named = !fs::exists(ledger + ".new");
        return 0;
    };
    rebuild([&](Archive&) {});
    EXPECT_TRUE(named);
}
