#include "base/error.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <new>
#include <stdexcept>

using namespace popkeep;

TEST(Error, SaysWhereWhatWhatWasSaidAndWhatToDo) {
    Error error(Category::temporary, "the maildrop is busy");
    error.at("pop.example.org:995").said("-ERR [IN-USE]").next("try again later");
    EXPECT_STREQ(error.what(), "pop.example.org:995: the maildrop is busy (-ERR [IN-USE]); try again later");
    EXPECT_EQ(error.sentence(), "the maildrop is busy");
    EXPECT_EQ(error.exit_code(), 75);
}

TEST(Error, KeepsTheInnermostPlace) {
    Error error(Category::io, "cannot read");
    error.at("a.mbox").at("the archive");
    EXPECT_EQ(error.where(), "a.mbox");
}

TEST(Error, LetsNoControlCharacterOfTheOtherSideThrough) {
    Error error(Category::protocol, "the server refused");
    error.said("\x1b[2Jgone\r\n");
    EXPECT_EQ(error.said(), "\\x1b[2Jgone\\r\\n");
}

TEST(SystemError, KeepsErrnoAndHintsAtTheRemedy) {
    const SystemError error = system_error(ENOSPC, "write", "a.mbox");
    EXPECT_EQ(error.number(), ENOSPC);
    EXPECT_EQ(error.category(), Category::io);
    EXPECT_EQ(error.where(), "a.mbox");
    EXPECT_EQ(error.sentence(), "cannot write");
    EXPECT_NE(error.next().find("free some space"), std::string::npos);
}

TEST(SystemError, IsCaughtAsAnError) {
    try {
        throw system_error(EFBIG, "write", "a.mbox");
    } catch (const Error& error) {
        EXPECT_EQ(error.exit_code(), 74);
    }
}

TEST(ErrorOf, IsOfTheDiskIfAFileCouldNotBeHad) {
    const std::filesystem::filesystem_error failure("status", "/mail/.popkeep",
                                                    std::make_error_code(std::errc::io_error));
    const Error error = error_of(failure);
    EXPECT_EQ(error.category(), Category::io);
    EXPECT_EQ(error.where(), "/mail/.popkeep");
}

TEST(ErrorOf, IsPassingIfThereWasNoMemory) {
    EXPECT_EQ(error_of(std::bad_alloc()).category(), Category::temporary);
}

TEST(ErrorOf, IsADefectIfNobodyKnowsBetter) {
    EXPECT_EQ(error_of(std::out_of_range("at")).category(), Category::software);
}

TEST(ErrorOf, StaysWhatItIs) {
    EXPECT_STREQ(error_of(Error(Category::data, "damaged").at("a.mbox")).what(), "a.mbox: damaged");
}
