#include "base/text.hpp"
#include "fuzz/memory_file.hpp"
#include "fuzz/target.hpp"
#include "mbox/format.hpp"

namespace popkeep::fuzz {

// Contents, each ended by a byte 0xFF, written as popkeep writes them.
void mbox_append(std::string_view input) {
    std::vector<std::string> contents;
    std::string bytes;
    for (const auto part : split(input, '\xFF')) {
        std::string content(part);
        if (!content.empty() && content.back() != '\n') content += '\n';
        bytes += mbox::make_postmark("a@b", 1763985600);
        mbox::quote(content, bytes);
        bytes += '\n';
        contents.push_back(std::move(content));
    }
    const MemoryFile box(bytes);
    require(box.junk().empty(), "nothing is junk");
    require(box.found().size() == contents.size(), "there are as many messages as were appended");
    for (std::size_t i = 0; i < contents.size(); ++i) {
        const mbox::Found& found = box.found()[i];
        require(found.closed && mbox::is_own_postmark(found.postmark), "each is whole, and ours");
        require(found.facts.content == sha256(contents[i]), "the scan finds what was appended");
        std::string content;
        require(box.read(found, content) && content == contents[i], "what was appended is read back");
    }
}

}  // namespace popkeep::fuzz
