#pragma once

#include <string>

#include "oauth/tokens.hpp"

namespace popkeep::oauth {

/// The person who signs in, as far as a sign-in needs one.
class Person {
  public:
    virtual ~Person() = default;
    /// Go to this address; come back by itself, or paste here what the browser shows then.
    virtual void invite(const std::string& url, bool comes_back) = 0;
    /// Go to this address on any device and type this code. `direct`: an address that has it already; may be
    /// empty.
    virtual void invite_with_code(const std::string& url, const std::string& code,
                                  const std::string& direct) = 0;
    virtual void tell(const std::string& sentence) = 0;
    /// Where a pasted address can be read; -1: nowhere.
    virtual int input() const = 0;
};

/// By the browser: authorization code with PKCE. Waits for the browser on a loopback address, and for a
/// pasted address, ten minutes. Throws Refused or Error.
Tokens sign_in_by_browser(const Client& client, Person& person);

/// By a code that is typed on another device (RFC 8628).
Tokens sign_in_by_device(const Client& client, Person& person);

}  // namespace popkeep::oauth
