#pragma once

#include <string>
#include <vector>

#include "fetch/observer.hpp"
#include "fetch/run.hpp"

/// Plan and outcome of a run in words.
namespace popkeep::report {

/// "12 messages (3.4 MiB) to fetch, of 200 listed".
std::string plan_text(const fetch::Plan& plan, bool dry_run);

/// What a draining run's session brought, how fast it goes, and what is to come as far as that can be known.
/// `shorter`: it listed fewer messages than an earlier one.
std::string round_text(const fetch::Round& round, bool shorter);

/// What came, from when to when, what was refused, what was deleted, where it is, how long it took: each a
/// few words. The first says how the run went.
std::vector<std::string> sentences_of(const fetch::Summary& summary, const std::string& archive);
/// The same, a sentence a line.
std::string summary_text(const fetch::Summary& summary, const std::string& archive);

/// "12 messages archived (3.4 MiB), received from 2026-03-01 to 2026-11-24".
std::string what_came(const fetch::Summary& summary);

}  // namespace popkeep::report
