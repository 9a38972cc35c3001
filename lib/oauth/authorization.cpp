#include "oauth/authorization.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <map>
#include <utility>

#include "base/base64.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "json/object.hpp"

namespace popkeep::oauth {
namespace {

std::map<std::string, std::string> parameters(std::string_view address) {
    if (const std::size_t mark = address.find('?'); mark != std::string_view::npos)
        address.remove_prefix(mark + 1);
    address = address.substr(0, address.find('#'));
    std::map<std::string, std::string> found;
    for (const std::string_view pair : split(address, '&')) {
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos)
            found.emplace(decoded(pair.substr(0, equals)), decoded(pair.substr(equals + 1)));
    }
    return found;
}

bool equal_in_constant_time(const std::string& a, const std::string& b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::string random_text(std::size_t bytes) {
    std::string random(bytes, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(bytes)) != 1)
        throw Error(Category::software, "OpenSSL gives no random bytes");
    return base64url(random);
}

Authorization::Authorization(const Client& client, std::string redirect_url)
    : client_(client),
      redirect_url_(std::move(redirect_url)),
      verifier_(random_text(32)),
      state_(random_text(16)) {}

std::string Authorization::url() const {
    const Digest digest = sha256(verifier_);
    Form form{{"response_type", "code"},
              {"client_id", client_.id},
              {"redirect_uri", redirect_url_},
              {"state", state_},
              {"code_challenge", base64url({reinterpret_cast<const char*>(digest.data()), digest.size()})},
              {"code_challenge_method", "S256"}};
    if (!client_.scope.empty()) form.emplace_back("scope", client_.scope);
    if (!client_.user.empty()) form.emplace_back("login_hint", client_.user);
    const std::string& base = client_.authorization_url;
    return base + (base.find('?') == std::string::npos ? '?' : '&') + encoded(form);
}

Authorization::Reading Authorization::read(std::string_view address) {
    auto given = parameters(address);
    if (!given.contains("state")) return Reading::nothing;
    if (!equal_in_constant_time(given["state"], state_)) return Reading::foreign;
    if (!given["error"].empty()) {
        json::Object object;
        object.set("error", given["error"]);
        object.set("error_description", given["error_description"]);
        Answer answer;
        answer.status = 400;
        answer.body = object.dump();
        refuse(client_, client_.authorization_url, answer, {});
    }
    if (given["code"].empty()) return Reading::nothing;
    code_ = given["code"];
    return Reading::code;
}

Tokens Authorization::redeem() const {
    Tokens tokens = ask_for_tokens(client_, {{"grant_type", "authorization_code"},
                                             {"code", code_},
                                             {"redirect_uri", redirect_url_},
                                             {"code_verifier", verifier_}});
    tokens.grant = random_text(16);
    return tokens;
}

}  // namespace popkeep::oauth
