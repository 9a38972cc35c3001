#include "archive/appender.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "archive/commit.hpp"
#include "archive/parts.hpp"
#include "archive/reconcile.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"

namespace popkeep::archive {
namespace {

constexpr std::chrono::seconds longest_wait{10};

}  // namespace

Appender::Appender(Archive& archive, Place place)
    : archive_(archive), place_(std::move(place)), batch_(archive.private_path("")) {}

void Appender::begin(Origin origin) {
    batch_.begin(std::move(origin));
}

void Appender::content(std::string_view bytes) {
    if (!batch_.room(bytes.size())) flush();
    batch_.content(bytes);
}

const message::Facts& Appender::end(std::uint64_t bare_lf) {
    return batch_.end(bare_lf);
}

void Appender::keep() {
    batch_.keep();
    if (batch_.full()) flush();
    flush_if_due();
}

void Appender::drop() {
    batch_.drop();
}

bool Appender::take_back() {
    if (batch_.empty()) return false;
    batch_.take_back();
    return true;
}

void Appender::flush_if_due() {
    if (batch_.waited(longest_wait)) flush();
}

std::string Appender::commit_rolling_over() {
    std::string file = newest_part(archive_, place_(now()));
    for (bool rolled = false;; rolled = true) {
        try {
            const std::vector<ledger::Id> rows = commit_batch(archive_, file, batch_);
            for (std::size_t i = 0; i < rows.size(); ++i)
                committed_.push_back({.number = batch_.entries()[i].origin.number, .row = rows[i]});
            return file;
        } catch (const SystemError& error) {
            // The file is as big as the file system or the process may make it: go on in the next one.
            if (error.number() != EFBIG || rolled) throw;
            // Before that, nothing may be left of the attempt that a crash could bring back.
            reconcile_all(archive_);
            file = next_part(file);
        }
    }
}

void Appender::flush() {
    if (batch_.empty()) return;
    broken_ = true;
    const std::string file = commit_rolling_over();
    for (const Batch::Entry& entry : batch_.entries()) ++messages_, bytes_ += entry.facts.size;
    const std::string path = archive_.path_of(file);
    if (std::ranges::find(files_, path) == files_.end()) files_.push_back(path);
    batch_.clear();
    broken_ = false;
}

}  // namespace popkeep::archive
