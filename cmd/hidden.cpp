#include "hidden.hpp"

#include <fmt/format.h>

#include "provider/provider.hpp"
#include "shell_word.hpp"

namespace popkeep::cmd {
namespace {

std::string named(const config::Account& account, bool by_url) {
    if (!by_url) return shell_word(account.name);
    config::Url server = account.url;
    server.user.reset();
    return fmt::format("{} --to {}", shell_word(server.text()), shell_word(account.archive));
}

}  // namespace

std::vector<std::string> hidden_by_provider(const config::Account& account, const fetch::Job& job,
                                            bool by_url) {
    const auto* provider = provider::find_host(account.url.host);
    if (provider == nullptr) return {};
    const auto& behaviour = provider->behaviour;
    std::vector<std::string> out;
    if (!behaviour.not_listed.empty())
        out.push_back(fmt::format("{} never lists {}", provider->name, behaviour.not_listed));
    if (behaviour.hides_fetched)
        out.push_back(
            fmt::format("{} does not list again what was fetched once, by any program", provider->name));
    const auto& prefix = behaviour.recent_prefix;
    const std::string& user = job.login.user;
    if (prefix.empty() || user.starts_with(prefix)) return out;
    out.push_back(
        fmt::format("recent mail can be listed again: popkeep fetch {} --user {} --id {} --delete never",
                    named(account, by_url), shell_word(prefix + user), shell_word(job.identity)));
    return out;
}

}  // namespace popkeep::cmd
