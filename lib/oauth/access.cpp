#include "oauth/access.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/clock.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"

namespace popkeep::oauth {
namespace {

/// A session is signed in within this time, however slow the server is.
constexpr std::int64_t margin = 120;

bool is_usable(const Tokens& tokens) {
    if (tokens.access.empty()) return false;
    // A clock that went back says nothing about what is left.
    if (now() < tokens.obtained_at) return false;
    return !tokens.expires_at || now() + margin < *tokens.expires_at;
}

class StoredTokens : public secret::TokenSource {
  public:
    StoredTokens(Client client, Keep keep, bool attended)
        : client_(std::move(client)), store_(client_, keep), attended_(attended) {}

    std::string mark() override {
        const auto tokens = store_.load();
        return tokens ? "grant " + tokens->grant : "";
    }

    secret::Password token() override {
        const file::Fd lock = store_.lock();
        Tokens tokens = loaded();
        fresh_ = false;
        if (!is_usable(tokens)) {
            refresh(tokens);
            fresh_ = true;
        }
        warn(tokens);
        return {std::string(tokens.access), "the authorization server", secret::Password::max_token_size};
    }

    /// One that was just given out isn't going to be replaced by a better one.
    bool renew() override {
        if (std::exchange(fresh_, true)) return false;
        const file::Fd lock = store_.lock();
        Tokens tokens = loaded();
        if (tokens.refresh.empty()) return false;
        tokens.access.clear();
        store_.save(tokens);
        return true;
    }

    std::optional<std::string> take_warning() override { return std::exchange(warning_, std::nullopt); }

  private:
    std::string login_again() const {
        return fmt::format("run `popkeep login {}`", printable(client_.account));
    }

    Tokens loaded() const {
        auto tokens = store_.load();
        if (tokens) return *tokens;
        throw Error(Category::permission, "nobody has signed in for this account yet").next(login_again());
    }

    void refresh(Tokens& tokens) {
        if (tokens.refresh.empty())
            throw Error(Category::permission,
                        "the access token has expired, and the provider gave none to refresh it with")
                .next(login_again() + "; ask for a scope that allows it, such as offline_access");
        if (!tokens.refused.empty() && !attended_)
            throw Error(Category::permission, "the provider no longer accepts this sign-in")
                .said(tokens.refused)
                .next(login_again());
        // A disk that takes nothing is found out now, and not when the old refresh token is worth nothing.
        store_.save(tokens);
        try {
            tokens = refreshed(client_, tokens);
        } catch (const Refused& refusal) {
            if (refusal.for_good()) {
                tokens.refused = refusal.code();
                tokens.access.clear();
                store_.save(tokens);
            }
            throw;
        }
        store_.save(tokens);
        interrupt::check();
    }

    /// Once a day where nobody is there.
    void warn(Tokens& tokens) {
        if (!tokens.refresh_expires_at) return;
        const std::int64_t left = *tokens.refresh_expires_at - now();
        const std::int64_t short_time = std::min(
            7 * seconds_per_day, tokens.refresh_life > 0 ? tokens.refresh_life / 4 : 7 * seconds_per_day);
        if (left > short_time || (!attended_ && now() < tokens.warned_at + seconds_per_day)) return;
        warning_ = fmt::format("the sign-in ends at {}; {} before that",
                               local_time(*tokens.refresh_expires_at), login_again());
        tokens.warned_at = now();
        store_.save(tokens);
    }

    Client client_;
    Store store_;
    bool attended_;
    bool fresh_ = false;
    std::optional<std::string> warning_;
};

}  // namespace

std::shared_ptr<secret::TokenSource> stored_tokens(Client client, Keep keep, bool attended) {
    return std::make_shared<StoredTokens>(std::move(client), keep, attended);
}

}  // namespace popkeep::oauth
