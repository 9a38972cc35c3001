#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace popkeep {

/// What kind of failure ended a run. The values are the exit codes (sysexits.h, and 128 + signal).
enum class Category {
    usage = 64,          ///< the command line is wrong
    data = 65,           ///< what was read is damaged: an mbox, the ledger, a quarantined message
    no_host = 68,        ///< the host name is unknown
    unavailable = 69,    ///< the server refuses connections
    software = 70,       ///< popkeep itself is at fault
    cannot_create = 73,  ///< no archive there, or it can't be founded
    io = 74,             ///< a read, write or sync failed, or the disk is full
    temporary = 75,      ///< try again later: busy, locked, timed out
    protocol = 76,       ///< the server broke the protocol, offers no STLS, or its certificate is wrong
    permission = 77,     ///< sign-in refused, or a file may not be read
    configuration = 78,  ///< popkeep.toml is wrong
    interrupted = 130,   ///< SIGINT
    terminated = 143,    ///< SIGTERM or SIGHUP
};

/// The one error type: a failure that ends an account's run or a command. Outcomes that belong to the
/// job (a refused message, nothing new) are values, never Errors.
class Error : public std::exception {
  public:
    /// `what`: one sentence without a final full stop, e.g. "the mbox is locked by another program".
    Error(Category category, std::string what);

    /// Where it happened: a path, host:port, file:line. The innermost place wins; later calls add nothing.
    /// Control characters are escaped here, and what is beyond `limit` bytes is cut; as of what was said.
    Error& at(std::string_view where, std::size_t limit = most_told);
    /// What the other side said (server, operating system).
    Error& said(std::string_view text, std::size_t limit = most_told);
    /// What the person can do next, as an imperative.
    Error& next(std::string_view hint);

    Category category() const noexcept { return category_; }
    int exit_code() const noexcept { return static_cast<int>(category_); }
    /// True if nothing went wrong but somebody asked for a stop.
    bool is_stop() const noexcept {
        return category_ == Category::interrupted || category_ == Category::terminated;
    }
    const std::string& where() const noexcept { return where_; }
    const std::string& said() const noexcept { return said_; }
    const std::string& next() const noexcept { return next_; }

    /// Just the sentence given to the constructor.
    const std::string& sentence() const noexcept { return sentence_; }
    /// One line: "where: sentence (said); next".
    const char* what() const noexcept override { return line_.c_str(); }

  private:
    static constexpr std::size_t most_told = 400;

    void compose();

    Category category_;
    std::string sentence_, where_, said_, next_, line_;
};

/// A system call failed: category io; `number()` is its errno.
class SystemError : public Error {
  public:
    SystemError(int error_number, std::string what)
        : Error(Category::io, std::move(what)), number_(error_number) {}
    int number() const noexcept { return number_; }

  private:
    int number_;
};

/// A SystemError "cannot `doing`" at `path` that says what errno means: EROFS, EACCES, ENOSPC, EDQUOT, EFBIG
/// and EIO get their own hints. (Where a missing file or folder is cannot_create, the caller says so.)
SystemError system_error(int error_number, std::string_view doing, std::string_view path);

/// What an exception of the standard library means: no memory (temporary), a file that can't be had (io), or
/// a defect of ours (software). An Error stays what it is.
Error error_of(const std::exception& failure);

}  // namespace popkeep
