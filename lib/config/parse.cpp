#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/excerpt.hpp"
#include "config/file.hpp"
#include "config/key.hpp"

namespace popkeep::config {
namespace {

constexpr std::size_t most_problems = 20;

Place place_of(const toml::source_region& region) {
    Place place{.line = region.begin.line, .column = region.begin.column, .end_column = region.end.column};
    if (region.end.line != region.begin.line) place.end_column = std::size_t{1} << 20U;
    return place;
}

Place begin_of(const toml::source_region& region) {
    return {.line = region.begin.line, .column = region.begin.column, .end_column = region.begin.column};
}

std::string type_name(toml::node_type type) {
    switch (type) {
        case toml::node_type::string:
            return "text";
        case toml::node_type::integer:
            return "a number";
        case toml::node_type::boolean:
            return "true or false";
        case toml::node_type::array:
            return "a list";
        case toml::node_type::table:
            return "a table";
        case toml::node_type::floating_point:
            return "a number with a fraction";
        default:
            return "a date or time";
    }
}

/// The node as text if a key of these types takes it. A confidential text leaves no copy in the node.
std::optional<Value> value_of(toml::node& node, unsigned types, bool confidential) {
    Value out;
    if (auto* string = node.as_string(); string != nullptr && (types & Type::text) != 0) {
        out.words.push_back(string->get());
        if (confidential) secret::wipe(string->get());
    } else if (const auto* integer = node.as_integer(); integer != nullptr && (types & Type::number) != 0) {
        out.words.push_back(std::to_string(integer->get()));
    } else if (const auto* flag = node.as_boolean(); flag != nullptr && (types & Type::boolean) != 0) {
        out.words.emplace_back(flag->get() ? "on" : "off");
    } else if (const auto* array = node.as_array(); array != nullptr && (types & Type::list) != 0) {
        out.list = true;
        for (const toml::node& element : *array) {
            const auto* word = element.as_string();
            if (word == nullptr) return std::nullopt;
            out.words.push_back(word->get());
        }
    } else {
        return std::nullopt;
    }
    return out;
}

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

class Reader {
  public:
    Reader(std::string_view text, const std::string& path) : text_(text), path_(path) {
        base_ = path.substr(0, path.rfind('/'));
    }

    Configuration read() {
        toml::table root = parsed();
        for (auto&& [key, node] : root) check_root(key, node);
        Account defaults;
        Configuration out{.path = path_, .accounts = {}, .settings = {}};
        if (toml::table* table = root["defaults"].as_table()) {
            for (const SettingKey& key : setting_keys()) {
                if (const auto at = table->find(key.name); at != table->end())
                    apply(key, false, at->second, out.settings);
            }
            read_table(*table, defaults, "[defaults]", true);
        }
        if (toml::table* accounts = root["account"].as_table()) {
            for (auto& [key, node] : in_order(*accounts)) read_account(*key, *node, defaults, out);
        }
        if (!problems_.empty()) complain();
        return out;
    }

  private:
    struct Problem {
        Error error;
        std::string shown;
        Place place;
    };

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
            complain();
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
            text_.find("\"\"\"") != std::string_view::npos || text_.find("'''") != std::string_view::npos;
        if (many_lines) {
            return add(begin_of(error.source()), "this is not valid TOML", "see popkeep.toml(5)", false);
        }
        const bool innocent = key != nullptr ? !key->confidential : trimmed(line).starts_with('[');
        place.whole_line =
            innocent && line.find("pass", std::min(equals, line.size())) == std::string_view::npos;
        if (key != nullptr && (key->types & Type::text) != 0) {
            const std::size_t value = line.find_first_not_of(" \t", equals + 1);
            if (value != std::string_view::npos &&
                std::isalpha(static_cast<unsigned char>(line[value])) != 0) {
                place.column = place.end_column = value + 1;
                return add(place, fmt::format("'{}': text must stand in quotes", key->name), key->allowed);
            }
        }
        std::string sentence = "this is not valid TOML";
        if (place.whole_line) sentence += fmt::format(": {}", printable(error.description(), 300));
        add(place, std::move(sentence), "see popkeep.toml(5)");
    }

    void check_root(const toml::key& key, const toml::node& node) {
        const bool known = key == "defaults" || key == "account";
        if (known && node.is_table()) return;
        if (known) {
            return add(place_of(key.source()), fmt::format("'{}' must be a table", printable(key.str(), 60)),
                       "write [defaults] and [account.NAME]");
        }
        const bool misplaced = find_key(key.str()) != nullptr || find_setting(key.str()) != nullptr;
        const auto meant = nearest(key.str(), {"defaults", "account"});
        add(place_of(key.source()),
            misplaced ? fmt::format("'{}' stands outside of every table", key.str())
                      : fmt::format("unknown table or key '{}'", printable(key.str(), 60)),
            (meant && !misplaced ? fmt::format("did you mean '{}'? ", *meant) : "") +
                "allowed: [defaults] and [account.NAME]");
    }

    void read_account(const toml::key& key, toml::node& node, const Account& defaults, Configuration& out) {
        const std::string title = fmt::format("[account.{}]", printable(key.str(), 60));
        toml::table* const table = node.as_table();
        if (table == nullptr) {
            return add(place_of(key.source()), fmt::format("{} must be a table", title),
                       "write [account.NAME]");
        }
        Account account = defaults;
        try {
            account.name = parse_name(key.str(), "the account's name");
        } catch (const Error& error) {
            return add(begin_of(key.source()), error.sentence(), error.next());
        }
        if (account.name.starts_with('-') || looks_like_url(account.name)) {
            return add(place_of(key.source()), "an account's name must not look like a flag or a URL",
                       "rename it");
        }
        const auto has_own = [&](auto is) {
            return std::ranges::any_of(*table, [&](const auto& e) { return is(e.first.str()); });
        };
        if (has_own(is_credential)) account.forget_credential();
        if (has_own(is_client_secret)) account.oauth.client_secret = {};
        read_table(*table, account, title, false);
        if (!table->contains("url")) {
            add(place_of(key.source()), fmt::format("{} has no url", title), find_key("url")->allowed);
        }
        if (!account.client_key.empty() && account.client_cert.empty()) {
            add(place_of(key.source()), fmt::format("{} has a client_key but no client_cert", title),
                "give both");
        }
        out.accounts.push_back(std::move(account));
    }

    void read_table(toml::table& table, Account& account, const std::string& title, bool in_defaults) {
        bool credential = false;
        bool client_secret = false;
        // In the order of keys(): `url` comes before `user` and `tls`, which change parts of it.
        for (const Key& key : keys()) {
            const auto at = table.find(key.name);
            if (at == table.end()) continue;
            if (in_defaults && !key.in_defaults) {
                add(place_of(at->first.source()), fmt::format("'{}' can't stand in [defaults]", key.name),
                    fmt::format("give it in [account.NAME]; allowed here: {}", names_of(true)));
                continue;
            }
            if (is_credential(key.name) && std::exchange(credential, true)) {
                add(place_of(at->first.source()),
                    fmt::format("a second source for password or token in {}", title),
                    "keep one of password, password_command, password_file, token_command and "
                    "oauth_client_id");
            }
            if (is_client_secret(key.name) && std::exchange(client_secret, true)) {
                add(place_of(at->first.source()),
                    fmt::format("a second source for the client's secret in {}", title),
                    "keep one of oauth_client_secret, oauth_client_secret_command and "
                    "oauth_client_secret_file");
            }
            // Without a usable URL its parts would only give problems that follow from that.
            if ((key.name == "user" || key.name == "tls") && account.url.host.empty()) continue;
            apply(key, key.confidential, at->second, account);
        }
        for (auto&& [key, node] : table) {
            if (find_key(key.str()) != nullptr) continue;
            if (find_setting(key.str()) != nullptr) {
                if (in_defaults) continue;
                add(place_of(key.source()), fmt::format("'{}' concerns all accounts", key.str()),
                    "give it in [defaults]");
                continue;
            }
            std::vector<std::string> candidates;
            for (const Key& known : keys()) candidates.emplace_back(known.name);
            for (const SettingKey& known : setting_keys()) candidates.emplace_back(known.name);
            const auto meant = nearest(key.str(), candidates);
            add(place_of(key.source()),
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
            return add(place,
                       mixed ? fmt::format("'{}' must be a list of texts", key.name)
                             : fmt::format("'{}' can't be {}", key.name, type_name(node.type())),
                       key.allowed);
        }
        try {
            key.apply(subject, *value, base_);
        } catch (const Error& error) {
            add(place, fmt::format("'{}': {}", key.name, error.sentence()),
                error.next().empty() ? key.allowed : std::string_view(error.next()));
        }
    }

    void add(const Place& place, std::string sentence, std::string_view hint, bool show = true) {
        Error error(Category::configuration, std::move(sentence));
        error.at(fmt::format("{}:{}:{}", path_, place.line, place.column)).next(hint);
        problems_.push_back({std::move(error), show ? excerpt(text_, place) : "", place});
    }

    [[noreturn]] void complain() {
        std::ranges::stable_sort(problems_, {},
                                 [](const Problem& p) { return std::pair(p.place.line, p.place.column); });
        std::string report;
        for (std::size_t i = 0; i < std::min(problems_.size(), most_problems); ++i) {
            report += fmt::format("{}\n{}", problems_[i].error.what(), problems_[i].shown);
        }
        if (problems_.size() > most_problems)
            report += fmt::format("and {} more\n", problems_.size() - most_problems);
        throw Invalid(problems_.front().error, report);
    }

    std::string_view text_;
    const std::string& path_;
    std::string base_;
    std::vector<Problem> problems_;
};

}  // namespace

Configuration parse(std::string_view text, const std::string& path) {
    return Reader(text, path).read();
}

}  // namespace popkeep::config
