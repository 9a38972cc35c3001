#include "archive/adopt.hpp"

#include <array>
#include <string>

#include "archive/archive_test.hpp"

using namespace popkeep;
using test::stored_mails;

namespace {

using AdoptTest = test::ArchiveTest;

}  // namespace

TEST_F(AdoptTest, EntersTheFurtherPartOfAnMboxThatAnOlderLedgerKnows) {
    append_mails(1, 1);
    overwrite(stored_mails(2, 2), "me.2.mbox");
    archive::adopt_later_mboxes(open(), std::array{std::string(me)});
    EXPECT_EQ(rows("me.2.mbox"), "- unclaimed");
}
