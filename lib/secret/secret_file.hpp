#pragma once

#include <optional>
#include <string>

namespace popkeep::secret {

/// Everything that stands in a small file of secrets, or in a pipe (/dev/fd/N, a FIFO: at most 60 s of
/// waiting). Nothing if it isn't there. Throws (permission) if it can't be read, isn't a file, or is beyond 1
/// MiB.
struct SecretFile {
    std::string text;
    unsigned mode = 0;  ///< permission bits
};
std::optional<SecretFile> read_secret_file(const std::string& path);

/// Throws (permission) if group or others have any right on the file; `path` is in the message.
void require_private(const SecretFile& file, const std::string& path);

}  // namespace popkeep::secret
