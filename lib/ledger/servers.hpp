#pragma once

#include <sys/types.h>

#include <string_view>
#include <vector>

#include "ledger/database.hpp"
#include "ledger/rows.hpp"

namespace popkeep::ledger {

/// What was learned about servers, and which processes of ours may have left locks.
class Servers {
  public:
    explicit Servers(Database& database) : db_(database) {}

    Host host(std::string_view place);
    void remember(std::string_view place, const Host& host);

    /// Notes this process as one that takes locks; once a run, before the first.
    void enter_run(std::int64_t time);
    /// All that are noted, for a ledger that takes this one's place.
    std::vector<Run> runs();
    void enter(const Run& run);
    /// True if `pid` was a run of ours on this machine that is certainly over.
    bool is_our_dead(pid_t pid);

  private:
    Database& db_;
};

}  // namespace popkeep::ledger
