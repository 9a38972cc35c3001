#include "mime/field.hpp"

#include "base/text.hpp"

namespace popkeep::mime {
namespace {

std::string unfolded(std::string_view value) {
    std::string out;
    for (const char c : value) {
        const bool blank = c == ' ' || c == '\t';
        while (blank && (out.ends_with('\n') || out.ends_with('\r'))) out.pop_back();
        out += blank ? ' ' : c;
    }
    return out;
}

}  // namespace

std::string printable_field(std::string_view value, std::size_t limit) {
    return printable(unfolded(value), limit);
}

}  // namespace popkeep::mime
