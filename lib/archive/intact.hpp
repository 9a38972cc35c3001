#pragma once

#include <unordered_map>

#include "archive/archive.hpp"

namespace popkeep::archive {

/// Tells of mboxes whether anybody touched them since the ledger last looked; each is asked once.
class Intact {
  public:
    explicit Intact(Archive& archive) : archive_(archive) {}
    bool operator()(ledger::Id mbox);

  private:
    Archive& archive_;
    std::unordered_map<ledger::Id, bool> known_;
};

}  // namespace popkeep::archive
