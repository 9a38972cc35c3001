#include "mime/charset.hpp"

#include <iconv.h>

#include <array>
#include <cerrno>
#include <memory>

namespace popkeep::mime {
namespace {

struct Close {
    void operator()(iconv_t conversion) const noexcept { iconv_close(conversion); }
};

}  // namespace

std::string to_utf8(std::string_view text, const char* charset) {
    iconv_t opened = iconv_open("UTF-8", charset);
    // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv_open(3) says "no" by it
    if (opened == reinterpret_cast<iconv_t>(-1)) return std::string(text);
    const std::unique_ptr<void, Close> conversion(opened);
    std::string in(text);
    std::string out;
    std::array<char, 4096> buffer{};
    char* at = in.data();
    std::size_t left = in.size();
    while (left > 0) {
        char* to = buffer.data();
        std::size_t room = buffer.size();
        const bool stopped = iconv(conversion.get(), &at, &left, &to, &room) == static_cast<std::size_t>(-1);
        const bool unfit = stopped && errno != E2BIG;
        out.append(buffer.data(), buffer.size() - room);
        if (!unfit) continue;
        out += *at++;
        --left;
    }
    return out;
}

}  // namespace popkeep::mime
