#include "archive/appender.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "archive/parts.hpp"

namespace popkeep::archive {
namespace {

constexpr std::chrono::seconds longest_wait{10};

}  // namespace

Appender::Appender(Archive& archive, Place place)
    : place_(std::move(place)), batch_(archive.private_path("")), committer_(archive) {}

void Appender::begin(Origin origin) {
    batch_.begin(std::move(origin));
}

std::span<char> Appender::room(std::size_t size) {
    if (!batch_.has_room(size)) put();
    flush_if_due();
    return batch_.room(size);
}

const message::Facts& Appender::end(std::uint64_t bare_lf) {
    return batch_.end(bare_lf);
}

void Appender::keep() {
    batch_.keep();
    if (batch_.full()) put();
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

void Appender::use_pause() {
    if (batch_.bytes() >= worth_a_batch && !committer_.busy()) put();
}

void Appender::flush_if_due() {
    const auto since = put_waits_since_ ? put_waits_since_ : batch_.waits_since();
    if (since && Deadline::Clock::now() - *since >= longest_wait) flush();
}

// Where a file may not grow any more, by its file system or the process's limit, it takes as much of the
// batch as it can, and the next one goes on.
void Appender::put_rolling_over() {
    const std::string first = place_(now());
    // Each run tries the first one again: a file that the ledger knows by the next one's name may be another
    // account's.
    std::uint64_t& part = parts_.try_emplace(first, 1).first->second;
    std::span<const Batch::Entry> rest = batch_.entries();
    for (std::size_t portion = rest.size(); !rest.empty();) {
        committer_.await_turn();
        if (committer_.put(part_of(first, part), batch_, rest.first(portion))) {
            rest = rest.subspan(portion);
            portion = std::min(portion, rest.size());
        } else if (portion > 1) {
            portion /= 2;
        } else {
            ++part;
            portion = rest.size();
        }
    }
}

void Appender::put() {
    if (batch_.empty()) return;
    broken_ = true;
    put_rolling_over();
    broken_ = false;
    put_waits_since_ = batch_.waits_since();
    batch_.clear();
}

void Appender::flush() {
    put();
    broken_ = true;
    committer_.finish();
    broken_ = false;
    put_waits_since_.reset();
}

}  // namespace popkeep::archive
