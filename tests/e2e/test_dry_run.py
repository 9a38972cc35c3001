"""Dry runs of accounts that have troubles: they tell them, and change nothing."""

import unittest

from harness import PASSWORD, Case, checker
from popserver import Behaviour, Rule


class DryRunOfTroubles(Case):
    def setUp(self):
        super().setUp()
        self.server = self.serve()

    def listing(self):
        return {path.relative_to(self.archive): path.read_bytes() for path in self.archive.rglob("*") if path.is_file()}

    def dry_run(self, code, *words, **more):
        before = self.listing()
        result = self.fetch(self.server, "--dry-run", *words, **more)
        self.assert_exit(result, code)
        self.assertEqual(self.listing(), before)
        return result

    def test_a_header_that_breaks_the_session(self):
        self.assert_exit(self.fetch(self.server), 0)
        self.server.maildrop.renew_uids(lambda number, uid: b"new-%d" % number)
        self.server.behaviour = Behaviour(rules=(Rule("TOP", message=2, reply=b"", then="close"),))
        self.dry_run(0)

    def test_a_quarantined_message_that_was_told_of_a_day_ago(self):
        self.server.behaviour = Behaviour(rules=(Rule("RETR", message=2, reply=b"-ERR gone bad\r\n"),))
        for _ in range(3):
            self.fetch(self.server)
        with checker.ledger(self.archive) as database:
            database.execute("UPDATE refusal SET told_at = told_at - 86400")
        self.assertIn("gone bad", self.dry_run(65).err)

    def test_what_is_held_back_is_told(self):
        self.server.behaviour = Behaviour(rules=(Rule("RETR", message=2, reply=b"-ERR gone bad\r\n"),))
        for _ in range(3):
            self.fetch(self.server)
        self.assertIn("nothing to fetch; 5 messages listed; 1 held back", self.dry_run(65).out)

    def test_a_wrong_password(self):
        self.password.write_text("wrong\n")
        self.assertIn("refused user name or password", self.dry_run(77).err)

    def test_a_password_that_was_corrected(self):
        self.password.write_text("wrong\n")
        self.assert_exit(self.fetch(self.server), 77)
        self.password.write_text(PASSWORD + "\n")
        self.dry_run(0)


if __name__ == "__main__":
    unittest.main()
