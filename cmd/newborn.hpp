#pragma once

#include <unistd.h>

#include <string>
#include <utility>

#include "archive/unfound.hpp"
#include "config/account.hpp"

namespace popkeep::cmd {

/// An archive that this run founds. If the run fails before anything came into it (a mistyped password, a
/// wrong host), none stays behind, unless another run has used it meanwhile.
class Newborn {
  public:
    explicit Newborn(const config::Account& account)
        : directory_(account.archive), was_there_(access(directory_.c_str(), F_OK) == 0) {}
    Newborn(const Newborn&) = delete;
    Newborn& operator=(const Newborn&) = delete;
    ~Newborn() {
        if (founded_) archive::unfound(directory_, !was_there_);
    }
    void is_founded() { founded_ = true; }
    void keep() {
        if (std::exchange(founded_, false)) archive::take_into_use(directory_);
    }

  private:
    std::string directory_;
    bool was_there_, founded_ = false;
};

}  // namespace popkeep::cmd
