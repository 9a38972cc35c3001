#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/account.hpp"

namespace popkeep::config {

/// What was given for a key, as text: a number in decimal, a boolean as "on" or "off".
struct Value {
    std::vector<std::string> words;  ///< one, unless it is a list
    bool list = false;
};

/// The types of the file that a key takes; to be joined by '|'.
enum Type : unsigned { text = 1U, number = 2U, boolean = 4U, list = 8U };

struct Key {
    std::string_view name;  ///< its flag is --NAME, '-' for '_' (but for `password` and `url`)
    unsigned types;
    bool in_defaults;          ///< may stand in [defaults]
    bool confidential;         ///< its value may hold a secret: it is never shown
    std::string_view allowed;  ///< in words, as a hint: "give …"
    /// Throws an Error of category usage. `base` is the folder of relative paths. Takes what it wants of
    /// `value`.
    void (*apply)(Account& account, Value& value, const std::string& base);
};

/// All keys of an account, in the order in which they are told to people.
std::span<const Key> keys();

/// Whether a key says where password or tokens come from; an account has one such key.
bool is_credential(std::string_view key) noexcept;
/// Whether it says where the OAuth client's secret comes from; likewise.
bool is_client_secret(std::string_view key) noexcept;
/// Whether it says where the proxy's password comes from; likewise.
bool is_proxy_password(std::string_view key) noexcept;
/// Whether it says by which way the server is reached.
bool is_way(std::string_view key) noexcept;

/// Null if there is none of that name.
const Key* find_key(std::string_view name) noexcept;

/// Sets what the flag of `key` says: the same as the line `key = "text"` would, and likewise for numbers and
/// switches. Where a password, a secret or tokens come from replaces whatever source there was.
void set(Account& account, std::string_view key, std::string_view value, const std::string& base);

}  // namespace popkeep::config
