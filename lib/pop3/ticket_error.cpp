#include "pop3/ticket_error.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace popkeep::pop3 {
namespace {

struct Trouble {
    std::array<std::string_view, 3> words;  ///< any of them
    Category category;
    const char *sentence, *next;
};

constexpr std::array troubles{
    Trouble{{"No Kerberos credentials", "No credentials"},
            Category::permission,
            "there is no Kerberos ticket",
            "get one with kinit, or name a keytab by KRB5_CLIENT_KTNAME (popkeep.toml(5))"},
    Trouble{{"Ticket expired", "credential has expired"},
            Category::permission,
            "the Kerberos ticket has expired",
            "get a new one with kinit, or name a keytab by KRB5_CLIENT_KTNAME (popkeep.toml(5))"},
    Trouble{{"Server pop/", "Server pop@"},
            Category::permission,
            "the Kerberos realm doesn't know this server",
            "write the host as its administrator named it there: pop/HOST (popkeep.toml(5))"},
    Trouble{{"Cannot contact any KDC", "Cannot find KDC", "Cannot resolve network address"},
            Category::unavailable,
            "the Kerberos realm can't be reached",
            "try again later; krb5.conf says where its KDCs are"},
};

/// Without the function that failed, GSS-API's general words where Kerberos' own follow, and the full stop.
std::string_view essence(std::string_view words) {
    for (const std::string_view before : {" failed: ", "unavailable or inaccessible. "})
        if (const auto at = words.find(before); at != std::string_view::npos)
            words.remove_prefix(at + before.size());
    return words.substr(0, words.find_last_not_of(". \r\n") + 1);
}

}  // namespace

Error ticket_error(std::string_view words) {
    const auto speaks_of = [&](const Trouble& trouble) {
        return std::ranges::any_of(trouble.words, [&](std::string_view word) {
            return !word.empty() && words.find(word) != std::string_view::npos;
        });
    };
    const auto* const trouble = std::ranges::find_if(troubles, speaks_of);
    auto error = trouble == troubles.end() ? Error(Category::permission, "the sign-in by Kerberos failed")
                                                 .next("klist shows the ticket, kinit gets a new one")
                                           : Error(trouble->category, trouble->sentence).next(trouble->next);
    return error.said(std::string(essence(words)));
}

}  // namespace popkeep::pop3
