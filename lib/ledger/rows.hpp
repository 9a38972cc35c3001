#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"

/// Rows of the ledger as values; schema/001-ledger.sql says what the columns mean. Times: Unix seconds.
namespace popkeep::ledger {

using Id = std::int64_t;
using Ids = std::vector<Id>;

struct Account {
    Id id = 0;
    std::string identity, name;
    std::int64_t first_attempt = 0, last_attempt = 0;
    std::optional<std::int64_t> last_success, last_exit, last_told;
    std::optional<std::string> last_error;
    bool deleted_once = false;
    std::optional<std::int64_t> refused_at;
    std::int64_t refused_count = 0;
    std::optional<std::int64_t> refused_mark;
    std::optional<std::string> refused_salt;
};

struct Listing {
    Digest digest{};
    std::uint64_t count = 0, octets = 0;
    std::int64_t taken_at = 0;
    bool settled = false;
};

struct Mbox {
    Id id = 0;
    std::string path;  ///< relative to the archive
    std::uint64_t size = 0, inode = 0;
    std::int64_t mtime_ns = 0;
    Digest edges{};
};

enum class State { prepared, archived, unclaimed, missing };
enum class Proof { content, header };

struct Message {
    Id id = 0;
    std::optional<Id> account;
    std::optional<std::string> uid;  ///< raw bytes
    std::optional<std::uint64_t> list_size;
    State state = State::prepared;
    std::optional<Proof> proof;
    Id mbox = 0;
    std::uint64_t start = 0, length = 0;
    std::optional<std::string> postmark;  ///< while prepared, with its LF
    Digest content{}, header{};
    std::optional<Digest> stripped;
    std::uint64_t size = 0, lines = 0, bare_lf = 0;
    bool edited = false, refetch = false;
    std::optional<Id> replaces;
    std::int64_t archived_at = 0;

    std::uint64_t end() const { return start + length; }
};

struct Refusal {
    Id account = 0;
    std::string uid;
    std::optional<std::uint64_t> list_size;
    bool broke_session = false;
    std::string said;  ///< raw
    std::int64_t first_at = 0, last_at = 0;
    std::int64_t count = 0;  ///< of failures; 0: it only came when a session broke, and may not be at fault
    std::optional<std::int64_t> told_at;
};

struct Deletion {
    Id id = 0, account = 0, message = 0;
    std::optional<std::string> uid;
    Digest content{};
    std::string path;
    std::int64_t asked_at = 0;
    std::string outcome;  ///< unknown, confirmed, refused, still listed
    std::optional<std::string> quit_reply;
};

/// A process that took locks.
struct Run {
    std::int64_t pid = 0;
    std::string beginnings;  ///< of the machine and, in it, of the process
    std::string host;
    std::int64_t started_at = 0;
};

struct Host {
    std::optional<std::int64_t> lockstep_until;
    bool list_inexact = false;
};

}  // namespace popkeep::ledger
