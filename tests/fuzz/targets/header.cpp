#include <algorithm>

#include "base/text.hpp"
#include "fuzz/split.hpp"
#include "fuzz/target.hpp"
#include "message/facts.hpp"

namespace popkeep::fuzz {
namespace {

using message::Facts;

bool same(const Facts& a, const Facts& b) {
    return a.content == b.content && a.header == b.header && a.stripped == b.stripped && a.size == b.size &&
           a.lines == b.lines && a.sender == b.sender && a.received == b.received &&
           a.content_length == b.content_length && a.body_size == b.body_size;
}

}  // namespace

void header(std::string_view input) {
    const unsigned seed = take_byte(input);
    const Facts facts = message::examine(input);
    message::Examiner examiner;
    for (const auto piece : pieces_of(input, seed)) examiner.feed(piece);
    require(same(examiner.finish(), facts), "pieces make no difference");
    require(facts.content == sha256(input) && facts.size == input.size(), "all of it is digested");
    require(facts.lines == count_lines(input) && facts.body_size <= facts.size, "it is counted");
    require(facts.sender.size() <= 200, "the sender is bounded");
    require(std::ranges::none_of(facts.sender,
                                 [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; }),
            "the sender is one word");
    require(facts.received.value_or(0) >= 0, "a date is none before 1970");

    const auto top = input.substr(0, input.size() - facts.body_size);
    require(message::examine(top).header == facts.header, "the answer to TOP n 0 has the same header digest");

    if (input.starts_with(' ') || input.starts_with('\t')) return;
    const Facts read = message::examine("Status: RO\n" + std::string(input));
    require(read.header == facts.header, "a reader's field changes no header digest");
    require(read.stripped == facts.stripped.value_or(facts.content), "nor the digest without such fields");
    require(read.body_size == facts.body_size, "nor the body");
}

}  // namespace popkeep::fuzz
