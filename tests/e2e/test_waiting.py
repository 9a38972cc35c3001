"""Servers that take their time: what has come while they do over the next message, and how long one deletes."""

import contextlib
import subprocess
import time
import unittest

from harness import DELETING, Case, hurried
from popserver import Behaviour, Rule, corpus


class Waiting(Case):
    @contextlib.contextmanager
    def waiting_for(self, message, messages, delay):
        """A fetch in lock step whose server is slow over one message. Yields the process; it must end well."""
        slow = Rule("RETR", message=message, delay=delay)
        server = self.serve(messages, Behaviour(pipelining=False, rules=(slow,)))
        process = subprocess.Popen(self.command(*self.fetch_words(server, timeout=60)), cwd=self.folder,
                                   env=self.environment, stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        yield process
        self.assertEqual(process.wait(60), 0)
        self.assert_archived(server.maildrop)

    def happens(self, process, condition):
        """Whether something holds at some time before the process ends."""
        while process.poll() is None:
            if condition():
                return True
            time.sleep(0.05)
        return False

    def archived(self):
        return self.run_program("list", self.archive, "--json").out.count('"type":"message"')

    def in_mbox(self):
        return sum(path.read_bytes().count(b"From ") for path in self.archive.glob("*.mbox"))

    def test_a_little_is_archived_after_ten_seconds(self):
        with self.waiting_for(2, corpus.sized(3, 2_000), delay=14) as process:
            self.assertTrue(self.happens(process, lambda: self.archived() == 1))

    def test_what_a_pause_put_into_the_mbox_is_archived_after_ten_seconds(self):
        with self.waiting_for(3, corpus.sized(4, 600_000), delay=14) as process:
            self.assertTrue(self.happens(process, lambda: self.archived() == 2))

    def test_what_came_goes_into_the_mbox_while_the_last_ones_are_waited_for(self):
        with self.waiting_for(3, corpus.sized(4, 600_000), delay=2) as process:
            self.assertTrue(self.happens(process, lambda: self.in_mbox() == 2))

    def test_behind_a_whole_batch_as_well(self):
        with self.waiting_for(6, corpus.sized(6, 2_000_000), delay=2) as process:
            self.assertTrue(self.happens(process, lambda: self.in_mbox() == 5))

    def test_a_server_that_deletes_for_three_minutes_is_waited_for(self):
        server = self.serve(behaviour=Behaviour(rules=(Rule("QUIT", delay=3),)))
        self.assert_exit(self.fetch(server, *DELETING, timeout=3600, env=hurried(60)), 0)
        self.assertEqual(server.maildrop.present(), [])

    def test_a_server_that_looks_for_a_message_for_three_minutes_is_waited_for(self):
        server = self.serve(behaviour=Behaviour(rules=(Rule("RETR", message=2, delay=3),)))
        self.assert_exit(self.fetch(server, timeout=3600, env=hurried(60)), 0)
        self.assertEqual(server.connections, 1)


if __name__ == "__main__":
    unittest.main()
