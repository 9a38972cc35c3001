"""The ledger lost, emptied, older, newer or damaged: nothing is lost, doubled or deleted on its word."""

import pathlib
import resource
import shutil
import subprocess
import time
import unittest

from harness import DELETING, Case, checker, faked
from popserver import Behaviour, Maildrop, Rule, corpus

PAGE = 4096
HEADER = b"From: a@example.org\r\nSubject: one header, two bodies\r\n\r\n"


class LedgerCase(Case):
    def ledger_files(self, archive=None):
        return sorted(((archive or self.archive) / ".popkeep").glob("ledger.db*"))

    def copy_of(self, source, name):
        """The whole archive once more, as a backup or `cp -a` makes it."""
        target = self.folder / name
        shutil.copytree(source, target)
        return target

    def ends_complete(self, server, *, archive=None):
        """A deleting run goes through, and everything stands once."""
        result = self.fetch(server, *DELETING, to=archive or self.archive)
        self.assert_exit(result, 0)
        self.assert_no_bad_delete(server)
        self.assertEqual(checker.exactly_once(archive or self.archive, server.maildrop), [], result)
        self.assertEqual(server.maildrop.present(), [], result)
        return result


class Lost(LedgerCase):
    def fetched_then_without(self, change, messages=None):
        server = self.serve(messages)
        self.assert_exit(self.fetch(server), 0)
        change()
        return server

    def remove(self):
        for path in self.ledger_files():
            path.unlink()

    def empty(self):
        self.remove()
        (self.archive / ".popkeep" / "ledger.db").touch(0o600)

    def test_a_removed_ledger_is_built_again_and_nothing_is_doubled(self):
        result = self.ends_complete(self.fetched_then_without(self.remove))
        self.assertIn("the ledger was lost and was built again", result.err)

    def test_an_empty_ledger_is_built_again_and_nothing_is_doubled(self):
        result = self.ends_complete(self.fetched_then_without(self.empty))
        self.assertIn("the ledger was lost and was built again", result.err)

    def test_twins_stay_two_without_a_ledger(self):
        twin = corpus.plain(1)[0]
        self.ends_complete(self.fetched_then_without(self.remove, [twin, twin, *corpus.plain(3)]))

    def test_another_body_under_a_known_header_and_size_is_fetched_before_it_is_deleted(self):
        drop = Maildrop([HEADER + b"first body\r\n"])
        server = self.serve(drop)
        self.assert_exit(self.fetch(server), 0)
        self.remove()
        drop.remove(drop.by_number(1))
        drop.add(HEADER + b"other body\r\n", b"another")
        self.ends_complete(server)

    def test_repair_builds_it_again_and_the_next_run_downloads_nothing(self):
        server = self.fetched_then_without(self.remove)
        self.assert_exit(self.run_program("repair", self.archive), 0)
        before = len(server.log.commands("RETR"))
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(len(server.log.commands("RETR")), before)
        self.assert_archived(server.maildrop)

    def test_without_the_whole_private_folder_it_is_no_archive_and_nothing_is_touched(self):
        server = self.fetched_then_without(lambda: shutil.rmtree(self.archive / ".popkeep"))
        result = self.fetch(server, *DELETING)
        self.assert_exit(result, 73)
        self.assertIn("popkeep init", result.err)
        self.assertEqual(server.log.commands("DELE"), [])
        self.found()
        self.ends_complete(server)


class Older(LedgerCase):
    def test_an_older_ledger_doubles_nothing(self):
        drop = Maildrop(corpus.plain(4))
        server = self.serve(drop)
        self.assert_exit(self.fetch(server), 0)
        old = self.copy_of(self.archive / ".popkeep", "old")
        for number in range(5, 9):
            drop.add(corpus.plain(9)[number - 1], b"later-%d" % number)
        self.assert_exit(self.fetch(server), 0)
        shutil.rmtree(self.archive / ".popkeep")
        shutil.move(old, self.archive / ".popkeep")
        self.ends_complete(server)

    def test_a_ledger_from_before_the_first_mbox_doubles_nothing(self):
        ledger = self.archive / ".popkeep" / "ledger.db"
        empty = ledger.read_bytes()
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        ledger.write_bytes(empty)
        result = self.ends_complete(server)
        self.assertIn("the ledger didn't know this mbox", result.err)
        self.assert_exit(self.run_program("verify", self.archive), 0)

    def test_a_ledger_older_than_some_dated_mboxes_doubles_nothing(self):
        """Plan: a file for each month; the ledger of two months ago comes back. Most of what the server lists is
        new to it, but not all: neither the last file nor the one before is known."""
        drop = Maildrop(corpus.plain(8))
        server = self.serve(drop)
        ledger = self.archive / ".popkeep" / "ledger.db"
        for days, new in ((65, 0), (33, 3), (0, 3)):
            for _ in range(new):
                drop.add(corpus.plain(20)[len(drop.messages)], b"later-%d" % len(drop.messages))
            self.assert_exit(self.fetch(server, "--file", "{account}/%Y-%m.mbox", env=faked("-%dd" % days)), 0)
            if days == 65:
                old = ledger.read_bytes()
        self.assertEqual(len(list(self.archive.glob("*/*.mbox"))), 3)
        ledger.write_bytes(old)
        result = self.fetch(server, "--file", "{account}/%Y-%m.mbox")
        self.assertEqual(result.err.count("the ledger didn't know this mbox"), 2, result)
        self.ends_complete(server)

    def test_a_log_that_a_cleaner_removed_behind_a_killed_run_doubles_nothing(self):
        server = self.serve(behaviour=Behaviour(rules=(Rule("QUIT", delay=20, times=1),)))
        process = subprocess.Popen(self.command(*self.fetch_words(server, timeout=30)), env=self.environment,
                                   cwd=self.folder)
        while not server.log.commands("QUIT"):
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        process.kill()
        process.wait()
        for suffix in ("-wal", "-shm"):
            (self.archive / ".popkeep" / ("ledger.db" + suffix)).unlink()
        self.ends_complete(server)

    def test_an_older_mbox_is_made_good_from_the_server(self):
        drop = Maildrop(corpus.plain(4))
        server = self.serve(drop)
        self.assert_exit(self.fetch(server), 0)
        mbox = next(self.archive.glob("*.mbox"))
        old = mbox.read_bytes()
        for number in range(5, 9):
            drop.add(corpus.plain(9)[number - 1], b"later-%d" % number)
        self.assert_exit(self.fetch(server), 0)
        mbox.write_bytes(old)
        result = self.ends_complete(server)
        self.assertIn("4 messages of it are missing now", result.err)

    def test_a_newer_ledger_is_refused_and_left_alone(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        with checker.ledger(self.archive) as database:
            database.execute("PRAGMA user_version = 99")
        for words in (self.fetch_words(server, *DELETING), ("repair", self.archive), ("verify", self.archive)):
            result = self.run_program(*words)
            self.assert_exit(result, 65)
            self.assertIn("install a newer popkeep", result.err)
        self.assertEqual(server.log.commands("DELE"), [])


class Damaged(LedgerCase):
    def test_a_repair_without_room_for_the_new_ledger_is_74_and_leaves_the_old_one(self):
        """Plan: so many rows that they don't wait in memory for the end; an index is damaged; no file may grow
        beyond a part of the ledger."""
        server = self.serve(corpus.plain(3))
        self.assert_exit(self.fetch(server, *DELETING), 0)
        with checker.ledger(self.archive) as database:
            columns = [row[1] for row in database.execute("PRAGMA table_info(message)") if row[1] != "id"]
            values = {"uid": "CAST(uid || '-' || n AS BLOB)", "state": "'missing'"}
            database.execute("WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 15000) "
                             "INSERT INTO message (%s) SELECT %s FROM message, k WHERE message.id = 1" %
                             (", ".join(columns), ", ".join(values.get(name, name) for name in columns)))
            root = database.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'message_by_header'").fetchone()[0]
        ledger = self.archive / ".popkeep" / "ledger.db"
        flip(ledger, root - 1)
        damaged = ledger.read_bytes()
        for size in (200_000, 1_000_000):
            with self.subTest(size=size):
                result = self.run_program("repair", self.archive, preexec_fn=lambda: resource.setrlimit(
                    resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY)))
                self.assert_exit(result, 74)
                self.assertEqual(ledger.read_bytes(), damaged)
        self.assert_exit(self.run_program("repair", self.archive), 65)
        with checker.ledger(self.archive) as database:
            self.assertEqual([database.execute("SELECT count(*) FROM " + table).fetchone()[0]
                              for table in ("message", "deletion")], [15003, 3])

    def test_each_page_flipped_once_is_survived_and_repaired(self):
        """Plan: a full archive; for each page of the ledger a copy with that page inverted. A deleting fetch
        may refuse it, but deletes nothing without its bytes; then `repair`, then a run that ends complete."""
        messages = corpus.sized(60, 900)
        server = self.serve(messages)
        self.assert_exit(self.fetch(server), 0)
        pages = (self.archive / ".popkeep" / "ledger.db").stat().st_size // PAGE
        self.assertGreater(pages, 15)
        for page in range(pages):
            with self.subTest(page=page):
                copy = self.copy_of(self.archive, "page-%d" % page)
                flip(copy / ".popkeep" / "ledger.db", page)
                server.maildrop = Maildrop(messages)
                server.hook = checker.Witness(copy)
                first = self.fetch(server, *DELETING, to=copy)
                self.assert_exit(first, 0, 65, 74)
                unproven = [wrong for wrong in server.hook.violations if "isn't in the mbox" in wrong]
                self.assertEqual(unproven, [], first)
                repaired = self.run_program("repair", copy)
                self.assert_exit(repaired, 0, 65)
                self.ends_complete(server, archive=copy)
                self.assert_exit(self.run_program("verify", copy), 0)
                shutil.rmtree(copy)


def flip(path, page):
    data = bytearray(pathlib.Path(path).read_bytes())
    begin = page * PAGE
    data[begin:begin + PAGE] = bytes(byte ^ 0xFF for byte in data[begin:begin + PAGE])
    pathlib.Path(path).write_bytes(data)


if __name__ == "__main__":
    unittest.main()
