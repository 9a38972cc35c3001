#include "setup/lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace popkeep::cmd::setup {
namespace {

bool takes(const provider::Provider& provider, provider::SignIn how) {
    return std::ranges::find(provider.sign_in, how) != provider.sign_in.end();
}

std::string proof(const provider::Provider& provider) {
    using provider::SignIn;
    if (takes(provider, SignIn::password)) return "";
    if (!takes(provider, SignIn::app_password))
        return fmt::format("{} takes no passwords, only OAuth: see popkeep-login(1).", provider.name);
    auto text = fmt::format("{} wants an app password", provider.name);
    if (takes(provider, SignIn::oauth)) text += " (or OAuth: see popkeep-login(1))";
    if (!provider.app_password_help.empty()) text += fmt::format(": {}", provider.app_password_help);
    return text + (provider.app_password_help.empty() ? "." : "");
}

std::string portions(const provider::Provider& provider, const std::string& account) {
    const auto& behaviour = provider.behaviour;
    if (behaviour.portion == 0) return "";
    return fmt::format("{} lists about {} messages at a time: `popkeep fetch {} --drain` gets them all.",
                       provider.name, behaviour.portion, account);
}

}  // namespace

std::vector<std::string> advice(const provider::Provider& provider, const std::string& account) {
    std::vector<std::string> out;
    if (!provider.enable.empty()) out.push_back(fmt::format("To be switched on first: {}.", provider.enable));
    for (auto text : {proof(provider), portions(provider, account)})
        if (!text.empty()) out.push_back(std::move(text));
    if (provider.behaviour.hides_fetched)
        out.push_back(
            fmt::format("What was fetched once {} doesn't list again, deleted or not.", provider.name));
    out.push_back(fmt::format("Its help: {}", provider.help));
    return out;
}

std::vector<config::SectionLine> account_lines(const Address& address, const Place& place,
                                               const std::string& account, const std::string& archive,
                                               const Keys& keys) {
    std::vector<config::SectionLine> lines;
    lines.push_back(
        {fmt::format("{}{}", address.whole, place.provider == nullptr ? "" : ", " + place.provider->name), "",
         ""});
    if (place.provider != nullptr)
        for (auto& text : advice(*place.provider, account)) lines.push_back({std::move(text), "", ""});
    config::Url url = place.url;
    url.user.reset();
    lines.push_back({"", "url", url.text()});
    if (!keys.has("user")) lines.push_back({"", "user", *place.url.user});
    lines.push_back({"", "archive", archive});
    std::ranges::copy(keys.lines(), std::back_inserter(lines));
    return lines;
}

}  // namespace popkeep::cmd::setup
