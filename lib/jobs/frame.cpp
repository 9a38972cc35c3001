#include "jobs/frame.hpp"

#include <array>
#include <bit>
#include <cstring>

#include "base/error.hpp"

namespace popkeep::jobs {
namespace {

constexpr std::size_t longest_text = std::size_t{16} << 10U;
constexpr std::size_t prefix = sizeof(std::uint32_t);

template <class Number>
void append(std::string& out, Number number) {
    const auto bytes = std::bit_cast<std::array<char, sizeof number>>(number);
    out.append(bytes.data(), bytes.size());
}

template <class Number>
Number number_in(std::string_view bytes) {
    Number number = 0;
    std::memcpy(&number, bytes.data(), sizeof number);
    return number;
}

[[noreturn]] void refuse() {
    throw Error(Category::software, "what an account's process said makes no sense")
        .next("nothing archived is lost; please report it");
}

}  // namespace

Frame::Frame(Event event) : bytes_(prefix, '\0') {
    bytes_ += static_cast<char>(event);
}

Frame& Frame::add(std::uint64_t number) {
    append(bytes_, number);
    return *this;
}

Frame& Frame::add(std::string_view text) {
    text = text.substr(0, longest_text);
    append(bytes_, static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
    return *this;
}

bool Frame::has_room() const noexcept {
    return bytes_.size() + 2 * longest_text < longest_frame;
}

std::string_view Frame::bytes() {
    const auto size = static_cast<std::uint32_t>(bytes_.size() - prefix);
    std::memcpy(bytes_.data(), &size, prefix);
    return bytes_;
}

std::optional<std::string> FrameBuffer::next() {
    if (bytes_.size() < prefix) return std::nullopt;
    const std::size_t size = number_in<std::uint32_t>(bytes_);
    if (size > longest_frame) refuse();
    if (bytes_.size() - prefix < size) return std::nullopt;
    std::string frame = bytes_.substr(prefix, size);
    bytes_.erase(0, prefix + size);
    return frame;
}

Fields::Fields(std::string_view frame) : rest_(frame) {
    const auto value = static_cast<std::uint8_t>(take(1)[0]);
    if (value < static_cast<std::uint8_t>(Event::wants_terminal) ||
        value > static_cast<std::uint8_t>(Event::finished))
        refuse();
    event_ = static_cast<Event>(value);
}

std::uint64_t Fields::number() {
    return number_in<std::uint64_t>(take(sizeof(std::uint64_t)));
}

std::string Fields::text() {
    const std::size_t size = number_in<std::uint32_t>(take(prefix));
    if (size > longest_text) refuse();
    return std::string(take(size));
}

void Fields::end() const {
    if (!rest_.empty()) refuse();
}

std::string_view Fields::take(std::size_t size) {
    if (rest_.size() < size) refuse();
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
}

}  // namespace popkeep::jobs
