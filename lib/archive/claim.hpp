#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "archive/archive.hpp"
#include "base/digest.hpp"

namespace popkeep::archive {

/// A listed message that was found to be one that stands in the archive already.
struct Claim {
    ledger::Id row = 0;
    Digest header{};  ///< by which it was found
    std::optional<std::string> uid;
    std::optional<std::uint64_t> list_size;
    /// content: its bytes came off the wire and agree. header: only TOP and the size do, which never allows
    /// DELE.
    ledger::Proof proof = ledger::Proof::header;
    std::optional<std::uint64_t> bare_lf;  ///< as it came off the wire; unknown without a proof by content
};

/// Ties rows to the account and to the UIDs under which the server lists them now, in one transaction.
/// A proof by content that a row already has for the same UID is kept. Throws temporary if a row is not what
/// it was when it was found: another run took it for an account of its own, or lost it.
void claim(Archive& archive, ledger::Id account, std::span<const Claim> claims);

/// The bytes of these rows aren't what the server holds, perhaps: proofs by content are taken back.
void distrust(Archive& archive, std::span<const ledger::Id> ids);

/// True if the row's bytes can be read back from the disk right now and are those recorded (but for readers'
/// status fields).
bool provable(Archive& archive, const ledger::Message& row);

}  // namespace popkeep::archive
