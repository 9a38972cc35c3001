#include "report/question.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "file/fd.hpp"
#include "report/output.hpp"
#include "report/progress_line.hpp"

namespace popkeep::report {
namespace {

std::string line_from(int terminal) {
    std::string line;
    while (line.size() < 1000) {
        std::array<pollfd, 2> waits{{{terminal, POLLIN, 0}, {interrupt::descriptor(), POLLIN, 0}}};
        poll(waits.data(), waits.size(), -1);
        interrupt::check();
        if (waits[0].revents == 0) continue;
        char c = 0;
        if (read(terminal, &c, 1) != 1 || c == '\n') break;
        line += c;
    }
    return line;
}

}  // namespace

bool typed_yes(const std::string& question) {
    const file::Fd terminal(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (terminal.get() < 0) return false;
    err("");
    const std::string text = question + " Type \"yes\" to go on: ";
    if (write(terminal.get(), text.data(), text.size()) < 0) return false;
    return equal_ignoring_case(line_from(terminal.get()), "yes");
}

}  // namespace popkeep::report
