#include "mbox/scanner.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "base/interrupt.hpp"
#include "file/durable.hpp"
#include "mbox/find_from.hpp"
#include "mbox/format.hpp"

namespace popkeep::mbox {
namespace {

constexpr std::size_t window_size = 256UL * 1024;
// A byte is dealt with only when this many behind it are there, or the end: enough for the empty line in
// front of a postmark and for the bytes that make it one.
constexpr std::size_t lookahead = 16;
constexpr std::size_t lookbehind = 4;
constexpr std::size_t longest_postmark = 1000;

class Scan {
  public:
    using OnFound = std::function<void(const Found&)>;
    using OnJunk = std::function<void(std::uint64_t, std::uint64_t)>;

    Scan(std::uint64_t begin, const OnFound& found, const OnJunk& junk)
        : begin_(begin), base_(begin), on_found_(found), on_junk_(junk) {}

    void read(const file::Fd& fd, const std::string& path, std::uint64_t end);

  private:
    enum class In { junk, postmark, content };

    void step(bool at_end);
    bool step_in_postmark();
    bool step_in_text();
    void take_text(std::size_t end);
    void begin_message(std::size_t at);
    void end_message(std::size_t end, bool closed);
    void end_junk(std::size_t end);

    std::size_t find_postmark() const;
    bool is_postmark_at(std::size_t at) const;
    std::size_t empty_line_before(std::size_t at) const;
    bool begins_line(std::size_t at) const {
        return base_ + at == begin_ || (at > 0 && window_[at - 1] == '\n');
    }

    std::uint64_t begin_;
    std::uint64_t base_;  // offset of window_ in the file
    std::string_view window_;
    std::size_t at_ = 0;  // everything in front of it is dealt with
    In in_ = In::junk;
    bool junk_ = false;  // other bytes than line ends were seen in front of the first message
    Found message_;
    Unquoter unquoter_;
    std::string unquoted_;
    message::Examiner examiner_;
    const OnFound& on_found_;
    const OnJunk& on_junk_;
};

void Scan::read(const file::Fd& fd, const std::string& path, std::uint64_t end) {
    std::vector<char> buffer(window_size);
    std::size_t kept = 0;
    for (bool at_end = false; !at_end;) {
        interrupt::check();
        const std::uint64_t offset = base_ + kept;
        const auto room = std::span(buffer).subspan(kept);
        const std::size_t wanted = std::min<std::uint64_t>(room.size(), end - std::min(end, offset));
        const std::size_t got = file::read_at(fd, offset, room.first(wanted), path);
        at_end = got < wanted || offset + got >= end;
        window_ = {buffer.data(), kept + got};
        step(at_end);
        const std::size_t gone = at_ - std::min(at_, lookbehind);
        kept = window_.size() - gone;
        std::copy(window_.begin() + static_cast<std::ptrdiff_t>(gone), window_.end(), buffer.begin());
        base_ += gone;
        at_ -= gone;
    }
}

// Deals with what can be decided in the window.
void Scan::step(bool at_end) {
    while (in_ == In::postmark ? step_in_postmark() : step_in_text()) {
    }
    if (!at_end) return;
    if (in_ == In::junk) {
        end_junk(window_.size());
    } else {
        const std::size_t separator = in_ == In::content ? empty_line_before(window_.size()) : 0;
        if (in_ == In::content) take_text(window_.size() - separator);
        end_message(window_.size(), separator > 0);
    }
}

bool Scan::step_in_postmark() {
    const std::size_t lf = window_.find('\n', at_);
    const std::size_t end = std::min(lf, window_.size());
    message_.postmark.append(window_, at_, std::min(end - at_, longest_postmark - message_.postmark.size()));
    at_ = end;
    if (lf == std::string_view::npos) return false;
    ++at_;
    in_ = In::content;
    return true;
}

bool Scan::step_in_text() {
    const std::size_t next = find_postmark();
    if (next == std::string_view::npos) {
        const std::size_t decided = window_.size() - std::min(window_.size(), lookahead);
        if (decided > at_) take_text(decided);
        return false;
    }
    if (in_ == In::junk) {
        end_junk(next);
    } else {
        take_text(next - empty_line_before(next));
        end_message(next, true);
    }
    begin_message(next);
    return true;
}

void Scan::take_text(std::size_t end) {
    const std::string_view text = window_.substr(at_, end - at_);
    at_ = end;
    if (in_ == In::junk) {
        junk_ = junk_ || text.find_first_not_of("\r\n") != std::string_view::npos;
        return;
    }
    unquoter_.feed(text, unquoted_);
    examiner_.feed(unquoted_);
    unquoted_.clear();
}

void Scan::begin_message(std::size_t at) {
    message_.start = base_ + at;
    at_ = at;
    in_ = In::postmark;
}

void Scan::end_message(std::size_t end, bool closed) {
    unquoter_.finish(unquoted_);
    examiner_.feed(unquoted_);
    unquoted_.clear();
    message_.length = base_ + end - message_.start;
    message_.closed = closed;
    message_.facts = examiner_.finish();
    on_found_(message_);
    message_.postmark.clear();
    at_ = end;
}

void Scan::end_junk(std::size_t end) {
    take_text(end);
    if (junk_) on_junk_(begin_, base_ + end - begin_);
}

std::size_t Scan::find_postmark() const {
    for (std::size_t at = find_from(window_, at_); at != std::string_view::npos;
         at = find_from(window_, at + from.size())) {
        if (is_postmark_at(at)) return at;
    }
    return std::string_view::npos;
}

bool Scan::is_postmark_at(std::size_t at) const {
    if (base_ + at != begin_ && empty_line_before(at) == 0) return false;
    const std::string_view line = window_.substr(at, from.size() + 2);
    return is_postmark(line.substr(0, line.find('\n')));
}

// The length of the empty line that ends at `at`; 0 if there is none.
std::size_t Scan::empty_line_before(std::size_t at) const {
    const std::string_view before = window_.substr(0, at);
    if (before.ends_with('\n') && begins_line(at - 1)) return 1;
    if (before.ends_with("\r\n") && begins_line(at - 2)) return 2;
    return 0;
}

}  // namespace

void scan(const file::Fd& fd, const std::string& path, std::uint64_t begin, std::uint64_t end,
          const std::function<void(const Found&)>& found,
          const std::function<void(std::uint64_t offset, std::uint64_t length)>& junk) {
    Scan(begin, found, junk).read(fd, path, end);
}

}  // namespace popkeep::mbox
