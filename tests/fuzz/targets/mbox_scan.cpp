#include "fuzz/memory_file.hpp"
#include "fuzz/target.hpp"
#include "mbox/format.hpp"

namespace popkeep::fuzz {

// Any bytes as an mbox.
void mbox_scan(std::string_view input) {
    const MemoryFile box(input);
    require(box.junk().size() <= 1, "junk is in front only");
    std::uint64_t at = box.junk().empty() ? 0 : box.junk()[0];
    for (const mbox::Found& found : box.found()) {
        const bool blank = input.substr(0, found.start).find_first_not_of("\r\n") == std::string_view::npos;
        require(found.start == at || (at == 0 && blank), "messages lie next to each other");
        at = found.start + found.length;
        require(mbox::is_postmark(found.postmark), "a message begins with a postmark");
        require(found.closed || at == input.size(), "only the last message may be open");
        std::string content;
        require(box.read(found, content) == found.closed, "what is closed can be read");
        if (!found.closed) continue;
        require(content.size() == found.facts.size && sha256(content) == found.facts.content,
                "what is read is what was scanned");
    }
    require(at == input.size() || input.find_first_not_of("\r\n") == std::string_view::npos,
            "every byte is accounted for");
}

}  // namespace popkeep::fuzz
