#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pop3/endpoint.hpp"
#include "secret/token.hpp"

namespace popkeep::fetch {

/// When a message may be deleted from the server. Only archived ones ever are.
struct DeletePolicy {
    enum class Kind { never, fetched, after, keep };
    Kind kind = Kind::never;
    std::int64_t seconds = 0;  ///< after: since it was archived
    std::uint64_t count = 0;   ///< keep: this many of the highest message numbers stay
};

/// The brake: more deletions than this stop the run before the first DELE.
struct Brake {
    std::optional<std::uint64_t> messages;
    std::optional<unsigned> percent;  ///< of the listing
    /// Neither: 100 messages or 20 % of the listing, whichever is more.
    std::uint64_t allowed(std::uint64_t listed) const;
};

/// One account's run, as values.
struct Job {
    std::string name;      ///< {account}: section's name, or user@host of a URL
    std::string identity;  ///< user@host, or the configuration's `id`
    pop3::Endpoint endpoint;
    pop3::Login login;
    /// Instead of the password in `login`: asked before each sign-in.
    std::shared_ptr<secret::TokenSource> tokens;
    pop3::Options session;
    std::string archive;   ///< directory; must be an archive
    bool founded = false;  ///< this run has founded it, provisionally
    /// The mbox, relative to the archive, for what an account ({account}, as it was named at first contact)
    /// receives at a time.
    std::function<std::string(std::string_view account, std::int64_t seconds)> file;
    DeletePolicy deletes;
    Brake brake;
    bool dry_run = false;                ///< no RETR, no DELE, no write
    std::optional<std::uint64_t> limit;  ///< at most so many new messages
    bool drain = false;                  ///< sessions until one brings nothing new, LOGIN-DELAY honoured
    bool attended =
        false;  ///< a person is there: a refused password may be tried again, questions may be asked
};

}  // namespace popkeep::fetch
