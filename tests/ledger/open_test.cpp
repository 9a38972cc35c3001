#include <gtest/gtest.h>

#include "base/error.hpp"
#include "file/temporary_folder.hpp"
#include "ledger/ledger.hpp"

using namespace popkeep;
using ledger::Access;
using ledger::Ledger;

namespace {

struct OpenTest : testing::Test {
    test::TemporaryFolder folder;
    std::string path = folder / "ledger.db";

    // What opening says when it fails.
    Error refusal(Access access) const {
        try {
            const Ledger ledger(path, access);
        } catch (const Error& error) {
            return error;
        }
        ADD_FAILURE() << "opened";
        return {Category::software, ""};
    }
};

}  // namespace

TEST_F(OpenTest, MakesALedgerWhereThereIsNone) {
    Ledger made(path, Access::write);
    EXPECT_TRUE(made.accounts.all().empty());
    EXPECT_EQ(made.integrity(), "");
}
