"""A hundred SIGKILLs at spread moments of deleting fetches: every message exactly once."""

import os
import signal
import subprocess
import time
import unittest

from harness import DELETING, Case, checker, dovecot, mboxrd
from popserver import corpus

KILLS = int(os.environ.get("POPKEEP_KILLS", "100"))
COUNT = 500


class Kill(Case):
    """Plan: 500 messages in a real Dovecot and a deleting fetch of them. The whole run is
    measured once, on an archive of its own. Then runs are started and killed, each after a
    moment that moves evenly through that time; a run that ended before its kill found
    nothing more to do, so the mailbox is filled anew with mail of its own for the next.
    In the end one run goes through."""

    def setUp(self):
        super().setUp()
        self.server = dovecot.Dovecot()
        self.addCleanup(self.server.__exit__)
        self.server.start()
        self.sent = []
        self.round = 0

    def refill(self):
        """500 messages that were never seen before."""
        self.round += 1
        messages = [b"X-Round: %d\r\n" % self.round + data for data in corpus.sized(COUNT, 1500)]
        self.server.fill(messages)
        self.sent += messages

    def words(self, archive):
        return self.command("fetch", "pop3s://%s@127.0.0.1:%d" % (self.server.user, self.server.tls_port), "--to", archive,
                            "--ca", self.server.ca, "--password-file", self.password, "--timeout", "30", *DELETING)

    def begin(self, archive):
        return subprocess.Popen(self.words(archive), env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def finish(self, archive):
        process = self.begin(archive)
        _, said = process.communicate(timeout=120)
        return process.returncode, said.decode()

    def test_every_message_stands_exactly_once_after_a_hundred_kills(self):
        other = self.folder / "measure"
        self.found(other)
        self.refill()
        start = time.monotonic()
        self.assertEqual(self.finish(other), (0, ""))
        whole = time.monotonic() - start
        self.sent.clear()

        self.refill()
        killed = attempts = 0
        while killed < KILLS:
            attempts += 1
            self.assertLess(attempts, KILLS * 5, "too many runs ended before their kill (%d killed)" % killed)
            process = self.begin(self.archive)
            time.sleep(whole * ((killed * 37 % KILLS) + 0.5) / KILLS)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            if process.returncode == -signal.SIGKILL:
                killed += 1
            else:
                whole *= 0.97  # the machine was slower when it was measured
                if attempts % 2:
                    self.refill()
            if not self.waiting():
                self.refill()

        # The server may still hold the maildrop of the last killed session.
        for _ in range(20):
            code, said = self.finish(self.archive)
            if code != 75:
                break
            time.sleep(0.5)
        self.assertEqual(code, 0, said)
        self.assertEqual(killed, KILLS)
        have = checker.counted(mboxrd.archive(self.archive))
        wanted = checker.counted(mboxrd.expected(data) for data in self.sent)
        self.assertEqual((sum((wanted - have).values()), sum((have - wanted).values())), (0, 0), "lost, doubled")
        self.assertEqual(checker.integrity(self.archive), [])
        self.assertEqual(self.waiting(), 0)

    def waiting(self):
        return sum(len(list((self.server.inbox / name).iterdir())) for name in ("new", "cur"))


if __name__ == "__main__":
    unittest.main()
