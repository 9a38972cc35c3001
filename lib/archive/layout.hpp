#pragma once

#include <string_view>

/// Names inside an archive; popkeep-archive(5).
namespace popkeep::archive::layout {

constexpr std::string_view private_folder = ".popkeep";
constexpr std::string_view ledger = "ledger.db";
constexpr std::string_view torn = "torn";        ///< pieces that were cut from an mbox
constexpr std::string_view told = "told-";       ///< begins the names of notes that a trouble was told
constexpr std::string_view newborn = "newborn";  ///< only the run that founded the archive has used it
constexpr std::string_view readme = "README";
/// What the private folder is called while it is removed.
constexpr std::string_view unfounded = ".popkeep.unfounded";

constexpr std::string_view readme_text =
    "This folder belongs to a mail archive made by popkeep. Archive format: 1.\n"
    "\n"
    "The mail itself is in the mbox files beside it (mboxrd, LF line ends): any mail program reads them.\n"
    "Here lies what popkeep knows about them:\n"
    "\n"
    "  ledger.db   SQLite: which message of which maildrop lies where, and a receipt for each deletion.\n"
    "              Lost or damaged? `popkeep repair` builds it again from the mboxes.\n"
    "  torn/       pieces of unfinished messages that were cut from an mbox after a crash.\n"
    "  *.lock      empty files, one an account.\n"
    "  newborn     empty file: only the run that founded the archive has used it.\n"
    "  told-*      empty files: troubles that were told without a terminal, and when.\n"
    "\n"
    "Move, copy or restore the whole folder above this one, not this one alone.\n"
    "Newer versions of popkeep read this format; older ones refuse a newer one.\n"
    "See popkeep-archive(5) and popkeep-recovery(7).\n";

}  // namespace popkeep::archive::layout
