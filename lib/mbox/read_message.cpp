#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "base/interrupt.hpp"
#include "file/durable.hpp"
#include "mbox/format.hpp"
#include "mbox/scanner.hpp"

namespace popkeep::mbox {
namespace {

constexpr std::size_t block_size = 256UL * 1024;

// The length of the empty line at the end of a message; 0 if there is none.
std::uint64_t separator_length(const file::Fd& fd, const std::string& path, std::uint64_t end) {
    std::array<char, 3> bytes{};
    if (file::read_at(fd, end - bytes.size(), bytes, path) < bytes.size()) return 0;
    const std::string_view tail(bytes.data(), bytes.size());
    if (tail.ends_with("\n\n")) return 1;
    return tail == "\n\r\n" ? 2 : 0;
}

// Takes the postmark off the front of the blocks.
class Postmark {
  public:
    /// What of `block` lies behind it.
    std::string_view strip(std::string_view block) {
        if (over_) return block;
        const std::size_t lf = block.find('\n');
        const std::string_view part = block.substr(0, lf);
        begin_.append(part, 0, enough - begin_.size());
        over_ = lf != std::string_view::npos;
        return over_ ? block.substr(lf + 1) : std::string_view();
    }

    bool complete() const { return over_ && is_postmark(begin_); }

  private:
    static constexpr std::size_t enough = 16;
    std::string begin_;
    bool over_ = false;
};

}  // namespace

bool read_message(const file::Fd& fd, const std::string& path, std::uint64_t start, std::uint64_t length,
                  const std::function<void(std::string_view)>& out) {
    constexpr std::string_view shortest = "From x\n\n";
    if (length < shortest.size()) return false;
    const std::uint64_t separator = separator_length(fd, path, start + length);
    if (separator == 0) return false;

    std::vector<char> buffer(std::min<std::uint64_t>(block_size, length));
    std::string content;
    Postmark postmark;
    Unquoter unquoter;
    const std::uint64_t end = start + length - separator;
    for (std::uint64_t at = start; at < end;) {
        interrupt::check();
        const auto block = std::span(buffer).first(std::min<std::uint64_t>(buffer.size(), end - at));
        if (file::read_at(fd, at, block, path) < block.size()) return false;
        at += block.size();
        unquoter.feed(postmark.strip({block.data(), block.size()}), content);
        if (!content.empty()) out(content);
        content.clear();
    }
    unquoter.finish(content);
    if (!content.empty()) out(content);
    return postmark.complete();
}

}  // namespace popkeep::mbox
