#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "config/key.hpp"

namespace popkeep::config {

/// What [defaults] and the command line say of a run over several accounts, and not of any one of them.
struct Settings {
    std::uint64_t jobs = 4;  ///< accounts at the same time
    /// Of them, those at one host. Courier lets four connections come from one address unless told otherwise.
    std::uint64_t per_host = 4;
    std::string log;      ///< absolute path of a file that runs are told to; empty: none
    std::string metrics;  ///< absolute path of the file of metrics; empty: none
};

/// A key of Settings; its flag is --NAME, '-' for '_'.
struct SettingKey {
    std::string_view name;
    unsigned types;
    std::string_view allowed;
    void (*apply)(Settings& settings, const Value& value, const std::string& base);
};

std::span<const SettingKey> setting_keys();

/// Null if there is none of that name.
const SettingKey* find_setting(std::string_view name) noexcept;

/// Sets what the flag of `name` says.
void set(Settings& settings, std::string_view name, std::string_view value, const std::string& base);

}  // namespace popkeep::config
