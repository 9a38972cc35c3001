#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "config/excerpt.hpp"

namespace popkeep::config {

/// What is wrong with a configuration, so that all of it is told at once, in the order of the text.
class Problems {
  public:
    enum class Excerpt { shown, none };

    /// Both stay the caller's.
    Problems(std::string_view text, const std::string& path) : text_(text), path_(path) {}

    void add(const Place& place, std::string sentence, std::string_view hint,
             Excerpt excerpt = Excerpt::shown);
    bool empty() const { return problems_.empty(); }
    /// Throws Invalid with the first ones; there must be one.
    [[noreturn]] void complain();

  private:
    struct Problem {
        Error error;
        std::string shown;
        Place place;
    };

    std::string_view text_;
    const std::string& path_;
    std::vector<Problem> problems_;
};

}  // namespace popkeep::config
