#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "file/temporary_folder.hpp"
#include "ledger/ledger.hpp"

namespace popkeep::test {

/// An empty ledger with an account and an mbox.
class LedgerTest : public testing::Test {
  protected:
    /// In one transaction.
    void change(const std::function<void()>& what) {
        ledger::Transaction transaction = ledger.transaction();
        what();
        transaction.commit();
    }

    /// A row as an append leaves it; `content` stands for all its digests.
    ledger::Message message(std::string_view uid, std::string_view content) const {
        ledger::Message row;
        row.account = account.id;
        row.uid = std::string(uid);
        row.state = ledger::State::archived;
        row.mbox = mbox.id;
        row.length = 100;
        row.content = row.header = sha256(content);
        row.size = content.size();
        row.archived_at = 1000;
        return row;
    }
    ledger::Id insert(const ledger::Message& row) {
        ledger::Id id = 0;
        change([&] { id = ledger.messages.insert(row); });
        return id;
    }
    static std::vector<ledger::Id> ids(const std::vector<ledger::Message>& rows) {
        std::vector<ledger::Id> all;
        all.reserve(rows.size());
        for (const ledger::Message& row : rows) all.push_back(row.id);
        return all;
    }

    TemporaryFolder folder;
    std::string path = folder / "ledger.db";
    ledger::Ledger ledger{path, ledger::Access::write};
    ledger::Account account = ledger.accounts.enter("ann@example.org", "ann", 100);
    ledger::Mbox mbox = ledger.mboxes.enter("ann.mbox");
};

}  // namespace popkeep::test
