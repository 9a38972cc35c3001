#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace popkeep::report {

/// One line of --json: an object whose first key is "type" and whose keys keep their order. Text from
/// outside may hold any bytes: what isn't UTF-8 becomes U+FFFD.
class JsonLine {
  public:
    explicit JsonLine(std::string_view type);
    JsonLine(const JsonLine&) = delete;
    JsonLine& operator=(const JsonLine&) = delete;
    ~JsonLine();

    JsonLine& add(std::string_view key, std::string_view value);
    JsonLine& add(std::string_view key, const char* value) { return add(key, std::string_view(value)); }
    JsonLine& add(std::string_view key, const std::string& value) {
        return add(key, std::string_view(value));
    }
    JsonLine& add(std::string_view key, std::uint64_t value);
    JsonLine& add(std::string_view key, std::int64_t value);
    JsonLine& add(std::string_view key, int value) { return add(key, static_cast<std::int64_t>(value)); }
    JsonLine& add(std::string_view key, std::uint32_t value) {
        return add(key, static_cast<std::uint64_t>(value));
    }
    JsonLine& add(std::string_view key, double value);
    JsonLine& add(std::string_view key, bool value);
    JsonLine& add(std::string_view key, const std::vector<std::string>& values);
    JsonLine& add_null(std::string_view key);
    /// null if there is none.
    template <class T>
    JsonLine& add(std::string_view key, const std::optional<T>& value) {
        return value ? add(key, *value) : add_null(key);
    }
    /// Unix seconds as "2026-11-24T15:04:05Z".
    JsonLine& add_time(std::string_view key, std::optional<std::int64_t> seconds);

    /// With its LF.
    std::string text() const;
    void print() const;

  private:
    struct Object;
    std::unique_ptr<Object> object_;
};

/// {"type":"start","format":1,"command":…}: the first line of every --json output.
void print_json_start(std::string_view command);

}  // namespace popkeep::report
