#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "oauth/client.hpp"

namespace popkeep::oauth {

using Form = std::vector<std::pair<std::string, std::string>>;

std::string percent_encoded(std::string_view text);
/// "a=b&c=d", percent-encoded.
std::string encoded(const Form& form);
/// What stands for %XX and '+' in a query.
std::string decoded(std::string_view text);

/// "host:port" of an address, for messages.
std::string place_of(const std::string& url);

struct Answer {
    long status = 0;
    std::string body;  ///< at most 256 KiB

    Answer() = default;
    Answer(Answer&&) = default;
    Answer& operator=(Answer&&) = default;
    Answer(const Answer&) = delete;
    Answer& operator=(const Answer&) = delete;
    ~Answer();
};

/// The client's id and secret (RFC 6749 section 2.3.1), which is asked for.
struct Credentials {
    std::string id;
    secret::Password secret;
};

/// Sends a form to an address of the client's authorization server. Redirects aren't followed, and the
/// certificate is verified. Throws no_host, unavailable, temporary or protocol; nothing of what was sent is
/// in the Error. After a request to stop an answer that is under way is still waited for, for some seconds.
/// `basic`: sent by HTTP Basic authentication; null: not.
Answer post(const Client& client, const std::string& url, const Form& form,
            const Credentials* basic = nullptr);

}  // namespace popkeep::oauth
