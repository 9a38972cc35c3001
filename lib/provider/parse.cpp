#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <limits>
#include <set>

#include "base/error.hpp"
#include "provider/provider.hpp"

namespace popkeep::provider {
namespace {

/// One table of the file. What is not asked for by the end is unknown.
class Row {
  public:
    Row(const toml::table& table, std::string place) : table_(table), place_(std::move(place)) {}

    [[noreturn]] void wrong(std::string_view key, std::string_view what) const {
        throw Error(Category::software, fmt::format("the table of providers: {}: {} {}", place_, key, what));
    }

    std::string text(std::string_view key) {
        auto value = text_or_none(key);
        if (value.empty()) wrong(key, "is missing");
        return value;
    }

    std::string text_or_none(std::string_view key) {
        const toml::node* node = take(key);
        if (node == nullptr) return "";
        const auto value = node->value_exact<std::string>();
        if (!value || value->empty()) wrong(key, "is not a text");
        return *value;
    }

    std::string page(std::string_view key) {
        auto value = text(key);
        require_page(key, value);
        return value;
    }

    std::string page_or_none(std::string_view key) {
        auto value = text_or_none(key);
        if (!value.empty()) require_page(key, value);
        return value;
    }

    std::optional<std::uint32_t> number(std::string_view key, std::uint32_t most) {
        const toml::node* node = take(key);
        if (node == nullptr) return std::nullopt;
        const auto value = node->value_exact<std::int64_t>();
        if (!value || *value < 0 || *value > most) wrong(key, "is not a number within the limits");
        return static_cast<std::uint32_t>(*value);
    }

    bool flag(std::string_view key) {
        const toml::node* node = take(key);
        if (node == nullptr) return false;
        const auto value = node->value_exact<bool>();
        if (!value) wrong(key, "is neither true nor false");
        return *value;
    }

    std::vector<std::string> texts(std::string_view key) {
        const toml::node* node = take(key);
        const toml::array* array = node == nullptr ? nullptr : node->as_array();
        if (array == nullptr || array->empty()) wrong(key, "is not a list");
        std::vector<std::string> out;
        for (const toml::node& entry : *array) {
            const auto value = entry.value_exact<std::string>();
            if (!value || value->empty()) wrong(key, "holds something that is not a text");
            out.push_back(*value);
        }
        return out;
    }

    template <typename Value>
    Value one_of(std::string_view key, const std::string& word,
                 std::initializer_list<std::pair<std::string_view, Value>> choices) const {
        for (const auto& [name, value] : choices)
            if (name == word) return value;
        wrong(key, fmt::format("can't be \"{}\"", word));
    }

    std::optional<Row> table(std::string_view key) {
        const toml::node* node = take(key);
        if (node == nullptr) return std::nullopt;
        if (!node->is_table()) wrong(key, "is not a table");
        return Row(*node->as_table(), fmt::format("{}.{}", place_, key));
    }

    std::vector<Row> tables(std::string_view key) {
        const toml::node* node = take(key);
        if (node == nullptr) return {};
        std::vector<Row> out;
        if (!node->is_array_of_tables()) wrong(key, "is not a list of tables");
        for (const toml::node& entry : *node->as_array())
            out.emplace_back(*entry.as_table(), fmt::format("{}.{}", place_, key));
        return out;
    }

    void finish() const {
        for (const auto& [key, node] : table_)
            if (!asked_.contains(std::string(key.str()))) wrong(key.str(), "is unknown");
    }

  private:
    const toml::node* take(std::string_view key) {
        asked_.emplace(key);
        return table_.get(key);
    }

    void require_page(std::string_view key, const std::string& value) const {
        if (!value.starts_with("https://") && !value.starts_with("http://")) wrong(key, "is not an address");
    }

    const toml::table& table_;
    std::string place_;
    std::set<std::string> asked_;
};

OAuth oauth_of(Row row) {
    OAuth oauth{.authorize = row.page("authorize"),
                .token = row.page("token"),
                .device = row.page_or_none("device"),
                .scope = row.text("scope"),
                .source = row.page("source")};
    row.finish();
    return oauth;
}

Behaviour behaviour_of(Row row) {
    constexpr std::uint32_t any = std::numeric_limits<std::uint32_t>::max();
    Behaviour behaviour{.portion = row.number("portion", any).value_or(0),
                        .hides_fetched = row.flag("hides_fetched"),
                        .expire_days = row.number("expire_days", any),
                        .login_delay = row.number("login_delay", 86400).value_or(0),
                        .daily_mib = row.number("daily_mib", any).value_or(0),
                        .not_listed = row.text_or_none("not_listed"),
                        .recent_prefix = row.text_or_none("recent_prefix")};
    row.finish();
    return behaviour;
}

Provider provider_of(const toml::table& table) {
    const std::string id = Row(table, "a row").text("id");
    Row row(table, id);
    Provider out;
    out.id = row.text("id");
    out.name = row.text("name");
    out.domains = row.texts("domains");
    out.host = row.text("host");
    out.port = static_cast<std::uint16_t>(row.number("port", 65535).value_or(0));
    if (out.port == 0) row.wrong("port", "is missing");
    out.tls = row.one_of<Tls>("tls", row.text("tls"), {{"implicit", Tls::implicit}, {"stls", Tls::stls}});
    out.local_part = row.one_of<bool>("user", row.text("user"), {{"address", false}, {"local-part", true}});
    for (const std::string& word : row.texts("sign_in"))
        out.sign_in.push_back(row.one_of<SignIn>("sign_in", word,
                                                 {{"password", SignIn::password},
                                                  {"app-password", SignIn::app_password},
                                                  {"oauth", SignIn::oauth}}));
    out.help = row.page("help");
    out.seen = row.one_of<Seen>(
        "seen", row.text("seen"),
        {{"page", Seen::page}, {"autoconfig", Seen::autoconfig}, {"reported", Seen::reported}});
    out.enable = row.text_or_none("enable");
    out.app_password_help = row.page_or_none("app_password_help");
    if (auto part = row.table("oauth")) out.oauth = oauth_of(*std::move(part));
    for (Row& part : row.tables("note")) {
        out.notes.push_back({part.text("text"), part.page("source")});
        part.finish();
    }
    if (auto part = row.table("behaviour")) {
        out.behaviour = behaviour_of(*std::move(part));
        if (out.notes.empty()) row.wrong("behaviour", "has no note with its source");
    }
    const bool offers_oauth = std::ranges::find(out.sign_in, SignIn::oauth) != out.sign_in.end();
    if (offers_oauth != out.oauth.has_value()) row.wrong("oauth", "and sign_in contradict each other");
    row.finish();
    return out;
}

}  // namespace

std::vector<Provider> parse(std::string_view text) {
    toml::table root;
    try {
        root = toml::parse(text);
    } catch (const toml::parse_error& error) {
        throw Error(Category::software, fmt::format("the table of providers, line {}: {}",
                                                    error.source().begin.line, error.description()));
    }
    Row file(root, "file");
    const toml::array* rows = root["provider"].as_array();
    if (rows == nullptr || !rows->is_array_of_tables()) file.wrong("provider", "is missing");
    std::vector<Provider> out;
    std::set<std::string> said;
    const auto once = [&](const std::string& id, const std::string& what) {
        if (!said.insert(what).second)
            throw Error(Category::software,
                        fmt::format("the table of providers: {}: {} is said twice", id, what));
    };
    for (const toml::node& row : *rows) {
        out.push_back(provider_of(*row.as_table()));
        once(out.back().id, "id " + out.back().id);
        for (const std::string& domain : out.back().domains) once(out.back().id, domain);
    }
    return out;
}

}  // namespace popkeep::provider
