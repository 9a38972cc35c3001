#include "archive/read.hpp"

#include "archive/archive_test.hpp"
#include "base/error.hpp"

using namespace popkeep;
using test::mail;

namespace {

struct ReadTest : test::ArchiveTest {
    std::string read(const ledger::Message& message) {
        std::string content;
        archive::read_content(open(), message, [&](std::string_view piece) { content += piece; });
        return content;
    }
    void expect_unknown(std::string_view name) {
        try {
            archive::find_message(open(), name);
            ADD_FAILURE() << name << " was found";
        } catch (const Error& error) {
            EXPECT_EQ(error.category(), Category::usage) << name;
        }
    }
};

}  // namespace

TEST_F(ReadTest, GivesTheContentThatWasArchived) {
    append_mails(1, 2);
    EXPECT_EQ(read(row("u2")), mail(2));
}

TEST_F(ReadTest, RefusesOtherBytes) {
    append_mails(1, 1);
    std::string damaged = bytes();
    damaged[damaged.find("message 1")] = '?';
    overwrite(damaged);
    EXPECT_THROW(read(row("u1")), Error);
}

TEST_F(ReadTest, PeeksNoFurtherThanItIsTold) {
    append_mails(1, 1);
    EXPECT_EQ(archive::peek_content(open(), row("u1"), 10), mail(1).substr(0, 10));
    EXPECT_EQ(archive::peek_content(open(), row("u1")), mail(1));
}

TEST_F(ReadTest, FindsAMessageByItsNumber) {
    append_mails(1, 2);
    EXPECT_EQ(archive::find_message(open(), "2").id, 2);
}

TEST_F(ReadTest, FindsAMessageByTheBeginningOfItsDigest) {
    append_mails(1, 2);
    const std::string digest = to_hex(sha256(mail(2)));
    EXPECT_EQ(archive::find_message(open(), digest.substr(0, 6)).id, row("u2").id);
    EXPECT_EQ(archive::find_message(open(), digest).id, row("u2").id);
}

TEST_F(ReadTest, FindsNothingByNamesThatFitNone) {
    append_mails(1, 1);
    for (const char* name : {"", "9", "-1", "abc", "ffffff", "18446744073709551615", "u1", "'; --"})
        expect_unknown(name);
}

TEST_F(ReadTest, FindsNothingByADigestThatFitsTwo) {
    append("a", mail(1));
    append("b", mail(1));
    expect_unknown(to_hex(sha256(mail(1))).substr(0, 8));
}

TEST_F(ReadTest, FindsNoMessageThatIsOnlyIntended) {
    intend_mails(1, 1);
    expect_unknown("1");
}
