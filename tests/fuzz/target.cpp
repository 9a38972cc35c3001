#include "fuzz/target.hpp"

#include <array>
#include <stdexcept>

namespace popkeep::fuzz {

void require(bool holds, const char* what) {
    if (!holds) throw std::logic_error(what);
}

std::span<const Target> targets() {
    static constexpr std::array all{
        Target{"capability", capability},
        Target{"command_line", command_line},
        Target{"configuration", configuration},
        Target{"decoder", decoder},
        Target{"frames", frames},
        Target{"header", header},
        Target{"listing", listing},
        Target{"mbox_append", mbox_append},
        Target{"mbox_read", mbox_read},
        Target{"mbox_scan", mbox_scan},
        Target{"netrc", netrc},
        Target{"postmark", postmark},
        Target{"prologue", prologue},
        Target{"quoting", quoting},
        Target{"readable", readable},
        Target{"redirect", redirect},
        Target{"refusal", refusal},
        Target{"reply", reply},
        Target{"sasl", sasl},
        Target{"srv", srv},
        Target{"summary", summary},
        Target{"tokens", tokens},
        Target{"url", url},
        Target{"values", values},
    };
    return all;
}

}  // namespace popkeep::fuzz
