#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "archive/archive.hpp"

namespace popkeep::archive {

/// What verify found. It changes no mbox and no ledger row.
struct Verdict {
    std::uint64_t exact = 0;      ///< content as recorded
    std::uint64_t edited = 0;     ///< exact but for a reader's status headers
    std::uint64_t missing = 0;    ///< recorded, but the bytes aren't there
    std::uint64_t unclaimed = 0;  ///< whole messages that no account claims
    std::uint64_t unexplained_bytes = 0;
    std::uint64_t mboxes = 0, bytes = 0;
    struct Finding {
        bool serious = false;  ///< false: a warning, e.g. a Content-Length that hides the next message
        std::string path;      ///< relative
        std::string sentence;
    };
    std::vector<Finding> findings;  ///< at most 1,000
    bool sound() const { return missing == 0 && unexplained_bytes == 0; }
};

struct VerifyOptions {
    bool quick = false;  ///< sizes and edges only, no content is read
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;  ///< bytes; may be empty
};

Verdict verify(Archive& archive, const VerifyOptions& options);

}  // namespace popkeep::archive
