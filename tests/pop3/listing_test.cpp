#include "pop3/listing.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace popkeep::pop3 {
namespace {

using Lines = std::vector<std::string>;

Listing parsed(const Lines& uidl, const Lines& list, bool has_uids = true) {
    Listing listing;
    listing.has_uids = has_uids;
    for (const auto& line : uidl) listing.add_uidl(line);
    for (const auto& line : list) listing.add_list(line);
    return listing;
}

/// "number/octets/uid …", "?" for an unknown size.
std::string shown(const Listing& listing) {
    std::string text;
    for (const auto& message : listing.messages())
        text += std::to_string(message.number) + "/" +
                (message.octets ? std::to_string(*message.octets) : "?") + "/" + message.uid + " ";
    return text;
}

TEST(Listing, JoinsUidlAndListByNumber) {
    const auto listing = parsed({"1 a", "2 b"}, {"1 100", "2 200"});
    EXPECT_EQ(shown(listing), "1/100/a 2/200/b ");
    EXPECT_EQ(listing.octets(), 300U);
    EXPECT_TRUE(listing.has_uids);
    EXPECT_TRUE(listing.oddities().empty());
}

TEST(Listing, TakesGapsAnyOrderAndAnyBlanks) {
    EXPECT_EQ(shown(parsed({"12   l", "3\tc", " 7 g"}, {"7  70 junk", "12\t120", "3 30"})),
              "3/30/c 7/70/g 12/120/l ");
}

TEST(Listing, KeepsMessagesThatOnlyOneAnswerHas) {
    const auto listing = parsed({"1 a", "3 c"}, {"2 20", "3 30"});
    EXPECT_EQ(shown(listing), "1/?/a 2/20/ 3/30/c ");
    EXPECT_EQ(listing.oddities().size(), 1U);
    EXPECT_EQ(shown(parsed({}, {"1 10"}, false)), "1/10/ ");
    EXPECT_TRUE(parsed({}, {"1 10"}, false).oddities().empty());
}

TEST(Listing, TakesUnusableSizesForUnknown) {
    const auto listing = parsed({"1 a", "2 b", "3 c", "4 d", "5 e"},
                                {"1 -1", "2 100000000000000000000", "3 many", "4", "5 0"});
    EXPECT_EQ(shown(listing), "1/?/a 2/?/b 3/?/c 4/?/d 5/0/e ");
    EXPECT_EQ(listing.oddities().size(), 4U);
}

TEST(Listing, IgnoresNumbersThatNoMessageCanHave) {
    const auto listing =
        parsed({"0 zero", "-1 minus", "4294967296 big", "9223372036854775808 huge", "x", "", "1 a"}, {});
    EXPECT_EQ(shown(listing), "1/?/a ");
    EXPECT_EQ(listing.oddities().size(), 6U);
    EXPECT_EQ(shown(parsed({"4294967295 last"}, {})), "4294967295/?/last ");
}

TEST(Listing, LeavesARepeatedNumberWithoutUidUnlessTheyAgree) {
    EXPECT_EQ(shown(parsed({"1 a", "2 b", "2 x"}, {"1 1", "2 2"})), "1/1/a 2/2/ ");
    EXPECT_EQ(shown(parsed({"2 b", "1 a", "2 b"}, {"1 1", "2 2", "2 2"})), "1/1/a 2/2/b ");
    EXPECT_EQ(shown(parsed({"1 a"}, {"1 1", "1 2"})), "1/?/a ");
}

TEST(Listing, KeepsUidsVerbatim) {
    const std::string strange("a  b\t\xff%s../\0'", 13);
    const auto listing = parsed({"1 " + strange, "2 trailing \r", "3"}, {});
    EXPECT_EQ(listing.messages()[0].uid, strange);
    EXPECT_EQ(listing.messages()[1].uid, "trailing");
    EXPECT_EQ(listing.messages()[2].uid, "");
}

TEST(Listing, ReplacesAnOverlongUidByItsDigest) {
    EXPECT_EQ(parsed({"1 " + std::string(255, 'u')}, {}).messages()[0].uid, std::string(255, 'u'));
    const auto digest = parsed({"1 " + std::string(256, 'u')}, {}).messages()[0].uid;
    EXPECT_EQ(digest, "sha256:" + to_hex(sha256(std::string(256, 'u'))));
}

TEST(Listing, HasOneDigestAsLongAsTheAnswersAreTheSame) {
    const auto digest = parsed({"1 a", "2 b"}, {"1 10", "2 20"}).digest();
    EXPECT_EQ(parsed({"1 a", "2 b"}, {"1 10", "2 20"}).digest(), digest);
    EXPECT_NE(parsed({"1 a", "2 b"}, {"1 10", "2 21"}).digest(), digest);
    EXPECT_NE(parsed({"1 a", "2 c"}, {"1 10", "2 20"}).digest(), digest);
    EXPECT_NE(parsed({"1 a", "3 b"}, {"1 10", "3 20"}).digest(), digest);
    EXPECT_NE(parsed({"1 a"}, {"1 10"}).digest(), digest);
    EXPECT_NE(parsed({"1 a", "2 b", "1 10"}, {"2 20"}).digest(), digest);
    EXPECT_NE(parsed({"1 a", "2 b"}, {"1 10", "2 20"}, false).digest(), digest);
}

TEST(Listing, HasTheSameDigestOnceItWasTakenApart) {
    const auto listing = parsed({"1 a", "2 b"}, {"1 10", "2 20"});
    EXPECT_EQ(listing.messages().size(), 2U);
    EXPECT_EQ(listing.digest(), parsed({"1 a", "2 b"}, {"1 10", "2 20"}).digest());
}

TEST(Listing, OfManyLinesIsWhole) {
    Lines uidl, list;
    for (int number = 1; number <= 20'000; ++number) {
        uidl.push_back(std::to_string(number) + " uid-" + std::to_string(number));
        list.push_back(std::to_string(number) + " 7");
    }
    uidl.push_back("20001 " + std::string(200'000, 'u'));
    const auto listing = parsed(uidl, list);
    ASSERT_EQ(listing.messages().size(), 20'001U);
    EXPECT_EQ(listing.messages()[19'999].uid, "uid-20000");
    EXPECT_EQ(listing.messages()[20'000].uid, "sha256:" + to_hex(sha256(std::string(200'000, 'u'))));
    EXPECT_EQ(listing.octets(), 140'000U);
}

TEST(Listing, IsOutOfStepWithoutASingleSizeWhereCommandsWentInOneFlight) {
    EXPECT_TRUE(parsed({"TOP", "EXPIRE 60"}, {"1 a"}).is_out_of_step(true));
    EXPECT_TRUE(parsed({"1 a"}, {"EXPIRE 60", "UIDL"}).is_out_of_step(true));
    EXPECT_FALSE(parsed({"1 a"}, {"1 many"}).is_out_of_step(false));
    EXPECT_FALSE(parsed({"1 a", "2 b"}, {"1 many", "2 20"}).is_out_of_step(true));
    EXPECT_FALSE(parsed({"1 a"}, {}).is_out_of_step(true));
}

TEST(Listing, IsOutOfStepWhereUidlsAnswerCameOnceMoreInsteadOfSizes) {
    EXPECT_TRUE(parsed({"1 a", "2 b"}, {"1 a", "2 b"}).is_out_of_step(false));
    EXPECT_FALSE(parsed({"1 11", "2 12"}, {"1 11", "2 12"}).is_out_of_step(false));
    EXPECT_FALSE(parsed({}, {}).is_out_of_step(false));
}

TEST(Listing, SaysAtMostTwentyOddities) {
    EXPECT_EQ(parsed(Lines(100, "junk"), {}).oddities().size(), 20U);
}

TEST(Listing, SumsWithoutOverflow) {
    Lines list;
    for (int number = 1; number <= 20'000; ++number)
        list.push_back(std::to_string(number) + " 1125899906842624");  // 2^50
    EXPECT_EQ(parsed({}, list).octets(), std::numeric_limits<std::uint64_t>::max());
}

}  // namespace
}  // namespace popkeep::pop3
