#include "config/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/file.hpp"

namespace popkeep::config {
namespace {

constexpr std::size_t most_told = 20;

}  // namespace

void Problems::add(const Place& place, std::string sentence, std::string_view hint, Excerpt excerpt) {
    Error error(Category::configuration, std::move(sentence));
    error.at(fmt::format("{}:{}:{}", path_, place.line, place.column)).next(hint);
    problems_.push_back(
        {std::move(error), excerpt == Excerpt::shown ? config::excerpt(text_, place) : "", place});
}

void Problems::complain() {
    std::ranges::stable_sort(problems_, {},
                             [](const Problem& p) { return std::pair(p.place.line, p.place.column); });
    std::string report;
    for (std::size_t i = 0; i < std::min(problems_.size(), most_told); ++i) {
        report += fmt::format("{}\n{}", problems_[i].error.what(), problems_[i].shown);
    }
    if (problems_.size() > most_told) report += fmt::format("and {} more\n", problems_.size() - most_told);
    throw Invalid(problems_.front().error, report);
}

}  // namespace popkeep::config
