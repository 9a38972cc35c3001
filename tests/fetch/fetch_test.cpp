#include "fetch/fetch_test.hpp"

#include "archive/verify.hpp"

namespace popkeep::test {

FetchTest::FetchTest() {
    archive::Archive::found(folder / "archive");
}

fetch::Summary FetchTest::fetch(const pop3::ScriptedServer& server,
                                const std::function<void(fetch::Job&)>& change) {
    fetch::Job job;
    job.name = "me";
    job.identity = "me@example.com";
    job.endpoint = server.endpoint();
    job.login = pop3::login();
    job.session = pop3::impatient();
    job.archive = folder / "archive";
    job.file = [](std::string_view account, std::int64_t) { return std::string(account) + ".mbox"; };
    listener = Listener{};
    change(job);
    return fetch::run(job, listener);
}

void FetchTest::change_ledger(const std::string& sql) const {
    ledger::Database database(folder / "archive/.popkeep/ledger.db", ledger::Database::Mode::create);
    database.execute(sql);
}

std::uint64_t FetchTest::archived() const {
    auto archive = archive::Archive::open(folder / "archive", archive::Access::read);
    const archive::Verdict verdict = archive::verify(archive, {});
    EXPECT_TRUE(verdict.sound());
    return verdict.exact;
}

}  // namespace popkeep::test
