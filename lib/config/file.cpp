#include "config/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/text.hpp"
#include "file/fd.hpp"
#include "secret/home.hpp"
#include "secret/password.hpp"

namespace popkeep::config {
namespace {

constexpr std::size_t limit = std::size_t{1} << 20U;

Error unusable(const std::string& path, std::string sentence) {
    return Error(Category::configuration, std::move(sentence)).at(path);
}

/// It can name commands to run, so whoever may write it can do what we can.
void require_trusted(const struct stat& info, const std::string& path) {
    if (!S_ISREG(info.st_mode)) throw unusable(path, "the configuration is not a file");
    if (info.st_uid != 0 && info.st_uid != geteuid()) {
        throw unusable(path, "the configuration belongs to another user").next("make it yours with chown");
    }
    if ((info.st_mode & 022U) != 0) {
        throw unusable(path,
                       fmt::format("others can write the configuration (mode {:04o})", info.st_mode & 0777U))
            .next(fmt::format("chmod go-w '{}'", path));
    }
}

void require_private(const Configuration& configuration, const struct stat& info) {
    if (!configuration.holds_secret || (info.st_mode & 077U) == 0) return;
    throw unusable(configuration.path,
                   fmt::format("the configuration holds a secret and others can read it (mode {:04o})",
                               info.st_mode & 0777U))
        .next(fmt::format("chmod 600 '{}', or use a command or file for it", configuration.path));
}

std::string read_all(const file::Fd& fd, const std::string& path) {
    std::string text(limit + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t n = read(fd.get(), text.data() + size, text.size() - size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw unusable(path, "cannot read the configuration").said(std::strerror(errno));
        if (n == 0) break;
        size += static_cast<std::size_t>(n);
    }
    if (size > limit) throw unusable(path, "the configuration is larger than 1 MiB");
    text.resize(size);
    return text;
}

/// Empty if there is no home folder.
std::string users_file() {
    // A relative value is to be ignored, says the XDG Base Directory Specification.
    if (const char* xdg = std::getenv("XDG_CONFIG_HOME"); xdg != nullptr && *xdg == '/')
        return std::string(xdg) + "/popkeep/popkeep.toml";
    const std::string home = secret::home_folder();
    return home.empty() ? "" : home + "/.config/popkeep/popkeep.toml";
}

}  // namespace

const Account* Configuration::find(std::string_view name) const noexcept {
    const auto found = std::ranges::find(accounts, name, &Account::name);
    return found == accounts.end() ? nullptr : &*found;
}

const Account& Configuration::get(std::string_view name) const {
    if (const Account* account = find(name)) return *account;
    std::vector<std::string> names;
    for (const Account& account : accounts) names.push_back(account.name);
    std::string hint = "it has no accounts";
    if (const auto meant = nearest(name, names)) {
        hint = fmt::format("did you mean '{}'?", printable(*meant, 60));
    } else if (!names.empty()) {
        hint = "its accounts:";
        for (const std::string& each : names) hint += " " + printable(each, 60);
    }
    throw Error(Category::usage, fmt::format("there is no account '{}'", printable(name, 60)))
        .at(path)
        .next(hint);
}

std::optional<std::string> find(const std::optional<std::string>& given) {
    if (given) return given;
    std::vector<std::string> candidates{"/etc/popkeep/popkeep.toml"};
    if (const std::string own = users_file(); !own.empty()) candidates.insert(candidates.begin(), own);
    for (const std::string& path : candidates) {
        // What is there but can't be looked at is found, so that reading it tells why.
        if (access(path.c_str(), F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR)) return path;
    }
    return std::nullopt;
}

std::string own_file(const std::optional<std::string>& given) {
    if (given) return *given;
    const std::string own = users_file();
    if (own.empty())
        throw Error(Category::configuration, "there is no home folder for the configuration")
            .next("give --config FILE");
    return own;
}

Configuration load(const std::string& path) {
    secret::forbid_core_dumps();
    const file::Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    struct stat info {};
    if (!fd || fstat(fd.get(), &info) != 0) {
        throw unusable(path, "cannot read the configuration").said(std::strerror(errno));
    }
    require_trusted(info, path);
    std::string text = read_all(fd, path);
    std::error_code ignored;
    const std::filesystem::path absolute = std::filesystem::absolute(path, ignored);
    Configuration out;
    try {
        out = parse(text, absolute.string());
    } catch (...) {
        secret::wipe(text);
        throw;
    }
    secret::wipe(text);
    require_private(out, info);
    return out;
}

}  // namespace popkeep::config
