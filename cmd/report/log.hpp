#pragma once

#include <string>
#include <string_view>

#include "file/fd.hpp"

namespace popkeep::report {

/// A file of --log: lines with a time stamp, appended whole, so that several runs may write to one.
class Log {
  public:
    /// Opens it, or makes it for the owner alone. Throws (I/O).
    explicit Log(const std::string& path);

    /// "2026-11-24T15:04:05+0100 account: sentence"; `account` may be empty. What comes from outside is
    /// escaped here. A disk that is full doesn't end a fetch: the first failure is told on standard error.
    void line(std::string_view account, std::string_view sentence);

  private:
    std::string path_;
    file::Fd fd_;
    bool failed_ = false;
};

}  // namespace popkeep::report
