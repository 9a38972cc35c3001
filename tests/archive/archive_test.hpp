#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archive/appender.hpp"
#include "archive/archive.hpp"
#include "file/temporary_folder.hpp"
#include "ledger/rows.hpp"

namespace popkeep::test {

/// The content of the n-th message.
std::string mail(int number);
/// The same content with what a mail reader adds when it has shown the message.
std::string mail_seen_by_a_reader(int number);
/// A message as it must stand in an mbox, written out by hand: postmark, content, empty line.
/// For contents without a line that needs quoting.
std::string stored(std::string_view content);
/// stored(mail(first)) up to stored(mail(last)).
std::string stored_mails(int first, int last);

/// At least so long, with lines that need quoting among others.
std::string text_of(std::size_t size);

/// Gives a piece of content to the message that was begun.
void give(archive::Appender& appender, std::string_view content);

/// An archive with one account and an mbox "me.mbox", in a folder of its own.
class ArchiveTest : public testing::Test {
  protected:
    static constexpr const char* me = "me.mbox";

    ArchiveTest();

    /// Closes the archive and opens it again, as the next run does.
    void reopen(archive::Access access = archive::Access::write);
    archive::Archive& open() { return archive.value(); }
    ledger::Ledger& books() { return archive->ledger(); }
    /// In one transaction.
    void change(const std::function<void(ledger::Ledger&)>& what);
    /// What no popkeep would write: the schema isn't asked.
    void garble(const std::string& statement);

    ledger::Id enter_account(std::string_view name);

    /// Archives a message under a UID; returns its row.
    ledger::Id append(std::string_view uid, std::string_view content, std::string_view file = me);
    /// mail(first) up to mail(last), in one batch, under the UIDs "u1", "u2" and so on.
    void append_mails(int first, int last);
    /// What a run leaves in the ledger that is killed before a byte of its batch is written. `gap` bytes
    /// behind the committed end.
    void intend_mails(int first, int last, std::uint64_t gap = 0);

    void reconcile();

    std::string bytes(std::string_view file = me) const { return folder.read(file); }
    /// Another program overwrites the file, keeping its inode.
    void overwrite(std::string_view content, std::string_view file = me) const {
        folder.write(file, content);
    }
    /// Another program appends.
    void add(std::string_view content, std::string_view file = me) const;
    std::string path(std::string_view file = me) const { return folder / file; }

    /// Every row but the bytes: "u1 archived, u2 missing, - unclaimed", in the order of their places.
    std::string rows(std::string_view file = me);
    ledger::Message row(std::string_view uid);
    /// What the archive noted since the last call, line by line.
    std::string notes();
    /// Names of the pieces set aside.
    std::vector<std::string> torn() const;
    /// verify's verdict in one line: "2 exact, 1 missing".
    std::string verdict(bool quick = false);

    TemporaryFolder folder;
    std::optional<archive::Archive> archive;
    ledger::Id account = 0;
};

}  // namespace popkeep::test
