#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Figures of accounts as a text that Prometheus, node_exporter's textfile collector and whatever reads
/// OpenMetrics take. All are gauges: a counter's name differs between the two formats. popkeep-monitoring(7)
/// describes them.
namespace popkeep::monitor {

/// Of one account; nothing where it isn't known. Times are seconds since 1970.
struct Figures {
    std::string account;
    std::optional<double> last_success, last_run, duration, exit_code;
    std::optional<double> fresh, deleted;  ///< messages, by the last run
    std::optional<double> archived, archived_octets, missing;
    std::optional<double> refused, quarantined;
    std::optional<double> listed, listed_octets;  ///< when the server was last asked
    std::optional<double> free_octets;            ///< on the archive's disk
    std::optional<double> certificate_expires;
};

/// The text. `before` is the text of the last time: what it has of other accounts, and what isn't known now,
/// is taken over.
std::string metrics_text(std::span<const Figures> all, std::string_view before);

/// Makes that the file's content, whole or not at all, readable for everybody. Other popkeeps that write
/// there are waited for. Throws Error (I/O; data if there is another program's file).
void write_metrics(const std::string& path, std::span<const Figures> all);

}  // namespace popkeep::monitor
