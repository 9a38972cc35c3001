#include "archive/batch.hpp"

#include <algorithm>
#include <utility>

#include "mbox/find_from.hpp"

namespace popkeep::archive {

namespace {

// Quoting makes content longer, and a string that outgrows its memory needs twice as much for a moment.
constexpr std::size_t for_quoting = std::size_t{2} * 1024 * 1024;
constexpr std::size_t spool_block = std::size_t{256} * 1024;

}  // namespace

Batch::Batch(std::string spool_folder) : spool_folder_(std::move(spool_folder)) {
    arena_.reserve(most_bytes + for_quoting);
}

bool Batch::has_room(std::size_t size) const {
    if (entries_.empty()) return true;
    return arena_.size() + size <= most_bytes && begun_size() + size <= most_bytes_of_one;
}

void Batch::begin(Origin origin) {
    begun_ = Entry{};
    begun_->origin = std::move(origin);
    begun_->begin = arena_.size();
}

std::span<char> Batch::room(std::size_t size) {
    if (!spool_ && begun_size() + size > most_bytes_of_one) spool_out();
    if (spool_) {
        next_.resize(size);
        return next_;
    }
    given_from_ = arena_.size();
    arena_.resize(given_from_ + size);
    return std::span(arena_).subspan(given_from_);
}

void Batch::content(std::size_t size) {
    if (spool_) {
        spool(view(next_).substr(0, size));
    } else {
        arena_.resize(given_from_ + size);
    }
}

// The message outgrew the memory: what came of it so far goes to disk, and the rest will follow.
void Batch::spool_out() {
    spool_ = std::make_unique<file::Spool>(spool_folder_);
    examiner_.emplace();
    quoter_ = mbox::Quoter();
    for (std::string_view so_far = view(arena_); !so_far.empty();
         so_far.remove_prefix(std::min(spool_block, so_far.size())))
        spool(so_far.substr(0, spool_block));
    arena_.clear();
}

void Batch::spool(std::string_view bytes) {
    examiner_->feed(bytes);
    quoted_.clear();
    quoter_.feed(bytes, quoted_);
    spool_->append(quoted_);
}

const message::Facts& Batch::end(std::uint64_t bare_lf) {
    Entry& entry = begun_.value();
    entry.bare_lf = bare_lf;
    if (spool_) {
        quoted_.clear();
        quoter_.finish(quoted_);
        quoted_ += '\n';
        spool_->append(quoted_);
        entry.facts = examiner_->finish();
        entry.length = spool_->size();
    } else {
        const std::string_view content = view(arena_).substr(entry.begin);
        entry.facts = message::examine(content);
        if (mbox::find_from(content, 0) != std::string_view::npos) {
            quoted_.clear();
            mbox::quote(content, quoted_);
            arena_.resize(entry.begin);
            arena_.insert(arena_.end(), quoted_.begin(), quoted_.end());
        }
        arena_.push_back('\n');
        entry.end = arena_.size();
        entry.length = entry.end - entry.begin;
    }
    entry.postmark = mbox::make_postmark(entry.facts.sender, entry.facts.received.value_or(now()));
    entry.length += entry.postmark.size();
    return entry.facts;
}

void Batch::keep() {
    if (!waits_since_) waits_since_ = Deadline::Clock::now();
    entries_.push_back(std::move(*begun_));
    begun_.reset();
}

void Batch::take_back() {
    begun_ = std::move(entries_.back());
    entries_.pop_back();
    drop();
}

void Batch::drop() {
    if (!begun_) return;
    arena_.resize(begun_->begin);
    spool_.reset();
    examiner_.reset();
    begun_.reset();
}

void Batch::each_piece(std::span<const Entry> entries,
                       const std::function<void(std::span<const std::string_view>)>& visit) const {
    if (!spool_) {
        std::vector<std::string_view> pieces;
        pieces.reserve(2 * entries.size());
        for (const Entry& entry : entries) {
            pieces.emplace_back(entry.postmark);
            pieces.push_back(view(arena_).substr(entry.begin, entry.end - entry.begin));
        }
        visit(pieces);
        return;
    }
    const std::string_view postmark = entries.front().postmark;
    visit({&postmark, 1});
    spool_->read([&](std::string_view part) { visit({&part, 1}); });
}

void Batch::clear() {
    if (begun_) {
        arena_.erase(arena_.begin(), arena_.begin() + static_cast<std::ptrdiff_t>(begun_->begin));
        begun_->begin = 0;
    } else {
        arena_.clear();
        spool_.reset();
        examiner_.reset();
    }
    entries_.clear();
    waits_since_.reset();
}

}  // namespace popkeep::archive
