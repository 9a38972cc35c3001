#include "base/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <new>
#include <utility>

#include "base/text.hpp"

namespace popkeep {

Error::Error(Category category, std::string what) : category_(category), sentence_(std::move(what)) {
    compose();
}

Error& Error::at(std::string_view where, std::size_t limit) {
    if (where_.empty()) where_ = printable(where, limit);
    compose();
    return *this;
}

Error& Error::said(std::string_view text, std::size_t limit) {
    said_ = printable(text, limit);
    compose();
    return *this;
}

Error& Error::next(std::string_view hint) {
    next_ = hint;
    compose();
    return *this;
}

void Error::compose() {
    line_ = where_.empty() ? sentence_ : fmt::format("{}: {}", where_, sentence_);
    if (!said_.empty()) line_ += fmt::format(" ({})", said_);
    if (!next_.empty()) line_ += fmt::format("; {}", next_);
}

SystemError system_error(int error_number, std::string_view doing, std::string_view path) {
    SystemError error(error_number, fmt::format("cannot {}", doing));
    error.at(path).said(std::strerror(error_number));
    switch (error_number) {
        case ENOSPC:
        case EDQUOT:
            error.next("free some space, then run again: nothing archived so far is lost");
            break;
        case EFBIG:
            error.next("lift the limit on the size of files (ulimit -f), then run again");
            break;
        case EROFS:
            error.next("the file system is mounted read-only");
            break;
        case EACCES:
        case EPERM:
            error.next("check the owner and mode of the file and its folder");
            break;
        case EIO:
            error.next("check the disk before you run again");
            break;
        default:
            break;
    }
    return error;
}

Error error_of(const std::exception& failure) {
    if (const auto* error = dynamic_cast<const Error*>(&failure)) return *error;
    if (dynamic_cast<const std::bad_alloc*>(&failure) != nullptr)
        return Error(Category::temporary, "out of memory")
            .next("nothing archived so far is lost; run again when there is more");
    if (const auto* file = dynamic_cast<const std::filesystem::filesystem_error*>(&failure))
        return system_error(file->code().value(), "look at the file or folder", file->path1().native());
    return Error(Category::software, "a defect in popkeep")
        .said(failure.what())
        .next("nothing archived is lost; please report it");
}

}  // namespace popkeep
