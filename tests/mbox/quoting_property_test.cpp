#include <gtest/gtest.h>

// After gtest.
#include <rapidcheck/gtest.h>

#include "mbox/find_from.hpp"
#include "mbox/format.hpp"
#include "mbox/generators.hpp"

using namespace popkeep;

namespace {

template <typename Filter>
std::string filtered(std::string_view bytes, const std::vector<std::size_t>& lengths) {
    Filter filter;
    std::string out;
    for (std::size_t i = 0; !bytes.empty(); ++i) {
        const std::size_t length = i < lengths.size() ? lengths[i] % 8 : bytes.size();
        filter.feed(bytes.substr(0, length), out);
        bytes.remove_prefix(std::min(length, bytes.size()));
    }
    filter.finish(out);
    return out;
}

// The definition, line by line.
std::string quoted_plainly(std::string_view content) {
    std::string out;
    while (!content.empty()) {
        const std::string_view line = content.substr(0, content.find('\n') + 1);
        const std::size_t marks = std::min(line.find_first_not_of('>'), line.size());
        if (line.substr(marks).starts_with("From ")) out += '>';
        out += line;
        content.remove_prefix(line.size());
    }
    return out;
}

}  // namespace

RC_GTEST_PROP(Quoting, IsWhatItsDefinitionSays, ()) {
    const auto content = *test::lines();
    std::string out;
    mbox::quote(content, out);
    RC_ASSERT(out == quoted_plainly(content));
}

RC_GTEST_PROP(Quoting, IsUndoneByUnquoting, ()) {
    const auto content = *test::lines();
    std::string stored;
    mbox::quote(content, stored);
    RC_ASSERT(filtered<mbox::Unquoter>(stored, {}) == content);
}

RC_GTEST_PROP(Quoting, DoesNotDependOnHowContentIsSplit, ()) {
    const auto content = *test::bytes();
    const auto lengths = *rc::gen::arbitrary<std::vector<std::size_t>>();
    RC_ASSERT(filtered<mbox::Quoter>(content, lengths) == filtered<mbox::Quoter>(content, {}));
    RC_ASSERT(filtered<mbox::Unquoter>(content, lengths) == filtered<mbox::Unquoter>(content, {}));
}

RC_GTEST_PROP(FindFrom, FindsWhatFindFinds, ()) {
    const std::string some(*rc::gen::inRange<std::size_t>(0, 200), *rc::gen::element(' ', 'F', 'x'));
    const auto text = some + *test::bytes() + some;
    for (std::size_t at = 0; at <= text.size(); ++at) {
        RC_ASSERT(mbox::find_from(text, at) == text.find("From ", at));
    }
}
