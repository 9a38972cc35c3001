#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "file/spool.hpp"
#include "ledger/rows.hpp"
#include "mbox/format.hpp"
#include "message/facts.hpp"

namespace popkeep::archive {

/// Whence a message came.
struct Origin {
    ledger::Id account = 0;
    std::uint32_t number = 0;  ///< in this session
    std::optional<std::string> uid;
    std::optional<std::uint64_t> list_size;
    std::optional<ledger::Id> replaces;  ///< the missing row that it makes good
};

/// Messages on their way into an mbox, fully formed: postmark, quoted content, empty line, digests.
/// At most 8 MiB of content in memory; a message of more than 4 MiB goes alone, through a nameless file.
class Batch {
  public:
    static constexpr std::size_t most_bytes = std::size_t{8} * 1024 * 1024;
    static constexpr std::size_t most_bytes_of_one = most_bytes / 2;
    static constexpr std::size_t most_messages = 1000;

    struct Entry {
        Origin origin;
        message::Facts facts;
        std::string postmark;
        std::uint64_t bare_lf = 0;
        std::size_t begin = 0, end = 0;  ///< of the quoted content and its empty line in the arena
        std::uint64_t length = 0;        ///< of all three parts, as they will lie in the mbox
    };

    /// `spool_folder`: where big messages wait.
    explicit Batch(std::string spool_folder);

    void begin(Origin origin);
    /// True if this much more content fits beside the complete messages. Where it doesn't, those are to be
    /// committed first; alone, a message always has room.
    bool has_room(std::size_t size) const;
    /// Memory for the next `size` bytes of content of the message begun; needs has_room(). Valid until the
    /// next call.
    std::span<char> room(std::size_t size);
    /// So many bytes at the front of that memory are content.
    void content(std::size_t size);
    /// The message is complete; its facts. It is part of the batch only after keep().
    const message::Facts& end(std::uint64_t bare_lf);
    void keep();
    /// Takes the last message kept out again.
    void take_back();
    /// Forgets the message begun, if one is.
    void drop();

    const std::vector<Entry>& entries() const { return entries_; }
    bool empty() const { return entries_.empty(); }
    /// In memory, of what is complete.
    std::size_t bytes() const { return entries_.empty() ? 0 : entries_.back().end; }
    bool full() const { return arena_.size() >= most_bytes || spool_ || entries_.size() >= most_messages; }
    /// Since when the first complete message waits, if there is one.
    std::optional<Deadline::Clock::time_point> waits_since() const { return waits_since_; }

    /// The bytes of some of its entries in the order of the file, in one call, or in several for a spooled
    /// message.
    void each_piece(std::span<const Entry> entries,
                    const std::function<void(std::span<const std::string_view>)>& visit) const;

    /// Forgets the complete messages; one that is begun moves on into the next batch.
    void clear();

  private:
    std::size_t begun_size() const { return arena_.size() - begun_->begin; }
    void spool_out();
    void spool(std::string_view bytes);

    std::string spool_folder_;
    Bytes arena_;                 // quoted contents, each with its empty line; the one begun is last
    std::size_t given_from_ = 0;  // of the arena: where the memory begins that room() gave
    Bytes next_;                  // that memory, while spooling
    std::string quoted_;          // scratch
    std::vector<Entry> entries_;
    std::optional<Entry> begun_;
    std::optional<message::Examiner> examiner_;  // only while spooling: else the arena is examined whole
    mbox::Quoter quoter_;
    std::unique_ptr<file::Spool> spool_;
    std::optional<Deadline::Clock::time_point> waits_since_;
};

}  // namespace popkeep::archive
