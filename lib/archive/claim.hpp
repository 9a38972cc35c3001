#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "archive/archive.hpp"
#include "base/digest.hpp"

namespace popkeep::archive {

/// A message as it came off the wire.
struct Wire {
    Digest content{};
    std::optional<Digest> stripped;
    std::uint64_t size = 0, lines = 0, bare_lf = 0;
};

/// A listed message that was found to be one that stands in the archive already.
struct Claim {
    ledger::Id row = 0;
    Digest header{};  ///< by which it was found
    std::optional<std::string> uid;
    std::optional<std::uint64_t> list_size;
    /// Its bytes came and agree, but for readers' status fields. Nothing: only TOP and the size do, which
    /// never allows DELE.
    std::optional<Wire> wire;
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
