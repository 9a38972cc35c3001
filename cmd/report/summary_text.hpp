#pragma once

#include <string>

#include "fetch/observer.hpp"
#include "fetch/run.hpp"

/// Plan and outcome of a run in words.
namespace popkeep::report {

/// "12 messages (3.4 MiB) to fetch, of 200 listed".
std::string plan_text(const fetch::Plan& plan, bool dry_run);

/// What a draining run's session brought, how fast it goes, and what is to come as far as that can be known.
/// `shorter`: it listed fewer messages than an earlier one.
std::string round_text(const fetch::Round& round, bool shorter);

/// What came, what was refused, what was deleted, where it is, how long it took: a few sentences, one a line.
std::string summary_text(const fetch::Summary& summary, const std::string& archive);

}  // namespace popkeep::report
