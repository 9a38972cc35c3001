#include "archive/adopt.hpp"

#include <array>
#include <filesystem>
#include <string>

#include "archive/archive_test.hpp"
#include "base/error.hpp"
#include "ledger/ordinary_user.hpp"

using namespace popkeep;
using test::stored_mails;

namespace fs = std::filesystem;

namespace {

struct AdoptTest : test::ArchiveTest {
    // Of later mboxes, where a folder with one may be read by root only.
    bool an_ordinary_user_adopts() {
        fs::create_directory(folder / "2025");
        overwrite(stored_mails(3, 4), "2025/me");
        archive.reset();
        for (const char* part : {"", ".popkeep"}) fs::permissions(folder / part, fs::perms::all);
        for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
            if (entry.is_regular_file()) fs::permissions(entry.path(), fs::perms(0666));
        fs::permissions(folder / "2025", fs::perms::none);
        const bool adopts = test::an_ordinary_user_sees([&] {
            reopen();
            archive::adopt_later_mboxes(open(), std::array{std::string(me)});
            return true;
        });
        fs::permissions(folder / "2025", fs::perms::all);
        reopen();
        return adopts;
    }
};

}  // namespace

TEST_F(AdoptTest, EntersTheFurtherPartOfAnMboxThatAnOlderLedgerKnows) {
    append_mails(1, 1);
    overwrite(stored_mails(2, 2), "me.2.mbox");
    archive::adopt_later_mboxes(open(), std::array{std::string(me)});
    EXPECT_EQ(rows("me.2.mbox"), "- unclaimed");
}

TEST_F(AdoptTest, LooksIntoEveryFolderForALedgerThatKnowsNoMbox) {
    EXPECT_FALSE(an_ordinary_user_adopts());
    archive::adopt_later_mboxes(open(), std::array{std::string(me)});
    EXPECT_EQ(rows("2025/me"), "- unclaimed; - unclaimed");
}

TEST_F(AdoptTest, LooksIntoNoFolderThatIsNoneOfItsForALedgerThatKnowsMboxes) {
    append_mails(1, 2);
    EXPECT_TRUE(an_ordinary_user_adopts());
}

TEST_F(AdoptTest, TakesNoFolderAndNoLinkForAFurtherPart) {
    append_mails(1, 1);
    fs::create_directory(path("me.2.mbox"));
    EXPECT_NO_THROW(archive::adopt_later_mboxes(open(), std::array{std::string(me)}));
    fs::remove(path("me.2.mbox"));
    fs::create_symlink(path(), path("me.2.mbox"));
    EXPECT_NO_THROW(archive::adopt_later_mboxes(open(), std::array{std::string(me)}));
}
