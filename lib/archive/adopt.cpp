#include "archive/adopt.hpp"

#include <fmt/format.h>

#include "archive/open_mbox.hpp"
#include "archive/parts.hpp"
#include "archive/rescan.hpp"
#include "base/text.hpp"

namespace popkeep::archive {
namespace {

void adopt_later_mbox(Archive& archive, const std::string& file) {
    auto mbox = open_mbox(archive, file, false);
    // Another run may have entered it, or begun it, meanwhile.
    if (!mbox || mbox->row.size > 0 || !archive.ledger().messages.prepared_ids_in(mbox->row.id).empty())
        return;
    const Rescanned result = rescan(archive, *mbox, 0);
    archive.warn(
        fmt::format("{}: the ledger didn't know this mbox (was it restored from a backup?); {} of it were "
                    "entered, and are recognised if the server lists them",
                    file, counted_messages(result.found_again + result.adopted)));
}

}  // namespace

std::vector<std::string> unknown_mboxes(Archive& archive, const Denied& denied) {
    const auto is_known = [&](const std::string& relative) {
        return archive.ledger().mboxes.find(relative).has_value();
    };
    return mboxes_in(archive.directory(), is_known, denied);
}

std::uint64_t adopt_mboxes(Archive& archive) {
    std::uint64_t adopted = 0;
    for (const std::string& path : unknown_mboxes(archive)) {
        if (auto mbox = open_mbox(archive, path, false)) adopted += rescan(archive, *mbox, 0).adopted;
    }
    return adopted;
}

void adopt_later_mboxes(Archive& archive, std::span<const std::string> files) {
    ledger::Mboxes& mboxes = archive.ledger().mboxes;
    if (!mboxes.any()) {
        for (const std::string& path : unknown_mboxes(archive)) adopt_later_mbox(archive, path);
        return;
    }
    for (const std::string& first : files) {
        for (std::uint64_t part = 1;; ++part) {
            const std::string file = part_of(first, part);
            if (mboxes.find(file)) continue;
            if (!is_mbox(archive.path_of(file))) break;
            adopt_later_mbox(archive, file);
        }
    }
}

}  // namespace popkeep::archive
