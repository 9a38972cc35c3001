#pragma once

#include "config/account.hpp"
#include "fetch/run.hpp"
#include "monitor/metrics.hpp"

namespace popkeep::cmd {

/// What a run came to, and what the archive knows of its account (it is opened for that).
monitor::Figures figures_of(const config::Account& account, const fetch::Summary& summary,
                            std::int64_t ended);

}  // namespace popkeep::cmd
