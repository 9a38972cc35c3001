#include <gtest/gtest.h>

// After gtest.
#include <rapidcheck/gtest.h>

#include "mbox/format.hpp"
#include "mbox/generators.hpp"
#include "mbox/mbox_file.hpp"

using namespace popkeep;

RC_GTEST_PROP(Scan, GivesBackWhatWasAppended, ()) {
    const auto contents = *rc::gen::container<std::vector<std::string>>(test::lines());
    std::string bytes;
    for (const auto& content : contents) {
        bytes += mbox::make_postmark("a@b", 1763985600);
        mbox::quote(content, bytes);
        bytes += '\n';
    }
    const test::MboxFile box(bytes);
    const test::Scanned scanned(box);
    RC_ASSERT(scanned.junk.empty());
    RC_ASSERT(scanned.found.size() == contents.size());
    for (std::size_t i = 0; i < contents.size(); ++i) {
        const mbox::Found& found = scanned.found[i];
        RC_ASSERT(found.closed);
        RC_ASSERT(mbox::is_own_postmark(found.postmark));
        RC_ASSERT(found.facts.content == sha256(contents[i]));
        RC_ASSERT(box.message(found.start, found.length) == contents[i]);
    }
}

RC_GTEST_PROP(Scan, AccountsForEveryByteOfAnyFile, ()) {
    const auto bytes = *test::bytes();
    const test::MboxFile box(bytes);
    const test::Scanned scanned(box);
    std::uint64_t at = 0;
    if (!scanned.junk.empty()) at = scanned.junk[0].second;
    for (const mbox::Found& found : scanned.found) {
        // In front of the first message empty lines go unreported.
        RC_ASSERT(found.start == at || (at == 0 && scanned.junk.empty()));
        at = found.start + found.length;
        RC_ASSERT(found.closed || at == bytes.size());
        const bool readable = box.message(found.start, found.length) != "not a message";
        RC_ASSERT(readable == found.closed);
        if (readable) RC_ASSERT(sha256(box.message(found.start, found.length)) == found.facts.content);
    }
    RC_ASSERT(at == bytes.size() || bytes.find_first_not_of("\r\n") == std::string::npos);
}
