#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "console/line_source.hpp"

namespace popkeep::cmd::console {
namespace {

constexpr std::size_t longest = 4096;

class Script : public LineSource {
  public:
    std::optional<std::string> next() override {
        std::string line;
        for (;;) {
            auto* const end = std::find(at_, last_, '\n');
            const auto room = longest - std::min(line.size(), longest);
            line.append(at_, std::min<std::size_t>(static_cast<std::size_t>(end - at_), room));
            if (end != last_) {
                at_ = end + 1;
                return without_cr(std::move(line));
            }
            if (!fill()) return line.empty() ? std::nullopt : std::optional(without_cr(std::move(line)));
        }
    }

  private:
    static std::string without_cr(std::string line) {
        if (line.ends_with('\r')) line.pop_back();
        return line;
    }

    bool fill() {
        std::array<pollfd, 2> waits{{{STDIN_FILENO, POLLIN, 0}, {interrupt::descriptor(), POLLIN, 0}}};
        poll(waits.data(), waits.size(), -1);
        interrupt::check();
        const ssize_t got = read(STDIN_FILENO, buffer_.data(), buffer_.size());
        if (got < 0 && errno != EINTR) throw system_error(errno, "read", "standard input");
        at_ = buffer_.data();
        last_ = buffer_.data() + std::max<ssize_t>(got, 0);
        return got != 0;
    }

    std::array<char, 4096> buffer_{};
    char* at_ = buffer_.data();
    char* last_ = buffer_.data();
};

}  // namespace

std::unique_ptr<LineSource> script() {
    return std::make_unique<Script>();
}

}  // namespace popkeep::cmd::console
