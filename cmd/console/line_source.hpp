#pragma once

#include <memory>
#include <optional>
#include <string>

namespace popkeep::cmd::console {

/// Where commands come from, line by line.
class LineSource {
  public:
    LineSource() = default;
    LineSource(const LineSource&) = delete;
    LineSource& operator=(const LineSource&) = delete;
    virtual ~LineSource() = default;

    /// The next line without its end; nothing at the end of the input. Throws what interrupt::check() throws.
    virtual std::optional<std::string> next() = 0;
};

/// A person's lines, with a prompt on standard error, editing and a history for as long as it lasts.
std::unique_ptr<LineSource> editor(std::string prompt);

/// A script on standard input. A line of more than 4,096 bytes is cut there, which makes it too long for a
/// command.
std::unique_ptr<LineSource> script();

}  // namespace popkeep::cmd::console
