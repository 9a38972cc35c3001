#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <clocale>
#include <exception>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "bus_error.hpp"
#include "command.hpp"
#include "config/file.hpp"
#include "report/output.hpp"

namespace {

using popkeep::Category;

// With one of the three closed, the next file opened would take its number, and an error message would be
// written into an mbox.
void occupy_standard_descriptors() {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", fd == STDIN_FILENO ? O_RDONLY : O_WRONLY) != fd)
            _exit(static_cast<int>(Category::software));
    }
}

// Where every exception becomes an exit code and a line.
int guarded(int argc, char** argv) {
    try {
        popkeep::interrupt::install();
        popkeep::cmd::end_on_bus_error();
        return popkeep::cmd::run_program(std::vector<std::string>(argv + 1, argv + argc));
    } catch (const popkeep::config::Invalid& invalid) {
        popkeep::report::err(invalid.report(), popkeep::report::Level::error);
        return invalid.exit_code();
    } catch (const std::exception& failure) {
        const popkeep::Error error = popkeep::error_of(failure);
        popkeep::report::complain(error);
        return error.exit_code();
    }
}

}  // namespace

int main(int argc, char** argv) {
    occupy_standard_descriptors();
    umask(077);
    // Subjects and names are measured in the terminal's cells; a "C" locale would know no letter but ASCII.
    if (setlocale(LC_CTYPE, "") == nullptr || MB_CUR_MAX == 1) setlocale(LC_CTYPE, "C.UTF-8");
    const int code = guarded(argc, argv);
    const bool told = popkeep::report::finish_output();
    return code == 0 && !told ? static_cast<int>(Category::io) : code;
}
