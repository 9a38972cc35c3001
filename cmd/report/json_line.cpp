#include "report/json_line.hpp"

#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "report/output.hpp"

namespace popkeep::report {

struct JsonLine::Object {
    nlohmann::ordered_json value;
};

JsonLine::JsonLine(std::string_view type) : object_(std::make_unique<Object>()) {
    add("type", type);
}

JsonLine::~JsonLine() = default;

JsonLine& JsonLine::add(std::string_view key, std::string_view value) {
    object_->value[std::string(key)] = value;
    return *this;
}

JsonLine& JsonLine::add(std::string_view key, std::uint64_t value) {
    object_->value[std::string(key)] = value;
    return *this;
}

JsonLine& JsonLine::add(std::string_view key, std::int64_t value) {
    object_->value[std::string(key)] = value;
    return *this;
}

JsonLine& JsonLine::add(std::string_view key, double value) {
    object_->value[std::string(key)] = value;
    return *this;
}

JsonLine& JsonLine::add(std::string_view key, bool value) {
    object_->value[std::string(key)] = value;
    return *this;
}

JsonLine& JsonLine::add(std::string_view key, const std::vector<std::string>& values) {
    object_->value[std::string(key)] = values;
    return *this;
}

JsonLine& JsonLine::add_null(std::string_view key) {
    object_->value[std::string(key)] = nullptr;
    return *this;
}

JsonLine& JsonLine::add_time(std::string_view key, std::optional<std::int64_t> seconds) {
    return seconds ? add(key, utc_time(*seconds)) : add_null(key);
}

std::string JsonLine::text() const {
    // ASCII only: a control character of ISO 6429's second set, or one that turns the direction of writing,
    // would reach a terminal else.
    return object_->value.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

void JsonLine::print() const {
    out(text());
    flush_out();
}

void print_json_start(std::string_view command) {
    JsonLine("start").add("format", 1).add("command", command).print();
}

}  // namespace popkeep::report
