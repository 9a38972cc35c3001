#pragma once

#include <string>
#include <string_view>

namespace popkeep::report {

/// Standard output or standard error. Its reader may not read; after a request to stop that is waited for no
/// longer than a second, and what is written later is dropped.
class Stream {
  public:
    explicit Stream(int fd) : fd_(fd) {}

    /// Into the buffer, which is written when it is large enough.
    void add(std::string_view text);
    void flush();
    /// Whatever is written is kept until release().
    void hold() { held_ = true; }
    void release();
    /// In a child process: what stands in the buffer is the parent's.
    void forget();
    /// Bytes in the buffer.
    std::size_t kept() const noexcept { return buffer_.size(); }
    /// errno of the first failure, or 0.
    int failure() const noexcept { return failure_; }

  private:
    bool await_reader();

    int fd_, failure_ = 0;
    bool given_up_ = false, held_ = false;
    std::string buffer_;
};

Stream& standard_output();
Stream& standard_error();

}  // namespace popkeep::report
