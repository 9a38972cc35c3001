#include "mime/readable.hpp"

#include <gtest/gtest.h>

#include <string>

using popkeep::mime::read;

TEST(Readable, ShowsTheTextOfAMultipartAndNamesItsAttachments) {
    const auto readable = read(
        "From: me@example.com\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n"
        "caf=E9\n--b\nContent-Type: application/pdf; name=bill.pdf\n"
        "Content-Disposition: attachment; filename=bill.pdf\nContent-Transfer-Encoding: base64\n\n"
        "AAAA\n--b--\n");
    EXPECT_EQ(readable.body, "café");
    ASSERT_EQ(readable.attachments.size(), 1U);
    EXPECT_EQ(readable.attachments[0], "bill.pdf, application/pdf, 3 B");
}

TEST(Readable, NeutralisesControlCharactersButKeepsLines) {
    EXPECT_EQ(read("Subject: x\n\none\x1b[2J\ntwo\n").body, "one\\x1b[2J\ntwo\n");
}

TEST(Readable, ShowsTheTextOfAMultipartWithoutParts) {
    const std::string type = "Content-Type: multipart/mixed";
    EXPECT_EQ(read(type + "\n\nno boundary\ncaf\xe9\n").body, "no boundary\ncaf\\xe9\n");
    EXPECT_EQ(read(type + "; boundary=b\n\nanother\n--c\n").body, "another\n--c\n");
    EXPECT_EQ(read(type + "; boundary=b\n\nfront\n--b--\nbehind\n").body, "front\nbehind\n");
    EXPECT_EQ(read(type + "; boundary=b\n\nfor old readers\n--b\n\ntext\n--b--\n").body, "text");
}

TEST(Readable, DecodesAFieldOnce) {
    EXPECT_EQ(read("Subject: =?utf-8?Q?=3D=3Futf-8=3FQ=3Fabc=3F=3D?=\n\nx\n").fields.at(0).second,
              "=?utf-8?Q?abc?=");
    EXPECT_EQ(read("Subject: =?utf-8?Q?J=C3=BCrgen?=\n\nx\n").fields.at(0).second, "Jürgen");
}

TEST(Readable, StopsAtItsLimit) {
    EXPECT_FALSE(read("Subject: x\n\n" + std::string(2 << 20, 'x')).complete);
    EXPECT_FALSE(read("Subject: x\n\n" + std::string(20 << 10, 'x') + "\n").complete);
    EXPECT_FALSE(read(std::string("Subject: x\n\none\0two\n", 20)).complete);
    EXPECT_TRUE(read("Subject: x\n\none\ntwo\n").complete);
}

TEST(Readable, SurvivesDeepNesting) {
    std::string text = "Subject: x\n";
    for (int i = 0; i < 5000; ++i) {
        const std::string b = std::to_string(i);
        text += "Content-Type: multipart/mixed; boundary=" + b + "\n\n--" + b + "\n";
    }
    EXPECT_EQ(read(text).body, "");
    EXPECT_FALSE(read(text).complete);
}
