#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "mbox/format.hpp"
#include "mbox/mbox_file.hpp"

using namespace popkeep;

namespace {

std::string message_in(std::string_view bytes) {
    return test::MboxFile(bytes).message(0, bytes.size());
}

}  // namespace

TEST(ReadMessage, GivesTheUnquotedContent) {
    EXPECT_EQ(message_in("From a\nA: 1\n\n>From x\n\n"), "A: 1\n\nFrom x\n");
    EXPECT_EQ(message_in("From a\n\n"), "");
    EXPECT_EQ(message_in("From a\r\nA: 1\r\n\r\n"), "A: 1\r\n");
}

TEST(ReadMessage, ReadsOneMessageAmongOthers) {
    const test::MboxFile box("From a\nA: 1\n\nFrom b\nB: 2\n\nFrom c\nC: 3\n\n");
    EXPECT_EQ(box.message(13, 13), "B: 2\n");
}

TEST(ReadMessage, RefusesOtherForms) {
    for (const char* bytes :
         {"", "\n", "From a", "From a\n", "From a\nA: 1", "From a\nA: 1\n", "From \n\n\n\n\n",
          "from a\nA: 1\n\n", ">From a\nA: 1\n\n", "\nFrom a\nA: 1\n\n", "From a\nA: 1\n\r\r\n"}) {
        EXPECT_EQ(message_in(bytes), "not a message") << bytes;
    }
}

TEST(ReadMessage, RefusesWhatTheFileDoesNotHave) {
    const test::MboxFile box("From a\nA: 1\n\n");
    EXPECT_EQ(box.message(0, 14), "not a message");
    EXPECT_EQ(box.message(100, 20), "not a message");
}

TEST(ReadMessage, ReadsMoreThanABlock) {
    const std::string content =
        std::string(300000, '>') + "From x\n" + std::string(300000, 'y') + "\nFrom z\n";
    std::string bytes = mbox::make_postmark("a", 0);
    mbox::quote(content, bytes);
    EXPECT_EQ(message_in(bytes + "\n"), content);
}

TEST(ReadMessage, HearsAStop) {
    EXPECT_EXIT(
        {
            interrupt::install();
            raise(SIGTERM);
            try {
                message_in("From a\nA: 1\n\n");
            } catch (const Error& error) {
                _exit(error.exit_code());
            }
            _exit(0);
        },
        testing::ExitedWithCode(143), "");
}
