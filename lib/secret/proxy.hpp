#pragma once

#include <string>

#include "secret/source.hpp"

namespace popkeep::secret {

/// The proxy's password, from the keys proxy_password_command or proxy_password_file. Throws an Error of
/// category permission if the source fails, usage if there are two.
Password proxy_password(const Source& source, const std::string& account);

}  // namespace popkeep::secret
