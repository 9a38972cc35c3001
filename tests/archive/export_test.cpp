#include "archive/export.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>

#include "archive/archive_test.hpp"
#include "archive/disk.hpp"
#include "base/error.hpp"

using namespace popkeep;
using archive::ExportFormat;
using test::mail;
using test::stored_mails;

namespace fs = std::filesystem;

namespace {

struct ExportTest : test::ArchiveTest {
    test::TemporaryFolder target;
    archive::ExportOptions options{
        .format = ExportFormat::eml, .to = target / "out", .accounts = {}, .crlf = false, .progress = {}};

    ~ExportTest() override { test::disk.before_sync_of_other = nullptr; }

    archive::Exported run() { return archive::export_messages(open(), options); }

    std::vector<std::string> files(const std::string& below = "out") const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(target / below))
            names.push_back(below + "/" + entry.path().filename().string());
        std::ranges::sort(names);
        return names;
    }
};

}  // namespace

TEST_F(ExportTest, WritesEachMessageAsAFile) {
    append_mails(1, 2);
    EXPECT_EQ(run().written, 2U);
    ASSERT_EQ(files().size(), 2U);
    EXPECT_EQ(files()[0], "out/000001-" + to_hex(sha256(mail(1))).substr(0, 12) + ".eml");
    EXPECT_EQ(target.read(files()[0]), mail(1));
    EXPECT_EQ(target.read(files()[1]), mail(2));
}

TEST_F(ExportTest, TakesTheQuotingOff) {
    append("u", "Subject: x\n\nFrom me\n>From you\n");
    run();
    EXPECT_EQ(target.read(files().at(0)), "Subject: x\n\nFrom me\n>From you\n");
}

TEST_F(ExportTest, WritesLineEndsAsOnTheWire) {
    append("u", "Subject: x\n\nText\n");
    options.crlf = true;
    run();
    EXPECT_EQ(target.read(files().at(0)), "Subject: x\r\n\r\nText\r\n");
}

TEST_F(ExportTest, WritesAMaildir) {
    append_mails(1, 2);
    options.format = ExportFormat::maildir;
    EXPECT_EQ(run().written, 2U);
    EXPECT_EQ(files(), (std::vector<std::string>{"out/cur", "out/new", "out/tmp"}));
    EXPECT_EQ(files("out/cur").size(), 2U);
    EXPECT_TRUE(files("out/tmp").empty());
    EXPECT_EQ(target.read(files("out/cur")[0]), mail(1));
}

TEST_F(ExportTest, WritesNothingTheSecondTime) {
    append_mails(1, 2);
    for (const ExportFormat format : {ExportFormat::eml, ExportFormat::maildir}) {
        options.format = format;
        run();
        const archive::Exported second = run();
        EXPECT_EQ(second.written, 0U);
        EXPECT_EQ(second.already_there, 2U);
    }
}

TEST_F(ExportTest, WritesOnlyWhatIsNewTheSecondTime) {
    append_mails(1, 1);
    run();
    append_mails(2, 2);
    EXPECT_EQ(run().written, 1U);
}

TEST_F(ExportTest, KnowsMessagesWhoseRowsWereMadeAnew) {
    append_mails(1, 3);
    append("twin", mail(3));
    for (const ExportFormat format : {ExportFormat::eml, ExportFormat::maildir}) {
        options.format = format;
        run();
        // One number is another's now.
        books().database.execute(
            "UPDATE message SET id = id + 1001; UPDATE message SET id = id - 1000, archived_at = 7");
        const archive::Exported second = run();
        EXPECT_EQ(second.written, 0U);
        EXPECT_EQ(second.already_there, 4U);
    }
    append("third", mail(3));
    EXPECT_EQ(run().written, 1U) << "twins are counted";
}

TEST_F(ExportTest, TakesNoFileOfAnotherAccountsMessageForItsTwin) {
    append_mails(1, 1);
    options.accounts = {account};
    EXPECT_EQ(run().written, 1U);
    account = enter_account("you");
    append("u", mail(1));
    options.accounts = {account};
    EXPECT_EQ(run().written, 1U);
    options.accounts = {};
    EXPECT_EQ(run().already_there, 2U);
}

TEST_F(ExportTest, KnowsAMessageThatWasReadInTheMaildirMeanwhile) {
    append_mails(1, 1);
    options.format = ExportFormat::maildir;
    run();
    const std::string name = target / files("out/cur").at(0);
    fs::rename(name, name + "RS");
    EXPECT_EQ(run().written, 0U);
}

TEST_F(ExportTest, CountsADamagedMessageAndSavesTheOthers) {
    append_mails(1, 2);
    std::string damaged = bytes();
    damaged[damaged.find("message 1")] = '?';
    overwrite(damaged);
    const archive::Exported exported = run();
    EXPECT_EQ(exported.failed, 1U);
    EXPECT_EQ(exported.problems.size(), 1U);
    EXPECT_EQ(exported.written, 1U);
    EXPECT_EQ(files().size(), 1U) << "nothing half-done stays";
}

TEST_F(ExportTest, LeavesOutMissingMessages) {
    append_mails(1, 2);
    overwrite(stored_mails(1, 1));
    reconcile();
    const archive::Exported exported = run();
    EXPECT_EQ(exported.written, 1U);
    EXPECT_EQ(exported.failed, 0U);
}

TEST_F(ExportTest, WritesOneAccountsMessagesIfItIsTold) {
    append_mails(1, 1);
    const ledger::Id first = account;
    account = enter_account("you");
    append("u", mail(2));
    options.accounts = {account};
    EXPECT_EQ(run().written, 1U);
    options.accounts = {first, account};
    EXPECT_EQ(run().written, 1U);
}

TEST_F(ExportTest, WritesTheLastMessageOfAnotherProgramWithoutItsEmptyLine) {
    std::string unclosed = stored_mails(1, 1);
    unclosed.pop_back();
    overwrite(unclosed);
    change([](ledger::Ledger& ledger) { ledger.mboxes.enter(me); });
    reconcile();
    EXPECT_EQ(run().failed, 0U);
    EXPECT_EQ(target.read(files().at(0)), mail(1));
}

TEST_F(ExportTest, SaysThatItsTargetIsAFile) {
    append_mails(1, 1);
    target.write("out", "");
    EXPECT_THROW(run(), Error);
}

TEST_F(ExportTest, RemovesPiecesThatKilledExportsLeftAndNothingElse) {
    append_mails(1, 1);
    fs::create_directory(target / "out");
    target.write("out/.000017-0123456789ab.eml.popkeep-Ab3dEf", mail(1));
    const std::vector<std::string> others{".000017-0123456789ab.eml", ".notes.txt.popkeep-Ab3dEf",
                                          "x.eml.popkeep-Ab3dEf", ".popkeep-Ab3dEf"};
    for (const std::string& other : others) target.write("out/" + other, mail(2));
    EXPECT_EQ(run().written, 1U);
    for (const std::string& other : others) EXPECT_EQ(target.read("out/" + other), mail(2)) << other;
    EXPECT_EQ(files().size(), 1 + others.size());
}

TEST_F(ExportTest, SyncsEachMessageBeforeItGetsItsName) {
    append_mails(1, 2);
    std::vector<std::string> synced;
    test::disk.before_sync_of_other = [&](const std::string& path) {
        if (path.find(".popkeep-") != std::string::npos)
            synced.push_back(target.read(fs::relative(path, target.path()).string()));
        return 0;
    };
    run();
    EXPECT_EQ(synced, (std::vector{mail(1), mail(2)}));
}

TEST_F(ExportTest, SyncsTheNamesOfItsMessages) {
    append_mails(1, 2);
    for (const auto& [format, part] :
         {std::pair(ExportFormat::eml, "out"), std::pair(ExportFormat::maildir, "out/cur")}) {
        options.format = format;
        std::ptrdiff_t synced = 0;
        test::disk.before_sync_of_other = [&](const std::string& path) {
            if (path == target / part)
                synced = std::distance(fs::directory_iterator(path), fs::directory_iterator());
            return 0;
        };
        run();
        EXPECT_EQ(synced, 2) << part;
        fs::remove_all(target / "out");
    }
}
