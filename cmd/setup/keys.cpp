#include "setup/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/key.hpp"
#include "options.hpp"

namespace popkeep::cmd::setup {
namespace {

// What has an option of its own, no flag at all, or no sense in an account that begins.
constexpr std::array<std::string_view, 5> left_out{"url", "archive", "enabled", "password",
                                                   "oauth_client_secret"};

bool is_path(std::string_view key) {
    return key == "ca" || key.ends_with("_ca") || key == "client_cert" || key == "client_key" ||
           key == "socket" || key.ends_with("_file");
}

std::string flag_of(std::string_view key) {
    std::string flag = fmt::format("--{}", key);
    std::ranges::replace(flag, '_', '-');
    return flag;
}

std::string as_sentence(std::string_view hint) {
    std::string text = fmt::format("{}.", hint);
    if (text.starts_with("give ")) text[0] = 'G';
    return text;
}

}  // namespace

void Keys::declare(Syntax& syntax) {
    syntax.group("Keys of the account, as popkeep.toml(5) explains them");
    for (const config::Key& key : config::keys()) {
        if (std::ranges::find(left_out, key.name) != left_out.end()) continue;
        syntax.option(flag_of(key.name), "VALUE", as_sentence(key.allowed),
                      [this, name = key.name](std::string_view text) { set(name, text); });
    }
}

void Keys::set(std::string_view key, std::string_view value) {
    config::Account probe;
    probe.url = {.transport = config::Transport::stls, .user = {}, .host = "host", .port = 110};
    config::set(probe, key, value, path_here("."));
    std::erase_if(lines_, [&](const auto& line) { return line.key == key; });
    lines_.push_back({"", std::string(key), is_path(key) ? path_here(value) : std::string(value)});
}

bool Keys::has(std::string_view key) const {
    return std::ranges::any_of(lines_, [&](const auto& line) { return line.key == key; });
}

std::vector<config::SectionLine> Keys::lines() const {
    std::vector<config::SectionLine> ordered;
    for (const config::Key& key : config::keys()) {
        const auto found = std::ranges::find(lines_, key.name, &config::SectionLine::key);
        if (found != lines_.end()) ordered.push_back(*found);
    }
    return ordered;
}

}  // namespace popkeep::cmd::setup
