#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace popkeep::pop3 {

/// What a server said to CAPA (RFC 2449). Keywords compare without case.
class Capabilities {
  public:
    /// One line of the answer, without line end. Anything unusable is ignored; beyond 200 lines too.
    void add(std::string_view line);

    bool has(std::string_view keyword) const;
    /// The arguments of a keyword, e.g. the mechanisms of SASL; empty if it isn't there.
    std::vector<std::string> arguments(std::string_view keyword) const;
    const std::vector<std::string>& lines() const { return lines_; }
    bool empty() const { return lines_.empty(); }

  private:
    std::vector<std::string> lines_;
};

}  // namespace popkeep::pop3
