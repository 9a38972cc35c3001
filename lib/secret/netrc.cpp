#include "secret/netrc.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "secret/password.hpp"

namespace popkeep::secret {
namespace {

constexpr std::string_view blanks = " \t\r\n";

class Tokens {
  public:
    explicit Tokens(std::string_view text) : text_(text) {}

    /// Nothing at the end.
    std::optional<std::string> value() {
        at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size());
        if (at_ == text_.size()) return std::nullopt;
        if (text_[at_] == '"') return quoted();
        const std::size_t end = std::min(text_.find_first_of(blanks, at_), text_.size());
        const std::string_view token = text_.substr(at_, end - at_);
        at_ = end;
        return std::string(token);
    }

    std::optional<std::string> keyword() {
        for (;;) {
            at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size());
            if (at_ == text_.size() || text_[at_] != '#') return value();
            at_ = std::min(text_.find('\n', at_), text_.size());
        }
    }

    /// A macro ends at the first empty line.
    void skip_macro() {
        while (at_ < text_.size()) {
            const std::size_t end = std::min(text_.find('\n', at_), text_.size());
            const std::string_view line = text_.substr(at_, end - at_);
            at_ = std::min(end + 1, text_.size());
            if (line.empty() || line == "\r") return;
        }
    }

  private:
    std::string quoted() {
        const auto line =
            1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n');
        std::string out;
        out.reserve(Password::max_size);
        for (++at_; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
            char c = text_[at_];
            if (c == '"') {
                ++at_;
                return out;
            }
            if (c == '\\' && at_ + 1 < text_.size()) {
                c = text_[++at_];
                c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
            }
            out += c;
        }
        wipe(out);
        throw Error(Category::permission, fmt::format("a quote that opens in line {} isn't closed", line))
            .next("close it in the same line");
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

struct Entry {
    bool for_host = false;
    std::optional<std::string> login;
    std::optional<std::string> password;

    bool serves(const std::optional<std::string>& user) const {
        return for_host && password && (login ? !user || *login == *user : user.has_value());
    }
};

}  // namespace

std::optional<NetrcEntry> find_in_netrc(std::string_view text, std::string_view host,
                                        const std::optional<std::string>& user) {
    Tokens tokens(text);
    Entry entry;
    const auto found = [&] { return entry.serves(user); };
    while (const auto word = tokens.keyword()) {
        if (*word == "machine" || *word == "default") {
            if (found()) break;
            entry = {};
            entry.for_host = *word == "default" || equal_ignoring_case(tokens.value().value_or(""), host);
        } else if (*word == "login") {
            entry.login = tokens.value();
        } else if (*word == "password") {
            entry.password = tokens.value();
        } else if (*word == "account") {
            tokens.value();
        } else if (*word == "macdef") {
            tokens.skip_macro();
        }
    }
    if (!found()) return std::nullopt;
    return NetrcEntry{std::move(entry.login), std::move(*entry.password)};
}

}  // namespace popkeep::secret
