#include "archive/verify.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>

#include "archive/adopt.hpp"
#include "archive/fingerprint.hpp"
#include "archive/in_place.hpp"
#include "archive/match.hpp"
#include "archive/standing.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "file/durable.hpp"
#include "mbox/scanner.hpp"
#include "message/facts.hpp"

namespace popkeep::archive {
namespace {

constexpr std::size_t most_findings = 1000;

class Verifier {
  public:
    Verifier(Archive& archive, const VerifyOptions& options) : archive_(archive), options_(options) {}

    Verdict run() {
        // One snapshot of the ledger, however long the reading takes and whatever is appended meanwhile.
        archive_.ledger().database.execute("BEGIN");
        const auto mboxes = archive_.ledger().mboxes.all();
        for (const ledger::Mbox& mbox : mboxes) total_ += mbox.size;
        for (const ledger::Mbox& mbox : mboxes) check(mbox);
        find_unknown();
        archive_.ledger().database.execute("COMMIT");
        verdict_.mboxes = mboxes.size();
        verdict_.bytes = done_;
        return std::move(verdict_);
    }

  private:
    void find(bool serious, const ledger::Mbox& mbox, std::string sentence) {
        if (verdict_.findings.size() < most_findings)
            verdict_.findings.push_back(
                {.serious = serious, .path = mbox.path, .sentence = std::move(sentence)});
    }

    // Mail that nobody would miss: neither the ledger nor a fetch knows of it.
    void find_unknown() {
        const auto find_one = [&](const std::string& path, std::string_view sentence) {
            ledger::Mbox unknown;
            unknown.path = path;
            find(false, unknown, std::string(sentence));
        };
        // What isn't ours, and what nobody lets us read, damages nothing.
        const Denied denied = [&](const std::string& path, const Error& why) {
            find_one(path, fmt::format("{} ({})", why.sentence(), why.said()));
        };
        for (const std::string& path : unknown_mboxes(archive_, denied))
            find_one(path, "the ledger doesn't know this mbox; `popkeep repair` enters its messages");
    }

    void check(const ledger::Mbox& mbox) {
        const std::string path = archive_.path_of(mbox.path);
        const file::Fd fd = file::open_if_there(path, O_RDONLY);
        if (!fd && mbox.size > 0) find(true, mbox, "the file is gone");
        const bool known = fd && (untouched(mbox, file::stat_of(fd, path)) ||
                                  (options_.quick && edges_of(fd, path, mbox.size) == mbox.edges));
        if (fd && !known && edges_of(fd, path, mbox.size) != mbox.edges) {
            check_changed(mbox, fd, path);
            return;
        }
        std::uint64_t at = 0;
        archive_.ledger().messages.each_in(mbox.id, [&](const ledger::Message& row) {
            interrupt::check();
            if (row.state == ledger::State::prepared) return;
            if (row.state == ledger::State::missing) {
                ++verdict_.missing;
                find(true, mbox, fmt::format("message {} is missing", row.id));
                return;
            }
            if (row.start > at) explain(fd, path, mbox, at, row.start);
            at = std::max(at, row.end());
            if (options_.quick) {
                count(known, row, mbox, false);
            } else {
                read(fd, path, mbox, row);
            }
            done_ += row.length;
            if (options_.progress) options_.progress(done_, total_);
        });
        if (mbox.size > at) explain(fd, path, mbox, at, mbox.size);
        if (fd && static_cast<std::uint64_t>(file::stat_of(fd, path).st_size) > mbox.size)
            find(false, mbox,
                 "another program, or a fetch under way, has added to it; the next fetch looks at that");
    }

    // Another program rewrote the mbox: its messages may stand elsewhere in it, and digests decide.
    void check_changed(const ledger::Mbox& mbox, const file::Fd& fd, const std::string& path) {
        const auto size = static_cast<std::uint64_t>(file::stat_of(fd, path).st_size);
        Matcher matcher;
        archive_.ledger().messages.each_in(mbox.id, [&](const ledger::Message& row) {
            if (row.state == ledger::State::missing) {
                count(false, row, mbox, false);
            } else if (row.state != ledger::State::prepared) {
                matcher.add_row(row);
            }
        });
        mbox::scan(
            fd, path, 0, size, [&](const mbox::Found& found) { matcher.add_found(found); },
            [&](std::uint64_t offset, std::uint64_t length) {
                explain(fd, path, mbox, offset, offset + length);
            });
        matcher.settle();
        settle_in_place(matcher, archive_.ledger().messages, fd, path,
                        [&](std::uint64_t offset, std::uint64_t length) {
                            explain(fd, path, mbox, offset, offset + length);
                        });
        for (const Matcher::Match& match : matcher.matches())
            count(true, archive_.ledger().messages.find(match.id).value(), mbox, match.edited);
        for (const ledger::Id id : matcher.unmatched_rows())
            count(false, archive_.ledger().messages.find(id).value(), mbox, false);
        if (const auto unknown = matcher.unmatched_found().size(); unknown > 0)
            find(false, mbox,
                 fmt::format("{} that the ledger doesn't know yet; the next fetch enters them",
                             counted_messages(unknown)));
        done_ += mbox.size;
        if (options_.progress) options_.progress(done_, total_);
    }

    void count(bool stands, const ledger::Message& row, const ledger::Mbox& mbox, bool edited) {
        if (!stands) {
            ++verdict_.missing;
            find(true, mbox,
                 fmt::format("message {} at byte {} is not there as it was archived", row.id, row.start));
        } else if (row.state == ledger::State::unclaimed) {
            ++verdict_.unclaimed;
        } else {
            ++(edited ? verdict_.edited : verdict_.exact);
        }
    }

    void read(const file::Fd& fd, const std::string& path, const ledger::Mbox& mbox,
              const ledger::Message& row) {
        message::Examiner examiner;
        const bool whole = fd && mbox::read_message(fd, path, row.start, row.length,
                                                    [&](std::string_view bytes) { examiner.feed(bytes); });
        const message::Facts facts = examiner.finish();
        const bool exact = facts.content == row.content;
        count(whole && same_but_for_status(row, facts), row, mbox, !exact);
        if (whole && facts.content_length && *facts.content_length > facts.body_size && mbox.size > row.end())
            find(false, mbox,
                 fmt::format(
                     "message {} has a Content-Length that reaches beyond its end: programs that believe it "
                     "(Dovecot, mutt) hide what follows; `popkeep export --format maildir` is a safe way out",
                     row.id));
    }

    // Bytes that belong to no message: only empty lines need no explanation.
    void explain(const file::Fd& fd, const std::string& path, const ledger::Mbox& mbox, std::uint64_t begin,
                 std::uint64_t end) {
        if (fd && are_empty_lines(fd, path, begin, end)) return;
        verdict_.unexplained_bytes += end - begin;
        find(true, mbox,
             fmt::format("{} at byte {} belong to no message", counted(end - begin, "byte", "bytes"), begin));
    }

    Archive& archive_;
    const VerifyOptions& options_;
    Verdict verdict_;
    std::uint64_t done_ = 0, total_ = 0;
};

}  // namespace

Verdict verify(Archive& archive, const VerifyOptions& options) {
    return Verifier(archive, options).run();
}

}  // namespace popkeep::archive
