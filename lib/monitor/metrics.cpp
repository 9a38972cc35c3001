#include "monitor/metrics.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <map>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "file/directory.hpp"
#include "file/durable.hpp"
#include "file/folder_lock.hpp"

namespace popkeep::monitor {
namespace {

constexpr std::size_t longest_file = std::size_t{16} << 20U;
constexpr auto patience = std::chrono::seconds(10);
// Of the time that a stop may take.
constexpr auto for_commands_and_pings = std::chrono::seconds(2);
constexpr std::string_view last_line = "# EOF\n";
constexpr std::string_view label = "{account=\"";

struct Family {
    std::string_view name, unit, help;
    std::optional<double> Figures::*figure;
};

constexpr std::array families{
    Family{"popkeep_last_success_timestamp_seconds", "seconds", "When a run last ended with 0.",
           &Figures::last_success},
    Family{"popkeep_last_run_timestamp_seconds", "seconds", "When the last run ended.", &Figures::last_run},
    Family{"popkeep_last_run_duration_seconds", "seconds", "How long the last run took.", &Figures::duration},
    Family{"popkeep_last_run_exit_code", "", "Exit code of the last run; 0 is success.", &Figures::exit_code},
    Family{"popkeep_last_run_new_messages", "messages", "Messages that the last run archived.",
           &Figures::fresh},
    Family{"popkeep_last_run_deleted_messages", "messages",
           "Messages that the last run deleted on the server.", &Figures::deleted},
    Family{"popkeep_archive_messages", "messages", "Messages in the archive.", &Figures::archived},
    Family{"popkeep_archive_bytes", "bytes", "Their content.", &Figures::archived_octets},
    Family{"popkeep_archive_missing_messages", "messages",
           "Messages that were archived and aren't there any more.", &Figures::missing},
    Family{"popkeep_archive_free_bytes", "bytes", "Free space on the archive's disk.", &Figures::free_octets},
    Family{"popkeep_refused_messages", "messages", "Messages that the server doesn't give out.",
           &Figures::refused},
    Family{"popkeep_quarantined_messages", "messages",
           "Of them, those that are asked for again with growing pauses only.", &Figures::quarantined},
    Family{"popkeep_server_messages", "messages", "Messages on the server, as last listed.",
           &Figures::listed},
    Family{"popkeep_server_bytes", "bytes", "Their size, as last listed.", &Figures::listed_octets},
    Family{"popkeep_certificate_expiry_timestamp_seconds", "seconds",
           "When the server's certificate, or one that it hangs on, expires.", &Figures::certificate_expires},
};

/// Values by account; accounts as they are written in a label.
using Samples = std::map<std::string, double, std::less<>>;

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\' || c == '"') out += '\\';
        out += c == '\n' ? std::string_view("\\n") : std::string_view(&c, 1);
    }
    return out;
}

/// Where the label's value ends, npos if it doesn't.
std::size_t end_of_value(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') return i;
        if (text[i] == '\\') ++i;
    }
    return std::string_view::npos;
}

/// A line as we write them, else nothing happens.
void take_over(std::string_view line, std::map<std::string_view, Samples>& samples) {
    for (const Family& family : families) {
        if (!line.starts_with(family.name) || !line.substr(family.name.size()).starts_with(label)) continue;
        const std::string_view rest = line.substr(family.name.size() + label.size());
        const std::size_t end = end_of_value(rest);
        if (end == std::string_view::npos || !rest.substr(end).starts_with("\"} ")) return;
        const std::string_view number = rest.substr(end + 3);
        double value = 0;
        const auto [at, problem] = std::from_chars(number.data(), number.data() + number.size(), value);
        if (problem != std::errc() || at != number.data() + number.size()) return;
        samples[family.name][std::string(rest.substr(0, end))] = value;
        return;
    }
}

/// What stands at `path`; empty if nothing does.
std::string content_of(const std::string& path) {
    if (!file::open_if_there(path, O_RDONLY)) return {};
    std::string text = file::read_whole(path, longest_file);
    // Where a run ended before it had anything to say, the end is all of it.
    if (text.empty() || text == last_line || text.starts_with("# HELP popkeep_")) return text;
    throw Error(Category::data, "this file doesn't hold metrics of popkeep, and is left as it is")
        .at(path)
        .next("name another file for the metrics");
}

file::Fd locked(const std::string& folder) {
    const Deadline deadline = Deadline::in(patience);
    file::Fd lock = file::lock_folder(folder, file::Locked::alone, [&] {
        return deadline.passed() ||
               (interrupt::requested() && interrupt::deadline(for_commands_and_pings).passed());
    });
    if (!lock)
        throw Error(Category::temporary, "another program has locked the folder of the metrics").at(folder);
    return lock;
}

}  // namespace

std::string metrics_text(std::span<const Figures> all, std::string_view before) {
    std::map<std::string_view, Samples> samples;
    for (const std::string_view line : split(before, '\n')) take_over(line, samples);
    for (const Figures& figures : all) {
        for (const Family& family : families) {
            if (const auto& value = figures.*family.figure)
                samples[family.name][escaped(figures.account)] = *value;
        }
    }
    std::string text;
    for (const Family& family : families) {
        if (samples[family.name].empty()) continue;
        text += fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n", family.name, family.help);
        if (!family.unit.empty()) text += fmt::format("# UNIT {} {}\n", family.name, family.unit);
        for (const auto& [account, value] : samples[family.name])
            text += fmt::format("{}{}{}\"}} {}\n", family.name, label, account, value);
    }
    return text.append(last_line);
}

void write_metrics(const std::string& path, std::span<const Figures> all) {
    const file::Fd lock = locked(file::parent_of(path));
    file::replace(path, metrics_text(all, content_of(path)), 0644);
}

}  // namespace popkeep::monitor
