"""A ledger that is built again beside runs that write into it: what they commit must not go with the old one."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import time
import unittest

from harness import DELETING, Case
from popserver import Behaviour, Rule


class LedgerInUse(Case):
    def setUp(self):
        super().setUp()
        self.server = self.serve()
        self.assert_exit(self.fetch(self.server), 0)
        self.books = self.archive / ".popkeep"
        self.ledger = self.books / "ledger.db"

    @contextlib.contextmanager
    def locked(self, how):
        """By another program, as it were."""
        folder = os.open(self.books, os.O_RDONLY)
        try:
            fcntl.flock(folder, how | fcntl.LOCK_NB)
            yield
        finally:
            os.close(folder)

    def is_free(self):
        try:
            with self.locked(fcntl.LOCK_EX):
                return True
        except BlockingIOError:
            return False

    def start_quietly(self, *words):
        return subprocess.Popen(self.command(*words), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, env=self.environment, cwd=self.folder)

    def spoil(self):
        spoiled = bytearray(self.ledger.read_bytes())
        spoiled[4096:] = b"Z" * (len(spoiled) - 4096)
        self.ledger.write_bytes(spoiled)
        return self.ledger.stat().st_ino

    def test_repair_lets_a_run_that_is_at_work_finish(self):
        number = self.spoil()
        with self.locked(fcntl.LOCK_SH):
            repair = self.start_quietly("repair", self.archive)
            with self.assertRaises(subprocess.TimeoutExpired):
                repair.wait(1.5)
            self.assertEqual(self.ledger.stat().st_ino, number)
        self.assertEqual(repair.wait(10), 0)
        self.assertNotEqual(self.ledger.stat().st_ino, number)

    def test_a_run_waits_until_the_ledger_is_built_again_and_deletes_nothing_before(self):
        with self.locked(fcntl.LOCK_EX):
            fetch = self.start_quietly(*self.fetch_words(self.server, *DELETING))
            time.sleep(1)
            self.assertEqual(self.server.log.commands("DELE"), [])
            self.assertIsNone(fetch.poll())
        self.assertEqual(fetch.wait(10), 0)
        self.assertEqual(self.server.maildrop.present(), [])

    def test_a_run_has_its_part_of_the_lock_until_its_end(self):
        self.server.maildrop.add(b"Subject: new\r\n\r\nbody\r\n", b"new")
        self.server.behaviour = Behaviour(rules=(Rule("RETR", then="stall"),))
        with self.start_quietly(*self.fetch_words(self.server)) as fetch:
            while not self.server.log.commands("RETR")[5:] and fetch.poll() is None:
                time.sleep(0.01)
            free = self.is_free()
            fetch.kill()
        self.assertEqual((free, self.is_free()), (False, True))

    def test_a_lost_ledger_that_another_run_has_built_is_not_waited_for_until_that_runs_end(self):
        kept = self.folder / "kept"
        shutil.move(self.ledger, kept)
        with self.locked(fcntl.LOCK_SH), self.start_quietly(*self.fetch_words(self.server)) as fetch:
            with self.assertRaises(subprocess.TimeoutExpired):
                fetch.wait(0.5)
            shutil.move(kept, self.ledger)
            self.assertEqual(fetch.wait(5), 0)


if __name__ == "__main__":
    unittest.main()
