#include "config/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace popkeep::config {
namespace {

// Each is a process and a connection.
constexpr std::uint64_t most_jobs = 256;

using S = Settings;
using Text = std::string;

const std::array all_settings{
    SettingKey{"jobs", number, "give a number of accounts, 1 to 256",
               [](S& s, const Value& v, const Text&) { s.jobs = parse_count(v.words.at(0), 1, most_jobs); }},
    SettingKey{
        "per_host", number, "give a number of accounts, 1 to 256",
        [](S& s, const Value& v, const Text&) { s.per_host = parse_count(v.words.at(0), 1, most_jobs); }},
    SettingKey{"log", text, "give the path of a file as text",
               [](S& s, const Value& v, const Text& base) { s.log = parse_path(v.words.at(0), base); }},
    SettingKey{"metrics", text, "give the path of a file as text",
               [](S& s, const Value& v, const Text& base) { s.metrics = parse_path(v.words.at(0), base); }},
};

}  // namespace

std::span<const SettingKey> setting_keys() {
    return all_settings;
}

const SettingKey* find_setting(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(all_settings, name, &SettingKey::name);
    return found == all_settings.end() ? nullptr : found;
}

void set(Settings& settings, std::string_view name, std::string_view value, const std::string& base) {
    const SettingKey* const known = find_setting(name);
    if (known == nullptr) throw Error(Category::software, fmt::format("'{}' is no setting", name));
    known->apply(settings, {.words = {std::string(value)}, .list = false}, base);
}

}  // namespace popkeep::config
