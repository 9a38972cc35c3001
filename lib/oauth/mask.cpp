#include "oauth/mask.hpp"

#include <algorithm>

#include "base/base64.hpp"

namespace popkeep::oauth {
namespace {

enum class Writing { plain, percent_encoded };

std::size_t size_of_first(std::string_view text) {
    const std::string_view byte = text.substr(0, 3);
    return byte.size() == 3 && decoded(byte).size() == 1 ? 3 : 1;
}

std::string masked(std::string_view text, std::string secret, Writing writing) {
    const bool encoded = writing == Writing::percent_encoded;
    std::string read = encoded ? decoded(text) : std::string(text);
    // decoded() takes a '+' for a blank, which it need not be.
    if (encoded)
        for (std::string* const one : {&read, &secret}) std::ranges::replace(*one, '+', ' ');
    const auto take = [&](std::size_t bytes) {
        std::size_t end = 0;
        for (; bytes > 0; --bytes) end += encoded ? size_of_first(text.substr(end)) : 1;
        const std::string_view taken = text.substr(0, end);
        text.remove_prefix(end);
        return taken;
    };
    // From left to right and never back: the secret may be a part of the mask.
    std::string out;
    std::size_t begin = 0;
    for (std::size_t at = 0; (at = read.find(secret, begin)) != std::string::npos;
         begin = at + secret.size()) {
        out.append(take(at - begin)).append("****");
        take(secret.size());
    }
    return out.append(text);
}

std::string value_of(const Form& form, std::string_view name) {
    const auto found = std::ranges::find(form, name, &Form::value_type::first);
    return found == form.end() ? "" : found->second;
}

}  // namespace

std::string without_secrets(std::string text, const Form& form) {
    std::vector<std::string> secrets;
    for (const auto& [name, value] : form) {
        if (value.empty() || name == "grant_type" || name == "client_id" || name == "scope") continue;
        secrets.push_back(value);
        if (name == "client_secret")
            secrets.push_back(
                base64(percent_encoded(value_of(form, "client_id")) + ":" + percent_encoded(value)));
    }
    for (const std::string& secret : secrets) {
        for (const Writing writing : {Writing::plain, Writing::percent_encoded})
            text = masked(text, secret, writing);
    }
    return text;
}

}  // namespace popkeep::oauth
