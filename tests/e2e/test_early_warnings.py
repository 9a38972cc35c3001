"""What is told before it hurts: certificates that end, mailboxes that shrink."""

import contextlib
import os
import sqlite3
import time
import unittest

from harness import certificates, faked
from popserver import Behaviour, corpus
from several import Several


class EarlyWarnings(Several):
    def ledger(self, sql):
        with contextlib.closing(sqlite3.connect(self.archive / ".popkeep" / "ledger.db")) as database, database:
            return database.execute(sql).fetchall()

    def let_a_day_pass(self):
        yesterday = time.time() - 86400
        for note in (self.archive / ".popkeep").glob("told-*"):
            os.utime(note, (yesterday, yesterday))

    def quiet(self, server, *words):
        before = len(server.log.commands("QUIT"))
        result = self.fetch(server, *words)
        self.assert_exit(result, 0)
        self.assertEqual(result.err, "")
        self.assertEqual(len(server.log.commands("QUIT")), before + 1)

    def warned(self, server, what, *words):
        result = self.fetch(server, *words)
        self.assert_exit(result, 0)
        self.assertRegex(result.err, r"\Apopkeep: [^\n]*%s[^\n]*\n\Z" % what)
        return result.err

    def test_a_certificate_near_its_end_is_told_once_for_a_while(self):
        server = self.serve(tls="implicit", certificate="ending")
        self.assertIn("(CN = ending)", self.warned(server, "expires at"))
        self.quiet(server)
        self.let_a_day_pass()
        self.quiet(server)

    def test_the_log_has_a_warning(self):
        self.fetch(self.serve(tls="implicit", certificate="ending"), "--log", self.folder / "log")
        self.assertIn("warning: ", (self.folder / "log").read_text())

    def test_one_of_several_accounts_is_warned_of_by_its_name(self):
        servers = {"home": self.serve(), "work": self.serve(tls="implicit", certificate="ending")}
        config = self.folder / "popkeep.toml"
        config.write_text(self.section("home", servers["home"]) +
                          self.section("work", servers["work"], tls="on", ca=certificates().ca))
        config.chmod(0o600)
        result = self.fetch_all(config)
        self.assert_exit(result, 0)
        self.assertRegex(result.err, r"\Apopkeep: work: \S+: the server's certificate expires .*\n\Z")

    def test_a_certificate_with_time_left_is_not_told(self):
        self.quiet(self.serve(tls="implicit"))

    def test_a_dry_run_leaves_the_warning_to_the_next_run(self):
        server = self.serve(tls="implicit", certificate="ending")
        self.assertIn("expires at", self.fetch(server, "--dry-run").err)
        self.warned(server, "expires at")

    def test_what_a_person_saw_is_told_without_a_terminal_as_well(self):
        server = self.serve(tls="implicit", certificate="ending")
        self.assertIn("expires at", self.fetch_at_terminal(server).err)
        self.warned(server, "expires at")

    def test_an_authority_that_ends_before_the_servers_certificate_is_told(self):
        certificates().issue("outlives", "20200101000000Z", "20900101000000Z")
        result = self.fetch(self.serve(tls="implicit", certificate="outlives"), env=faked("+25d"))
        self.assert_exit(result, 0)
        self.assertRegex(result.err, r"expires at .*\(CN = popkeep test ca\)")

    def remove(self, server, count):
        for message in server.maildrop.present()[:count]:
            server.maildrop.remove(message)

    def full(self, count=40, **behaviour):
        return self.serve(corpus.plain(count), Behaviour(**behaviour), hook=lambda *_: None)

    def test_a_mailbox_that_somebody_emptied_is_told_once(self):
        server = self.full()
        self.quiet(server)
        self.quiet(server)
        self.remove(server, 30)
        self.assertIn("at least 40 were to be expected", self.warned(server, "lists 10 messages"))
        self.let_a_day_pass()
        self.quiet(server)

    def test_a_dry_run_leaves_it_to_the_next_run_to_tell_of_an_emptied_mailbox(self):
        server = self.full()
        self.quiet(server)
        self.quiet(server)
        self.remove(server, 30)
        self.assertIn("lists 10 messages", self.fetch(server, "--dry-run").err)
        self.warned(server, "lists 10 messages")

    def test_a_few_messages_less_are_none_of_our_business(self):
        server = self.full()
        self.quiet(server)
        self.quiet(server)
        self.remove(server, 19)
        self.quiet(server)

    def test_what_this_program_deleted_is_not_missed(self):
        server = self.full()
        self.quiet(server)
        self.quiet(server, "--delete", "keep:5", "--max-delete", "100%")
        self.assertEqual(len(server.maildrop.present()), 5)
        self.quiet(server)

    def test_a_provider_that_hides_what_was_fetched_is_not_suspected(self):
        server = self.full(hide_retrieved=True)
        for _ in range(3):
            self.quiet(server)

    def test_an_archive_without_memos_is_read_by_all_and_stays_as_it_is(self):
        server = self.full(5)
        self.quiet(server)
        self.ledger("DROP TABLE memo")
        for words in (("list",), ("show", "1"), ("verify",), ("status",), ("export", "--to", self.folder / "out"), ("deletions",)):
            self.assert_exit(self.run_program(words[0], self.archive, *words[1:]), 0)
        self.assert_exit(self.fetch(server, "--dry-run"), 0)
        self.assertEqual(self.ledger("SELECT count(*) FROM sqlite_schema WHERE name = 'memo'"), [(0,)])
        self.quiet(server)
        self.assertEqual(self.ledger("PRAGMA user_version"), [(1,)])


if __name__ == "__main__":
    unittest.main()
