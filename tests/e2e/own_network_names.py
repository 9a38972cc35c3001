"""Names that nobody answers for; played by test_network."""

import signal
import socket
import subprocess
import time

from harness import Case


class NamesUnanswered(Case):
    """Who answers for names takes the question and is silent."""

    def setUp(self):
        super().setUp()
        silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(silent.close)
        silent.bind(("127.0.0.1", 53))
        self.words = ("fetch", "pop3s://me@pop.example.com", "--to", self.archive, "--password-file", self.password)

    def test_a_stop_ends_the_look_up(self):
        process = subprocess.Popen(self.command(*self.words), env=self.environment, cwd=self.folder,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.kill)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        begin = time.monotonic()
        self.assertEqual(process.wait(60), 130)
        self.assertLess(time.monotonic() - begin, 5)

    def test_the_time_limit_ends_the_look_up(self):
        begin = time.monotonic()
        self.assert_exit(self.run_program(*self.words, "--timeout", "2"), 75)
        self.assertLess(time.monotonic() - begin, 7)
