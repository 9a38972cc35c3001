#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/section.hpp"
#include "syntax.hpp"

namespace popkeep::cmd::setup {

/// The keys of the new account that the command line names: each has its flag, and is written as it was
/// given, paths made absolute.
class Keys {
  public:
    /// An option for each key of the configuration but for the place of the server, the archive and secrets.
    void declare(Syntax& syntax);
    void set(std::string_view key, std::string_view value);
    bool has(std::string_view key) const;
    /// In the configuration's order.
    std::vector<config::SectionLine> lines() const;

  private:
    std::vector<config::SectionLine> lines_;
};

}  // namespace popkeep::cmd::setup
