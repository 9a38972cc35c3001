#include <set>

#include "base/text.hpp"
#include "config/file.hpp"
#include "fuzz/target.hpp"

namespace popkeep::fuzz {
namespace {

/// A URL within what the file gave is one that a URL could give.
void require_sound(const config::Account& account) {
    require(!account.name.empty() && !account.url.host.empty(), "an account has a name and a host");
    require(printable(account.name, account.name.size()) == account.name, "an account's name can be printed");
    require(account.archive.empty() || account.archive.starts_with('/'), "an archive's path is absolute");
    const config::Url again = config::parse_url(account.url.text());
    require(
        again.host == account.url.host && again.user == account.url.user && again.port == account.url.port,
        "an account's URL can be written and read");
}

}  // namespace

void configuration(std::string_view input) {
    try {
        const auto parsed = config::parse(input, "/etc/popkeep.toml");
        std::set<std::string> names;
        for (const auto& account : parsed.accounts) {
            require_sound(account);
            require(names.insert(account.name).second, "no two accounts have one name");
        }
    } catch (const config::Invalid& invalid) {
        require(invalid.category() == Category::configuration, "a bad file has one category");
        const std::string line = invalid.what();
        require(printable(line, line.size()) == line, "the problem can be printed");
        for (const auto each : split(invalid.report(), '\n')) {
            std::string shown(each);
            std::erase(shown, '\t');
            require(printable(shown, shown.size()) == shown, "the report can be printed");
        }
        require(invalid.report().size() <= 64U << 10U, "the report is bounded");
    }
}

}  // namespace popkeep::fuzz
