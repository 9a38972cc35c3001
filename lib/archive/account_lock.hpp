#pragma once

#include <string_view>

#include "archive/archive.hpp"
#include "file/fd.hpp"

namespace popkeep::archive {

/// One run at a time for each account. Held by a lock on `.popkeep/account-N.lock`, which a process can't
/// leave behind.
class AccountLock {
  public:
    /// Throws Category::temporary if another run holds it.
    AccountLock(const Archive& archive, ledger::Id account, std::string_view name);

  private:
    file::Fd fd_;
};

}  // namespace popkeep::archive
