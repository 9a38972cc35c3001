#include "message/header.hpp"

#include <functional>
#include <utility>

#include "base/text.hpp"
#include "message/fields.hpp"
#include "message/received_date.hpp"

namespace popkeep::message {

using Part = HeaderLines::Part;

std::size_t Header::feed(std::string_view content) {
    piece_ = content;
    const std::size_t taken =
        lines_.feed(content, [this](std::string_view bytes, Part part) { line(bytes, part); });
    flush();
    piece_ = {};
    return taken;
}

void Header::finish() {
    lines_.finish([this](std::string_view bytes, Part part) { line(bytes, part); });
    flush();
    end_field();
}

void Header::line(std::string_view bytes, Part part) {
    const bool begins = part == Part::complete || part == Part::first;
    const bool continues = bytes.front() == ' ' || bytes.front() == '\t';
    if (begins && !continues) begin_field(bytes);
    if (keeps_) {
        keep(bytes);
    } else {
        left_out_ += bytes.size();
        lines_left_out_ += bytes.ends_with('\n') ? 1U : 0U;
    }
    if (captured_ != Captured::nothing && value_.size() < HeaderLines::whole) {
        value_.append(bytes, 0, HeaderLines::whole - value_.size());
    }
}

void Header::begin_field(std::string_view line) {
    end_field();
    // The first letters of all names that matter here.
    constexpr std::string_view initials = "CLRSXclrsx";
    keeps_ = true;
    if (initials.find(line.front()) == std::string_view::npos) return;
    const std::string_view name = field_name(line);
    keeps_ = !is_readers_field(name);
    has_readers_fields_ = has_readers_fields_ || !keeps_;
    captured_ = wanted(name);
}

Header::Captured Header::wanted(std::string_view name) const {
    if (!saw_received_ && equal_ignoring_case(name, "Received")) return Captured::received;
    if (!saw_return_path_ && equal_ignoring_case(name, "Return-Path")) return Captured::return_path;
    if (!saw_content_length_ && equal_ignoring_case(name, "Content-Length")) return Captured::content_length;
    return Captured::nothing;
}

void Header::end_field() {
    if (captured_ == Captured::nothing) return;
    const std::string_view value = std::string_view(value_).substr(value_.find(':') + 1);
    switch (std::exchange(captured_, Captured::nothing)) {
        case Captured::received:
            saw_received_ = true;
            received_ = received_date(value);
            break;
        case Captured::return_path:
            saw_return_path_ = true;
            sender_ = postmark_sender(value);
            break;
        case Captured::content_length:
            saw_content_length_ = true;
            content_length_ = content_length(value);
            break;
        case Captured::nothing:
            break;
    }
    value_.clear();
}

// Neighbouring lines are hashed together: a call for each would cost more than the hashing.
void Header::keep(std::string_view bytes) {
    last_kept_ = bytes.back();
    const char* const run_end = run_.data() + run_.size();
    if (!run_.empty() && run_end == bytes.data()) {
        run_ = {run_.data(), run_.size() + bytes.size()};
        return;
    }
    flush();
    const std::less_equal<> before;
    const bool in_piece = before(piece_.data(), bytes.data()) &&
                          before(bytes.data() + bytes.size(), piece_.data() + piece_.size());
    if (in_piece) {
        run_ = bytes;
    } else {
        hash_.update(bytes);
    }
}

void Header::flush() {
    if (!run_.empty()) hash_.update(std::exchange(run_, {}));
}

void Header::report(Facts& facts) {
    if (last_kept_ != '\n') hash_.update("\n");
    facts.header = hash_.finish();
    facts.sender = std::exchange(sender_, {});
    facts.received = std::exchange(received_, std::nullopt);
    facts.content_length = std::exchange(content_length_, std::nullopt);
    facts.readers_size = std::exchange(left_out_, 0);
    facts.readers_lines = std::exchange(lines_left_out_, 0);
    lines_.restart();
    keeps_ = true;
    last_kept_ = '\n';
    has_readers_fields_ = saw_return_path_ = saw_received_ = saw_content_length_ = false;
}

}  // namespace popkeep::message
