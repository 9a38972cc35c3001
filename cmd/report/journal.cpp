#include "report/journal.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace popkeep::report {
namespace {

// The variable is inherited by programs whose standard error has been sent elsewhere since.
bool err_is_journal() {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat status {};
    return stream != nullptr && fstat(STDERR_FILENO, &status) == 0 &&
           fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

}  // namespace

std::string for_journal(Level level, std::string_view text) {
    static const bool journal = err_is_journal();
    if (!journal) return std::string(text);
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        out += fmt::format("<{}>{}", static_cast<int>(level), text.substr(0, end));
        text.remove_prefix(end);
    }
    return out;
}

}  // namespace popkeep::report
