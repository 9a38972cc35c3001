#pragma once

#include <string>

#include "file/fd.hpp"
#include "ledger/rows.hpp"
#include "message/facts.hpp"

namespace popkeep::archive {

enum class Standing {
    exact,   ///< the content has the recorded digest
    edited,  ///< exact but for readers' status fields
    no,      ///< other bytes, or none
};

/// True also for the very same content.
bool same_but_for_status(const ledger::Message& row, const message::Facts& facts);

/// Reads a message back from where its row says it lies.
Standing standing(const file::Fd& fd, const std::string& path, const ledger::Message& row);

}  // namespace popkeep::archive
