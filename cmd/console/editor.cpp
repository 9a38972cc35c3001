#include <histedit.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cwchar>
#include <utility>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "console/line_source.hpp"

namespace popkeep::cmd::console {
namespace {

constexpr int most_remembered = 500;
/// What a terminal has for a Ctrl-D that was typed while it took whole lines, which is when no line is
/// edited.
constexpr char end_of_lines = '\0';
constexpr char ctrl_d = '\x04';

/// One character, so that a stop is noticed while libedit waits. 0 at the end of the input, -1 for a stop.
int next_character(EditLine*, wchar_t* character) {
    std::mbstate_t state{};
    for (;;) {
        std::array<pollfd, 2> waits{{{STDIN_FILENO, POLLIN, 0}, {interrupt::descriptor(), POLLIN, 0}}};
        poll(waits.data(), waits.size(), -1);
        if (interrupt::requested()) return -1;
        if (waits[0].revents == 0) continue;
        char byte = 0;
        const ssize_t got = read(STDIN_FILENO, &byte, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return 0;
        if (byte == end_of_lines) byte = ctrl_d;
        const std::size_t used = std::mbrtowc(character, &byte, 1, &state);
        if (used == static_cast<std::size_t>(-2)) continue;  // the character goes on
        if (used == static_cast<std::size_t>(-1)) {
            state = {};
            continue;
        }
        return 1;
    }
}

class Editor : public LineSource {
  public:
    explicit Editor(std::string prompt) : prompt_(std::move(prompt)) {
        edit_ = el_init("popkeep", stdin, stderr, stderr);
        history_ = history_init();
        if (edit_ == nullptr || history_ == nullptr)
            throw Error(Category::software, "libedit could not be set up");
        HistEvent event{};
        history(history_, &event, H_SETSIZE, most_remembered);
        history(history_, &event, H_SETUNIQUE, 1);
        el_set(edit_, EL_CLIENTDATA, this);
        el_set(edit_, EL_PROMPT, &Editor::prompt_of);
        el_set(edit_, EL_HIST, history, history_);
        el_set(edit_, EL_EDITOR, "emacs");
        el_set(edit_, EL_GETCFN, &next_character);
        el_set(edit_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    }
    ~Editor() override {
        el_end(edit_);
        history_end(history_);
    }

    std::optional<std::string> next() override {
        el_resize(edit_);
        int size = 0;
        const char* text = el_gets(edit_, &size);
        if (interrupt::requested()) (void)std::fputc('\n', stderr);
        interrupt::check();
        if (text == nullptr || size <= 0) {
            (void)std::fputc('\n', stderr);
            return std::nullopt;
        }
        std::string line(text, static_cast<std::size_t>(size));
        while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
        HistEvent event{};
        if (line.find_first_not_of(' ') != std::string::npos)
            history(history_, &event, H_ENTER, line.c_str());
        return line;
    }

  private:
    static char* prompt_of(EditLine* edit) {
        void* self = nullptr;
        el_get(edit, EL_CLIENTDATA, &self);
        return static_cast<Editor*>(self)->prompt_.data();
    }

    std::string prompt_;
    EditLine* edit_ = nullptr;
    History* history_ = nullptr;
};

}  // namespace

std::unique_ptr<LineSource> editor(std::string prompt) {
    return std::make_unique<Editor>(std::move(prompt));
}

}  // namespace popkeep::cmd::console
