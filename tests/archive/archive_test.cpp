#include "archive/archive_test.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "archive/reconcile.hpp"
#include "archive/verify.hpp"
#include "message/facts.hpp"

namespace popkeep::test {
namespace {

constexpr std::string_view postmark = "From ann@example.org Thu Jan  1 00:00:00 2026\n";

std::string mail_with(int number, std::string_view more_header) {
    return fmt::format(
        "Return-Path: <ann@example.org>\n"
        "Received: from a by b; Thu, 1 Jan 2026 00:00:00 +0000\n"
        "{}Subject: {}\n\nThe text of message {}.\n",
        more_header, number, number);
}

std::string state_of(const ledger::Message& row) {
    switch (row.state) {
        case ledger::State::prepared:
            return "prepared";
        case ledger::State::archived:
            return row.edited ? "archived, edited" : "archived";
        case ledger::State::unclaimed:
            return "unclaimed";
        case ledger::State::missing:
            break;
    }
    return row.refetch ? "to be fetched again" : "missing";
}

}  // namespace

std::string mail(int number) {
    return mail_with(number, "");
}

std::string mail_seen_by_a_reader(int number) {
    return mail_with(number, "Status: RO\nX-Status: A\n");
}

std::string stored(std::string_view content) {
    return fmt::format("{}{}\n", postmark, content);
}

std::string stored_mails(int first, int last) {
    std::string all;
    for (int number = first; number <= last; ++number) all += stored(mail(number));
    return all;
}

std::string text_of(std::size_t size) {
    std::string text;
    while (text.size() < size) text += "From here to there is a long way to go\nand more\n";
    return text;
}

void give(archive::Appender& appender, std::string_view content) {
    std::ranges::copy(content, appender.room(content.size()).begin());
    appender.content(content.size());
}

ArchiveTest::ArchiveTest() {
    archive::Archive::found(folder.path());
    reopen();
    account = enter_account("me");
}

void ArchiveTest::reopen(archive::Access access) {
    archive.reset();
    archive.emplace(archive::Archive::open(folder.path(), access));
}

void ArchiveTest::change(const std::function<void(ledger::Ledger&)>& what) {
    ledger::Transaction transaction = books().transaction();
    what(books());
    transaction.commit();
}

void ArchiveTest::garble(const std::string& statement) {
    books().database.execute("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
    books().database.execute(statement);
    reopen();
}

ledger::Id ArchiveTest::enter_account(std::string_view name) {
    return books().accounts.enter(fmt::format("{}@example.org", name), name, 1'700'000'000).id;
}

ledger::Id ArchiveTest::append(std::string_view uid, std::string_view content, std::string_view file) {
    archive::Appender appender(open(), [&](std::int64_t) { return std::string(file); });
    appender.begin(
        {.account = account, .number = 1, .uid = std::string(uid), .list_size = {}, .replaces = {}});
    give(appender, content);
    appender.end(0);
    appender.keep();
    appender.flush();
    return appender.take_committed().at(0).row;
}

void ArchiveTest::append_mails(int first, int last) {
    archive::Appender appender(open(), [](std::int64_t) { return me; });
    for (int number = first; number <= last; ++number) {
        appender.begin({.account = account,
                        .number = static_cast<std::uint32_t>(number),
                        .uid = fmt::format("u{}", number),
                        .list_size = {},
                        .replaces = {}});
        give(appender, mail(number));
        appender.end(0);
        appender.keep();
    }
    appender.flush();
}

void ArchiveTest::intend_mails(int first, int last, std::uint64_t gap) {
    change([&](ledger::Ledger& ledger) {
        const ledger::Mbox mbox = ledger.mboxes.enter(me);
        std::uint64_t at = mbox.size + gap;
        for (int number = first; number <= last; ++number) {
            const message::Facts facts = message::examine(mail(number));
            ledger::Message row;
            row.account = account;
            row.uid = fmt::format("u{}", number);
            row.proof = ledger::Proof::content;
            row.mbox = mbox.id;
            row.start = at;
            row.length = stored(mail(number)).size();
            row.postmark = postmark;
            row.content = facts.content;
            row.header = facts.header;
            row.stripped = facts.stripped;
            row.size = facts.size;
            row.lines = facts.lines;
            ledger.messages.insert(row);
            at = row.end();
        }
    });
}

void ArchiveTest::reconcile() {
    archive::reconcile_all(open());
}

void ArchiveTest::add(std::string_view content, std::string_view file) const {
    std::ofstream(path(file), std::ios::binary | std::ios::app) << content;
}

std::string ArchiveTest::rows(std::string_view file) {
    std::vector<std::string> all;
    const auto mbox = books().mboxes.find(file);
    if (!mbox) return "unknown file";
    books().messages.each_in(mbox->id, [&](const ledger::Message& row) {
        all.push_back(fmt::format("{} {}", row.uid.value_or("-"), state_of(row)));
    });
    return fmt::format("{}", fmt::join(all, "; "));
}

ledger::Message ArchiveTest::row(std::string_view uid) {
    return books().messages.by_uid(account, uid).at(0);
}

std::string ArchiveTest::notes() {
    return fmt::format("{}", fmt::join(open().take_notes(), "\n"));
}

std::vector<std::string> ArchiveTest::torn() const {
    std::vector<std::string> names;
    const std::string torn_folder = folder / ".popkeep/torn";
    if (!std::filesystem::exists(torn_folder)) return names;
    for (const auto& entry : std::filesystem::directory_iterator(torn_folder))
        names.push_back(".popkeep/torn/" + entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

std::string ArchiveTest::verdict(bool quick) {
    const archive::Verdict verdict = archive::verify(open(), {.quick = quick, .progress = {}});
    std::vector<std::string> parts;
    const auto tell = [&](std::uint64_t count, std::string_view what) {
        if (count > 0) parts.push_back(fmt::format("{} {}", count, what));
    };
    tell(verdict.exact, "exact");
    tell(verdict.edited, "edited");
    tell(verdict.unclaimed, "unclaimed");
    tell(verdict.missing, "missing");
    tell(verdict.unexplained_bytes, "bytes unexplained");
    return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace popkeep::test
