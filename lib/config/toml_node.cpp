#include "config/toml_node.hpp"

#include <string>

#include "secret/password.hpp"

namespace popkeep::config {

Place place_of(const toml::source_region& region) {
    Place place{.line = region.begin.line, .column = region.begin.column, .end_column = region.end.column};
    if (region.end.line != region.begin.line) place.end_column = std::size_t{1} << 20U;
    return place;
}

Place begin_of(const toml::source_region& region) {
    return {.line = region.begin.line, .column = region.begin.column, .end_column = region.begin.column};
}

std::string_view type_name(toml::node_type type) {
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

}  // namespace popkeep::config
