#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace popkeep::json {

/// One flat JSON object, as authorization servers send it and as we keep it: members that are text, or whole
/// numbers. What else an object from outside has is left out.
class Object {
  public:
    Object() = default;
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;
    Object(Object&&) = default;
    Object& operator=(Object&&) = default;
    /// Members may be secrets: they are wiped.
    ~Object();

    /// Nothing if `text` isn't a JSON object and nothing else.
    static std::optional<Object> parse(std::string_view text);
    std::string dump() const;

    /// Empty if there is no such text.
    std::string text(const std::string& name) const;
    /// A number, or a text that is one: some servers send "3600".
    std::optional<std::int64_t> number(const std::string& name) const;

    void set(const std::string& name, std::string_view text) { texts_[name] = text; }
    void set(const std::string& name, std::int64_t number) { numbers_[name] = number; }

  private:
    std::map<std::string, std::string> texts_;
    std::map<std::string, std::int64_t> numbers_;
};

}  // namespace popkeep::json
