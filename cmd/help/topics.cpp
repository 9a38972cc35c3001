#include "help/topics.hpp"

#include <array>

namespace popkeep::cmd {
namespace {

constexpr std::array all_topics{
    Topic{
        "configuration",
        "popkeep.toml, key by key",
#include "topics/configuration.inc"
    },
    Topic{
        "exit-codes",
        "What the exit codes mean",
#include "topics/exit-codes.inc"
    },
    Topic{
        "recipes",
        "popkeep in daily use: what to write where",
#include "topics/recipes.inc"
    },
    Topic{
        "monitoring",
        "Unattended runs: who is told what, and when",
#include "topics/monitoring.inc"
    },
    Topic{
        "errors",
        "What goes wrong, what popkeep says, and what to do",
#include "topics/errors.inc"
    },
    Topic{
        "providers",
        "What is known of mail providers: servers, app passwords, ways of their own",
#include "topics/providers.inc"
    },
    Topic{
        "recovery",
        "What to back up, and the way back when something broke",
#include "topics/recovery.inc"
    },
    Topic{
        "archive",
        "The formats on disk: mbox, ledger, locks",
#include "topics/archive.inc"
    },
    Topic{
        "json",
        "What --json prints",
#include "topics/json.inc"
    },
};

}  // namespace

std::span<const Topic> topics() {
    return all_topics;
}

}  // namespace popkeep::cmd
