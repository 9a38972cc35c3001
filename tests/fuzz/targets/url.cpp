#include "config/url.hpp"

#include <cctype>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "fuzz/target.hpp"

namespace popkeep::fuzz {
namespace {

/// Where a password may stand, if it is long enough to be told from what may be repeated.
struct Userinfo {
    std::size_t begin = 0, size = 0;
};

Userinfo userinfo_of(std::string_view text) {
    const auto scheme = text.find("://");
    const auto at = text.rfind('@');
    if (scheme == std::string_view::npos || at == std::string_view::npos || at < scheme + 3 + 12) return {};
    const Userinfo found{scheme + 3, at - scheme - 3};
    const auto userinfo = text.substr(found.begin, found.size);
    return text.substr(at).find(userinfo) == std::string_view::npos ? found : Userinfo();
}

std::string error_of(std::string_view text) {
    try {
        config::parse_url(text);
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

/// The sentence may have the same words by itself: then it has them whatever stands in their place.
bool is_repeated(std::string_view input, Userinfo where, std::string_view told) {
    const auto userinfo = input.substr(where.begin, where.size);
    if (told.find(userinfo) == std::string_view::npos) return false;
    std::string other(input);
    for (std::size_t i = where.begin; i < where.begin + where.size; ++i) {
        if (std::isalnum(static_cast<unsigned char>(other[i])) != 0) other[i] = 'x';
    }
    return error_of(other).find(userinfo) == std::string::npos;
}

}  // namespace

void url(std::string_view input) {
    try {
        const config::Url parsed = config::parse_url(input);
        require(!parsed.host.empty() && parsed.port != 0, "it has a host and a port");
        require(printable(parsed.host, parsed.host.size()) == parsed.host, "the host can be printed");
        require(!parsed.user || printable(*parsed.user, parsed.user->size()) == *parsed.user,
                "the user can be printed");
        const config::Url again = config::parse_url(parsed.text());
        require(again.transport == parsed.transport && again.user == parsed.user &&
                    again.host == parsed.host && again.port == parsed.port,
                "written and read again it is the same");
    } catch (const Error& error) {
        require(error.category() == Category::usage, "a bad URL is a matter of usage");
        const std::string_view told = error.what();
        require(printable(told, told.size()) == told, "the error can be printed");
        const Userinfo userinfo = userinfo_of(input);
        require(userinfo.size == 0 || !is_repeated(input, userinfo, told), "no error repeats a password");
    }
}

}  // namespace popkeep::fuzz
