#include <gtest/gtest.h>

// After gtest.
#include <rapidcheck/gtest.h>

#include "message/facts.hpp"

using namespace popkeep;
using message::Facts;

namespace {

// Content of such pieces comes near every branch.
rc::Gen<std::string> content() {
    const auto piece = rc::gen::element<std::string>(
        "\n", "\r", " ", "\t", ":", "A: 1\n", "Status: RO\n", "X-Keywords", "Received: from a by b; ",
        "Received", "24 Nov 2025 12:00:00 +0000\n", "Return-Path: <a@b>\n", "Content-Length: 7\n", "body",
        std::string(9000, 'x'), std::string(1, '\0'));
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece), [](const auto& pieces) {
        std::string all;
        for (const auto& one : pieces) all += one;
        return all;
    });
}

Facts examine_split(std::string_view bytes, const std::vector<std::size_t>& lengths) {
    message::Examiner examiner;
    for (std::size_t i = 0; !bytes.empty(); ++i) {
        const std::size_t length = i < lengths.size() ? lengths[i] % 12 : bytes.size();
        examiner.feed(bytes.substr(0, length));
        bytes.remove_prefix(std::min(length, bytes.size()));
    }
    return examiner.finish();
}

void expect_same(const Facts& a, const Facts& b) {
    RC_ASSERT(a.content == b.content);
    RC_ASSERT(a.header == b.header);
    RC_ASSERT(a.stripped == b.stripped);
    RC_ASSERT(a.size == b.size);
    RC_ASSERT(a.lines == b.lines);
    RC_ASSERT(a.sender == b.sender);
    RC_ASSERT(a.received == b.received);
    RC_ASSERT(a.content_length == b.content_length);
    RC_ASSERT(a.body_size == b.body_size);
    RC_ASSERT(a.readers_size == b.readers_size);
    RC_ASSERT(a.readers_lines == b.readers_lines);
}

}  // namespace

RC_GTEST_PROP(Examiner, FactsDoNotDependOnHowContentIsSplit, ()) {
    const auto bytes = *content();
    const auto lengths = *rc::gen::arbitrary<std::vector<std::size_t>>();
    expect_same(examine_split(bytes, lengths), message::examine(bytes));
}

RC_GTEST_PROP(Examiner, AReadersFieldChangesNeitherHeaderNorStrippedDigest, (std::string body)) {
    const Facts plain = message::examine("A: 1\nB: 2\n\n" + body);
    const Facts read = message::examine("A: 1\nStatus: RO\n and more\nB: 2\n\n" + body);
    RC_ASSERT(read.header == plain.header);
    RC_ASSERT(read.stripped == plain.content);
    RC_ASSERT(read.size - read.readers_size == plain.size);
    RC_ASSERT(read.lines - read.readers_lines == plain.lines);
}
