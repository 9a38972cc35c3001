#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

/// The desktop's keyring (the Secret Service) through libsecret, which is loaded when it is first needed.
namespace popkeep::secret::keyring {

/// What an item is found by.
using Attributes = std::map<std::string, std::string>;

/// Those of a mailbox's password; mpop and msmtp use the same.
Attributes password_of(std::string_view user, std::string_view host);

/// There is no keyring to ask: popkeep was built without, libsecret isn't installed, or no session bus or
/// keyring runs, as under cron. Category permission.
class Absent : public Error {
  public:
    using Error::Error;
    explicit Absent(Error error) : Error(std::move(error)) {}
};

/// The secret with these attributes; nothing if there is none. `may_ask`: the desktop may ask the person to
/// unlock it; otherwise a locked keyring is an Error (permission). Throws Absent.
std::optional<std::string> find(const Attributes& attributes, bool may_ask);
/// Replaces what has these attributes. `label`: as keyring programs show it.
void store(const Attributes& attributes, const std::string& label, const std::string& secret);
/// True if there was something.
bool remove(const Attributes& attributes);

}  // namespace popkeep::secret::keyring
