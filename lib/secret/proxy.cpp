#include "secret/proxy.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "secret/command.hpp"
#include "secret/first_line.hpp"
#include "secret/secret_file.hpp"

namespace popkeep::secret {

Password proxy_password(const Source& source, const std::string& account) {
    forbid_core_dumps();
    if (source.count() > 1)
        throw Error(Category::usage, "there are two sources for the proxy's password")
            .next("keep one of proxy_password_command and proxy_password_file");
    if (!source.command.empty())
        return {password_from_command(source.command, account, "proxy_password_command"),
                "proxy_password_command"};
    auto file = read_secret_file(source.file);
    if (!file)
        throw Error(Category::permission, "there is no such file, named by proxy_password_file")
            .at(source.file);
    require_private(*file, source.file);
    return {first_line(file->text), fmt::format("proxy_password_file ({})", source.file)};
}

}  // namespace popkeep::secret
