#pragma once

#include <string>

#include "file/fd.hpp"
#include "ledger/rows.hpp"

namespace popkeep::archive {

enum class Standing {
    exact,   ///< the content has the recorded digest
    edited,  ///< exact but for readers' status fields
    no,      ///< other bytes, or none
};

/// Reads a message back from where its row says it lies.
Standing standing(const file::Fd& fd, const std::string& path, const ledger::Message& row);

}  // namespace popkeep::archive
