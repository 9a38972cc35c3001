#include "oauth/store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/clock.hpp"
#include "base/digest.hpp"
#include "base/interrupt.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"
#include "file/temporary.hpp"
#include "secret/home.hpp"
#include "secret/obtain.hpp"
#include "secret/secret_file.hpp"

namespace popkeep::oauth {
namespace {

constexpr auto lock_patience = std::chrono::seconds(120);

std::string folder() {
    const std::string base = secret::state_folder();
    if (base.empty())
        throw Error(Category::permission, "there is no home folder to keep tokens in")
            .next("set HOME or XDG_STATE_HOME");
    std::error_code problem;
    std::filesystem::create_directories(base, problem);
    if (problem) throw system_error(problem.value(), "make the folder", base);
    file::make_directories(base, "popkeep/tokens");
    return base + "/popkeep/tokens";
}

std::string file_name(const std::string& account) {
    std::string name;
    for (const char c : account) {
        if (c == '/') {
            name += "%2F";
        } else {
            name += c == '.' && name.empty() ? '_' : c;
        }
    }
    return name.substr(0, 150);
}

}  // namespace

Store::Store(const Client& client, Keep keep) : keep_(keep) {
    // NULs keep the parts apart.
    std::string identity = client.user;
    for (const std::string& part : {client.id, client.token_url}) identity.append(1, '\0').append(part);
    const std::string key = to_hex(sha256(identity)).substr(0, 12);
    attributes_ = {
        {"service", "popkeep-oauth"}, {"account", client.account}, {"user", client.user}, {"key", key}};
    path_ = folder() + "/" + file_name(client.account) + "-" + key;
    place_ = keep == Keep::file ? path_ + ".json" : "the keyring";
    label_ = "popkeep: sign-in of " + client.user;
}

file::Fd Store::lock() const {
    const std::string path = path_ + ".lock";
    file::Fd fd = file::open_regular(path, O_RDWR | O_CREAT);
    const Deadline deadline = Deadline::in(lock_patience);
    while (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) throw system_error(errno, "lock", path);
        interrupt::check();
        if (deadline.passed())
            throw Error(Category::temporary, "another popkeep has been refreshing this token for two minutes")
                .at(path)
                .next("try again later");
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return fd;
}

std::optional<Tokens> Store::load() const {
    if (keep_ == Keep::keyring) {
        auto text = secret::keyring::find(attributes_, secret::person_is_there());
        if (!text) return std::nullopt;
        auto tokens = Tokens::from_json(*text);
        secret::wipe(*text);
        return tokens;
    }
    auto file = secret::read_secret_file(place_);
    if (!file) return std::nullopt;
    secret::require_private(*file, place_);
    auto tokens = Tokens::from_json(file->text);
    secret::wipe(file->text);
    if (!tokens)
        throw Error(Category::data, "the file of tokens is damaged")
            .at(place_)
            .next("sign in again: it is replaced");
    return tokens;
}

void Store::save(const Tokens& tokens) const {
    std::string text = tokens.to_json();
    if (keep_ == Keep::file) {
        file::replace(place_, text);
    } else {
        secret::keyring::store(attributes_, label_, text);
    }
    secret::wipe(text);
}

bool Store::remove() const {
    if (keep_ == Keep::keyring) return secret::keyring::remove(attributes_);
    const bool gone = unlink(place_.c_str()) == 0;
    if (!gone && errno != ENOENT) throw system_error(errno, "remove", place_);
    // A sign-in or a refresh that was killed may have left the same.
    const bool leftovers = file::remove_leftovers_of(place_);
    if (!gone && !leftovers) return false;
    file::sync_directory(file::parent_of(place_));
    return true;
}

}  // namespace popkeep::oauth
