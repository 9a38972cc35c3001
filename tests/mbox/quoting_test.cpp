#include <gtest/gtest.h>

#include "mbox/format.hpp"

using namespace popkeep::mbox;

namespace {

std::string quoted(std::string_view content) {
    std::string out;
    quote(content, out);
    return out;
}

std::string unquoted(std::string_view stored) {
    std::string out;
    Unquoter unquoter;
    unquoter.feed(stored, out);
    unquoter.finish(out);
    return out;
}

}  // namespace

TEST(Quoting, GivesEveryLineThatLooksLikeAPostmarkOneMoreMark) {
    EXPECT_EQ(quoted("From a\n>From b\n>>From c\n"), ">From a\n>>From b\n>>>From c\n");
}

TEST(Quoting, ChangesNothingElse) {
    for (const char* line : {"", "\n", "From\n", "From:\n", " From x\n", ">\n", "> From x\n", "x From y\n",
                             "x>From y\n", "From", "Fro", ">", ">>Fro", "FFrom x\n", "FromFrom x\n"}) {
        EXPECT_EQ(quoted(line), line);
        EXPECT_EQ(unquoted(line), line);
    }
}

TEST(Quoting, LooksAtLineStartsOnly) {
    EXPECT_EQ(quoted("From From From \nFrom \n"), ">From From From \n>From \n");
    EXPECT_EQ(quoted("a\rFrom b\n"), "a\rFrom b\n");
    EXPECT_EQ(quoted(std::string_view("\0From b\n", 8)), std::string_view("\0From b\n", 8));
}

TEST(Quoting, AppendsToWhatIsThere) {
    std::string out = "before";
    quote("From a\n", out);
    EXPECT_EQ(out, "before>From a\n");
}

TEST(Unquoting, TakesOneMarkAway) {
    EXPECT_EQ(unquoted(">From a\n>>From b\nFrom c\n"), "From a\n>From b\nFrom c\n");
}

TEST(Quoting, HoldsBackNoMoreThanAWordWhateverTheRunsLength) {
    const std::string run(1 << 20, '>');
    Quoter quoter;
    std::string out;
    quoter.feed(run, out);
    EXPECT_EQ(out.size(), run.size());
    quoter.feed("From x\n", out);
    EXPECT_EQ(out, run + ">From x\n");

    Unquoter unquoter;
    out.clear();
    unquoter.feed(run, out);
    EXPECT_EQ(out.size(), run.size() - 1);
    unquoter.feed("From x\n", out);
    EXPECT_EQ(out, run.substr(1) + "From x\n");
}

TEST(Quoting, IsReadyForTheNextMessageAfterTheLast) {
    Quoter quoter;
    Unquoter unquoter;
    std::string stored;
    std::string content;
    quoter.feed("ends inside a line >", stored);
    quoter.finish(stored);
    quoter.feed("From x\n", stored);
    quoter.finish(stored);
    EXPECT_EQ(stored, "ends inside a line >>From x\n");
    unquoter.feed(">Fro", content);
    unquoter.finish(content);
    EXPECT_EQ(content, ">Fro");
    unquoter.feed(">From", content);
    unquoter.feed(" x\n", content);
    EXPECT_EQ(content, ">FroFrom x\n");
}
