#pragma once

#include <unordered_map>

#include "archive/archive.hpp"

namespace popkeep::archive {

/// Tells of mboxes whether anybody touched them since the ledger last looked; each is asked once. One that
/// was is synced, so that what is read of it is on the disk: whoever replaced it may not have done that.
class Intact {
  public:
    explicit Intact(Archive& archive) : archive_(archive) {}
    bool operator()(ledger::Id mbox);

  private:
    Archive& archive_;
    std::unordered_map<ledger::Id, bool> known_;
};

}  // namespace popkeep::archive
