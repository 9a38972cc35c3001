#include "secret/netrc.hpp"

#include "base/error.hpp"
#include "fuzz/target.hpp"

namespace popkeep::fuzz {
namespace {

std::string quoted(std::string_view token) {
    std::string out = "\"";
    for (const char c : token) {
        if (c == '"' || c == '\\') out += '\\';
        out += c == '\n' ? "\\n" : std::string(1, c);
    }
    return out + '"';
}

}  // namespace

void netrc(std::string_view input) {
    try {
        for (const auto& user :
             {std::optional<std::string>(), std::optional<std::string>("me@example.com")}) {
            const auto entry = secret::find_in_netrc(input, "pop.example.com", user);
            const auto upper = secret::find_in_netrc(input, "POP.EXAMPLE.COM", user);
            require(entry.has_value() == upper.has_value(), "a host's case decides nothing");
            if (!entry) continue;
            require(upper->login == entry->login && upper->password == entry->password,
                    "it is the same entry");
            require(entry->login || user, "a password without a user is none");
            require(!user || !entry->login || *entry->login == *user, "the login is the one asked for");
            const std::string login = entry->login ? " login " + quoted(*entry->login) : "";
            const auto again = secret::find_in_netrc(
                "machine pop.example.com" + login + " password " + quoted(entry->password), "pop.example.com",
                user);
            require(again && again->login == entry->login && again->password == entry->password,
                    "written with quotes it is read back");
        }
    } catch (const Error& error) {
        require(error.category() == Category::permission, "a bad netrc is no permission");
    }
}

}  // namespace popkeep::fuzz
