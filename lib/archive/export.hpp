#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "archive/archive.hpp"

namespace popkeep::archive {

enum class ExportFormat {
    eml,      ///< NUMBER-DIGEST.eml, LF line ends
    maildir,  ///< cur/, new/, tmp/
};

struct ExportOptions {
    ExportFormat format = ExportFormat::eml;
    std::string to;        ///< a directory, created if need be; files already there are left alone
    ledger::Ids accounts;  ///< none: all, and messages that no account claims
    bool crlf = false;     ///< line ends as on the wire
    std::function<void(std::uint64_t done, std::uint64_t total)> progress;  ///< messages
};

struct Exported {
    std::uint64_t written = 0, already_there = 0, failed = 0;
    std::vector<std::string> problems;  ///< a sentence for each failed one
};

/// Writes each message as a file of its own, content as recorded, checked on the way out, synced.
/// Running it again writes only what is not there yet, by the digests in the names of files: as often as it
/// is in the archive.
Exported export_messages(Archive& archive, const ExportOptions& options);

}  // namespace popkeep::archive
