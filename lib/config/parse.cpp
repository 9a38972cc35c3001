#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/file.hpp"
#include "config/key.hpp"
#include "config/problems.hpp"
#include "config/template.hpp"
#include "config/toml_node.hpp"

namespace popkeep::config {
namespace {

std::string names_of(bool in_defaults) {
    std::vector<std::string_view> names;
    for (const Key& key : keys()) {
        if (key.in_defaults || !in_defaults) names.push_back(key.name);
    }
    for (const SettingKey& key : setting_keys()) {
        if (in_defaults) names.push_back(key.name);
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
    return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

/// One word, or one text in quotes; behind it may stand anything, another key's value for one.
bool is_one_value(std::string_view text) {
    text = trimmed(text);
    if (text.empty()) return true;
    const bool quoted = text[0] == '"' || text[0] == '\'';
    return (quoted && text.find(text[0], 1) == text.size() - 1) ||
           text.find_first_of(" \t\"'", 1) == std::string_view::npos;
}

bool holds_secret(const Account& account) {
    return account.password.text != nullptr || account.oauth.client_secret.text != nullptr;
}

class Reader {
  public:
    Reader(std::string_view text, const std::string& path) : text_(text), path_(path), problems_(text, path) {
        base_ = path.substr(0, path.rfind('/'));
    }

    Configuration read() {
        toml::table root = parsed();
        for (auto&& [key, node] : root) check_root(key, node);
        Account defaults;
        Configuration out{.path = path_, .accounts = {}, .settings = {}, .holds_secret = false};
        if (toml::table* table = root["defaults"].as_table()) {
            for (const SettingKey& key : setting_keys()) {
                if (const auto at = table->find(key.name); at != table->end())
                    apply(key, false, at->second, out.settings);
            }
            read_table(*table, defaults, "[defaults]", true);
            out.holds_secret = holds_secret(defaults);
        }
        if (toml::table* accounts = root["account"].as_table()) {
            for (auto& [key, node] : in_order(*accounts)) read_account(*key, *node, defaults, out);
        }
        if (!problems_.empty()) problems_.complain();
        return out;
    }

  private:
    using Entry = std::pair<const toml::key*, toml::node*>;

    /// toml++ sorts keys by name.
    static std::vector<Entry> in_order(toml::table& table) {
        std::vector<Entry> entries;
        for (auto&& [key, node] : table) entries.emplace_back(&key, &node);
        std::ranges::sort(entries, {}, [](const Entry& e) {
            return std::pair(e.first->source().begin.line, e.first->source().begin.column);
        });
        return entries;
    }

    toml::table parsed() {
        try {
            return toml::parse(text_, path_);
        } catch (const toml::parse_error& error) {
            syntax_problem(error);
            problems_.complain();
        }
    }

    /// The parser's own words may repeat what it stumbled over, so they are told only where that isn't the
    /// value of a key that may be confidential (or of one that we don't know, hence mistyped).
    void syntax_problem(const toml::parse_error& error) {
        Place place = begin_of(error.source());
        const std::string_view line = line_of(text_, place.line);
        const std::size_t equals = line.find('=');
        const Key* const key =
            equals == std::string_view::npos ? nullptr : find_key(trimmed(line.substr(0, equals)));
        // Within a string of many lines a line may look like anything.
        const bool many_lines =
            text_.find(R"(""")") != std::string_view::npos || text_.find("'''") != std::string_view::npos;
        if (many_lines) {
            return problems_.add(begin_of(error.source()), "this is not valid TOML", "see popkeep.toml(5)",
                                 Problems::Excerpt::none);
        }
        // Who writes a password behind password_file meant another key.
        const bool one_value = key != nullptr && !key->confidential &&
                               key->name.find("password") == std::string_view::npos &&
                               equals == line.rfind('=') && is_one_value(line.substr(equals + 1));
        place.whole_line = one_value || is_header(line);
        if (key != nullptr && (key->types & Type::text) != 0) {
            const std::size_t value = line.find_first_not_of(" \t", equals + 1);
            if (value != std::string_view::npos &&
                std::isalpha(static_cast<unsigned char>(line[value])) != 0) {
                place.column = place.end_column = value + 1;
                return problems_.add(place, fmt::format("'{}': text must stand in quotes", key->name),
                                     key->allowed);
            }
        }
        std::string sentence = "this is not valid TOML";
        if (place.whole_line) sentence += fmt::format(": {}", printable(error.description(), 300));
        problems_.add(place, std::move(sentence), "see popkeep.toml(5)");
    }

    void check_root(const toml::key& key, const toml::node& node) {
        const bool known = key == "defaults" || key == "account";
        if (known && node.is_table()) return;
        if (known) {
            return problems_.add(place_of(key.source()),
                                 fmt::format("'{}' must be a table", printable(key.str(), 60)),
                                 "write [defaults] and [account.NAME]");
        }
        const bool misplaced = find_key(key.str()) != nullptr || find_setting(key.str()) != nullptr;
        const auto meant = nearest(key.str(), {"defaults", "account"});
        problems_.add(place_of(key.source()),
                      misplaced ? fmt::format("'{}' stands outside of every table", key.str())
                                : fmt::format("unknown table or key '{}'", printable(key.str(), 60)),
                      (meant && !misplaced ? fmt::format("did you mean '{}'? ", *meant) : "") +
                          "allowed: [defaults] and [account.NAME]");
    }

    void read_account(const toml::key& key, toml::node& node, const Account& defaults, Configuration& out) {
        const std::string title = fmt::format("[account.{}]", printable(key.str(), 60));
        toml::table* const table = node.as_table();
        if (table == nullptr) {
            return problems_.add(place_of(key.source()), fmt::format("{} must be a table", title),
                                 "write [account.NAME]");
        }
        Account account = defaults;
        try {
            account.name = parse_name(key.str(), "the account's name");
        } catch (const Error& error) {
            return problems_.add(begin_of(key.source()), error.sentence(), error.next());
        }
        if (account.name.starts_with('-') || looks_like_url(account.name)) {
            return problems_.add(place_of(key.source()),
                                 "an account's name must not look like a flag or a URL", "rename it");
        }
        const auto has_own = [&](auto is) {
            return std::ranges::any_of(*table, [&](const auto& e) { return is(e.first.str()); });
        };
        if (has_own(is_credential)) account.forget_credential();
        if (has_own(is_client_secret)) account.oauth.client_secret = {};
        if (has_own(is_way)) account.forget_way();
        if (has_own(is_proxy_password)) account.proxy_password = {};
        read_table(*table, account, title, false);
        try {
            expand_file_template(account.file, account.name, 0);
        } catch (const Error& error) {
            problems_.add(place_of(key.source()), error.sentence(), error.next());
        }
        if (!table->contains("url")) {
            problems_.add(place_of(key.source()), fmt::format("{} has no url", title),
                          find_key("url")->allowed);
        }
        if (!account.client_key.empty() && account.client_cert.empty()) {
            problems_.add(place_of(key.source()),
                          fmt::format("{} has a client_key but no client_cert", title), "give both");
        }
        if (account.ways() > 1) {
            problems_.add(place_of(key.source()), fmt::format("{} has two ways to the server", title),
                          "keep one of proxy, socket and tunnel");
        }
        if (!account.proxy_password.empty() && account.proxy_user.empty()) {
            problems_.add(place_of(key.source()),
                          fmt::format("{} has a password for the proxy, but no user name", title),
                          "write it into the proxy: scheme://NAME@host");
        }
        out.holds_secret = out.holds_secret || holds_secret(account);
        out.accounts.push_back(std::move(account));
    }

    void read_table(toml::table& table, Account& account, const std::string& title, bool in_defaults) {
        bool credential = false;
        bool client_secret = false;
        bool proxy_password = false;
        // In the order of keys(): `url` comes before `user` and `tls`, which change parts of it.
        for (const Key& key : keys()) {
            const auto at = table.find(key.name);
            if (at == table.end()) continue;
            if (in_defaults && !key.in_defaults) {
                problems_.add(place_of(at->first.source()),
                              fmt::format("'{}' can't stand in [defaults]", key.name),
                              "give it in [account.NAME]");
                continue;
            }
            if (is_credential(key.name) && std::exchange(credential, true)) {
                problems_.add(place_of(at->first.source()),
                              fmt::format("a second source for password or token in {}", title),
                              "keep one of password, password_command, password_file, token_command and "
                              "oauth_client_id");
            }
            if (is_client_secret(key.name) && std::exchange(client_secret, true)) {
                problems_.add(place_of(at->first.source()),
                              fmt::format("a second source for the client's secret in {}", title),
                              "keep one of oauth_client_secret, oauth_client_secret_command and "
                              "oauth_client_secret_file");
            }
            if (is_proxy_password(key.name) && std::exchange(proxy_password, true)) {
                problems_.add(place_of(at->first.source()),
                              fmt::format("a second source for the proxy's password in {}", title),
                              "keep one of proxy_password_command and proxy_password_file");
            }
            // Without a usable URL its parts would only give problems that follow from that.
            if ((key.name == "user" || key.name == "tls") && account.url.host.empty()) continue;
            apply(key, key.confidential, at->second, account);
        }
        for (auto&& [key, node] : table) {
            if (find_key(key.str()) != nullptr) continue;
            if (find_setting(key.str()) != nullptr) {
                if (in_defaults) continue;
                problems_.add(place_of(key.source()), fmt::format("'{}' concerns all accounts", key.str()),
                              "give it in [defaults]");
                continue;
            }
            std::vector<std::string> candidates;
            for (const Key& known : keys()) candidates.emplace_back(known.name);
            for (const SettingKey& known : setting_keys()) candidates.emplace_back(known.name);
            const auto meant = nearest(key.str(), candidates);
            problems_.add(place_of(key.source()),
                          fmt::format("unknown key '{}' in {}", printable(key.str(), 60), title),
                          (meant ? fmt::format("did you mean '{}'? ", *meant) : "") +
                              "allowed: " + names_of(in_defaults));
        }
    }

    template <class AnyKey, class Subject>
    void apply(const AnyKey& key, bool confidential, toml::node& node, Subject& subject) {
        const Place place = confidential ? begin_of(node.source()) : place_of(node.source());
        auto value = value_of(node, key.types, confidential);
        if (!value) {
            const bool mixed = node.is_array() && (key.types & Type::list) != 0;
            return problems_.add(place,
                                 mixed ? fmt::format("'{}' must be a list of texts", key.name)
                                       : fmt::format("'{}' can't be {}", key.name, type_name(node.type())),
                                 key.allowed);
        }
        try {
            key.apply(subject, *value, base_);
        } catch (const Error& error) {
            problems_.add(place, fmt::format("'{}': {}", key.name, error.sentence()),
                          error.next().empty() ? key.allowed : std::string_view(error.next()));
        }
    }

    std::string_view text_;
    const std::string& path_;
    std::string base_;
    Problems problems_;
};

}  // namespace

Configuration parse(std::string_view text, const std::string& path) {
    return Reader(text, path).read();
}

}  // namespace popkeep::config
