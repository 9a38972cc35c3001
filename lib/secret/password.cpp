#include "secret/password.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace popkeep::secret {

Password::Password(std::string&& text, std::string_view origin, std::size_t most) {
    text_.swap(text);
    // A short string isn't exchanged but copied.
    wipe(text);
    const auto refuse = [&](std::string_view why, std::string_view hint) {
        wipe(text_);
        throw Error(Category::permission, fmt::format("the password from {} {}", origin, why)).next(hint);
    };
    if (text_.empty()) refuse("is empty", "check what stands there, or remove it to use another source");
    if (text_.size() > most) {
        refuse(fmt::format("is longer than {} bytes", most),
               "check that it is the password and nothing else");
    }
    if (text_.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
        refuse("holds a line break or a NUL", "POP3 can't carry such a password: change it on the server");
    }
}

Password::Password(Password&& other) noexcept {
    text_.swap(other.text_);
    wipe(other.text_);
}

Password& Password::operator=(Password&& other) noexcept {
    text_.swap(other.text_);
    if (this != &other) wipe(other.text_);
    return *this;
}

Password::~Password() {
    wipe(text_);
}

void wipe(std::string& text) noexcept {
    // Within the capacity resize() allocates nothing, and so reaches what a shorter assignment left behind.
    text.resize(text.capacity());
    explicit_bzero(text.data(), text.size());
    text.clear();
}

void forbid_core_dumps() noexcept {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    // The limit doesn't hold for a core pattern that pipes into a program; this does.
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace popkeep::secret
