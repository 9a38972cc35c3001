"""What others do to the archive while a run is in its session."""

import subprocess
import time
import unittest

from harness import Case, mboxrd
from popserver import Behaviour, Rule, corpus


class Meanwhile(Case):
    def during(self, server, verb, action):
        """A run, and `action` as soon as the server was asked that once more."""
        before = len(server.log.commands(verb))
        process = subprocess.Popen(self.command(*self.fetch_words(server)), cwd=self.folder, stdin=subprocess.DEVNULL,
                                   env=self.environment)
        while len(server.log.commands(verb)) == before:
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        action()
        self.assertEqual(process.wait(30), 0)
        server.behaviour = Behaviour()

    def test_what_another_program_delivers_during_the_first_run_of_all_is_not_stored_twice(self):
        # So large that each is appended by itself, and the first committed, before the letters come.
        large = corpus.sized(2, 5_000_000)
        letters = [b"Subject: letter %d\r\n\r\nbody\r\n" % number for number in range(5)]
        server = self.serve(large + letters, Behaviour(pipelining=False, rules=(Rule("RETR", message=1, delay=0.5),)))
        mbox = self.archive / "me@example.com@127.0.0.1.mbox"
        delivered = b"".join(b"From x@example.org Tue Mar  3 10:00:00 2026\n%s\n" % mboxrd.expected(letter)
                             for letter in letters)
        self.during(server, "RETR", lambda: mbox.write_bytes(delivered))
        self.assertTrue(mbox.read_bytes().startswith(delivered))
        self.assert_archived(server.maildrop)

    def test_what_repair_lets_be_fetched_again_comes_although_a_run_found_nothing_new_meanwhile(self):
        server = self.serve()
        for _ in range(2):
            self.assert_exit(self.fetch(server), 0)
        (mbox,) = self.archive.glob("*.mbox")
        mbox.unlink()
        for _ in range(2):
            self.assert_exit(self.fetch(server), 0)
        server.behaviour = Behaviour(rules=(Rule("QUIT", delay=1),))
        self.during(server, "QUIT", lambda: self.assert_exit(self.run_program("repair", self.archive, "--refetch"), 0))
        self.assert_exit(self.fetch(server), 0)
        self.assert_archived(server.maildrop)


if __name__ == "__main__":
    unittest.main()
