#include <fmt/format.h>

#include <optional>

#include "base/error.hpp"
#include "config/values.hpp"

namespace popkeep::config {
namespace {

constexpr std::size_t longest_command = 8192;

[[noreturn]] void refuse(std::string_view why) {
    // The text itself may hold a secret, unwise as that is.
    throw Error(Category::usage, fmt::format("the command {}", why))
        .next("write it as in: pass show 'mail/my account'");
}

/// One argument after the other.
class Splitter {
  public:
    explicit Splitter(std::string_view text) : text_(text) {}

    std::optional<std::string> next() {
        at_ = std::min(text_.find_first_not_of(" \t", at_), text_.size());
        if (at_ == text_.size()) return std::nullopt;
        std::string word;
        while (at_ < text_.size() && text_[at_] != ' ' && text_[at_] != '\t') take(word);
        return word;
    }

  private:
    void take(std::string& word) {
        const char c = text_[at_++];
        if (c == '\'') {
            const std::size_t end = text_.find('\'', at_);
            if (end == std::string_view::npos) refuse("has an open quote");
            word += text_.substr(at_, end - at_);
            at_ = end + 1;
        } else if (c == '"') {
            take_quoted(word);
        } else if (c == '\\') {
            if (at_ == text_.size()) refuse("ends with '\\'");
            word += text_[at_++];
        } else {
            word += c;
        }
    }

    void take_quoted(std::string& word) {
        for (; at_ < text_.size(); ++at_) {
            if (text_[at_] == '"') {
                ++at_;
                return;
            }
            const bool escape = text_[at_] == '\\' && at_ + 1 < text_.size() &&
                                (text_[at_ + 1] == '"' || text_[at_ + 1] == '\\');
            word += text_[escape ? ++at_ : at_];
        }
        refuse("has an open quote");
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

std::vector<std::string> parse_command(std::string_view text) {
    if (text.size() > longest_command) refuse(fmt::format("is longer than {} bytes", longest_command));
    if (text.find_first_of(std::string_view("\0\r\n", 3)) != std::string_view::npos)
        refuse("has more than one line");
    std::vector<std::string> argv;
    Splitter splitter(text);
    while (auto word = splitter.next()) argv.push_back(std::move(*word));
    if (argv.empty() || argv[0].empty()) refuse("is empty");
    return argv;
}

}  // namespace popkeep::config
