#include "config/url.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "fuzz/target.hpp"

namespace popkeep::fuzz {
namespace {

/// What may hold a password, if it is long enough to be told from what may be repeated.
std::string_view userinfo_of(std::string_view text) {
    const auto begin = text.find("://");
    const auto at = text.rfind('@');
    if (begin == std::string_view::npos || at == std::string_view::npos || at < begin + 3 + 12) return {};
    const auto userinfo = text.substr(begin + 3, at - begin - 3);
    return text.substr(at).find(userinfo) == std::string_view::npos ? userinfo : std::string_view();
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
        const auto userinfo = userinfo_of(input);
        require(userinfo.empty() || told.find(userinfo) == std::string_view::npos,
                "no error repeats a password");
    }
}

}  // namespace popkeep::fuzz
