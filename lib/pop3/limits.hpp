#pragma once

#include <algorithm>
#include <chrono>

#include "pop3/endpoint.hpp"

namespace popkeep::pop3 {

/// How long each wait of a session may take.
struct Limits {
    std::chrono::seconds connect{60};         ///< from the name look-up to the end of libcurl's part
    std::chrono::seconds login{60};           ///< each answer until signed in
    std::chrono::seconds silence{120};        ///< nothing arrives within an answer, or no answer begins
    std::chrono::seconds first_byte{300};     ///< of RETR and TOP: servers fetch from slow storage
    std::chrono::seconds stall{300};          ///< an answer must bring 1 KiB a minute over this time
    std::chrono::seconds quit{10};            ///< nothing hangs on the answer
    std::chrono::seconds quit_deleting{600};  ///< the server removes messages before it answers

    /// The limits above, none longer than Options::wait_limit (and none shorter than a second).
    static Limits of(const Options& options) {
        Limits limits;
        if (!options.wait_limit) return limits;
        const auto most = std::max(*options.wait_limit, std::chrono::seconds(1));
        for (auto* limit : {&limits.connect, &limits.login, &limits.silence, &limits.first_byte,
                            &limits.stall, &limits.quit, &limits.quit_deleting})
            *limit = std::min(*limit, most);
        return limits;
    }
};

}  // namespace popkeep::pop3
