#include "json/object.hpp"

#include <strings.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace popkeep::json {
namespace {

constexpr auto lenient = nlohmann::json::error_handler_t::replace;

}  // namespace

Object::~Object() {
    for (auto& [name, value] : texts_) explicit_bzero(value.data(), value.size());
}

std::optional<Object> Object::parse(std::string_view text) {
    nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    Object object;
    for (auto& [name, value] : json.items()) {
        if (value.is_string()) {
            auto& string = value.get_ref<std::string&>();
            object.texts_[name] = string;
            explicit_bzero(string.data(), string.size());
        } else if (value.is_number_integer() &&
                   !(value.is_number_unsigned() && value.get<std::uint64_t>() > std::uint64_t{1} << 62U)) {
            object.numbers_[name] = value.get<std::int64_t>();
        } else if (value.is_number_float() && std::abs(value.get<double>()) < 1e15) {
            object.numbers_[name] = static_cast<std::int64_t>(value.get<double>());
        }
    }
    return object;
}

std::string Object::dump() const {
    nlohmann::json json = nlohmann::json::object();
    for (const auto& [name, value] : texts_) json[name] = value;
    for (const auto& [name, value] : numbers_) json[name] = value;
    return json.dump(1, ' ', false, lenient);
}

std::string Object::text(const std::string& name) const {
    const auto found = texts_.find(name);
    return found == texts_.end() ? "" : found->second;
}

std::optional<std::int64_t> Object::number(const std::string& name) const {
    if (const auto found = numbers_.find(name); found != numbers_.end()) return found->second;
    const auto digits = parse_number(text(name));
    if (!digits || *digits > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return std::nullopt;
    return static_cast<std::int64_t>(*digits);
}

}  // namespace popkeep::json
