"""A run that is asked to stop leaves the server with QUIT where it can: some hide only then what was retrieved, and
would show it, and nothing else, for ever."""

import signal
import subprocess
import time
import unittest

from harness import DELETING, Case, mboxrd
from popserver import Behaviour, Maildrop, Rule, corpus
from popserver.behaviour import Body

PORTIONS = {"show": 5, "hide_retrieved": True, "pipelining": False}
SLOWLY = Rule("RETR", delay=0.3)
ONE_THAT_HANGS = Rule("RETR", message=3, delay=30)
BEHIND = b"behind\r\n.\r\n"


class Stopped(Case):
    def begin(self, behaviour, *words, messages=12):
        self.server = self.serve(Maildrop(corpus.plain(messages)), behaviour)
        return self.start(*words)

    def start(self, *words):
        process = subprocess.Popen(self.command(*self.fetch_words(self.server, *words, timeout=20)), cwd=self.folder,
                                   env=self.environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        return process

    def wait_for(self, verb, count=1):
        deadline = time.monotonic() + 60
        while len(self.server.log.commands(verb)) < count:
            self.assertLess(time.monotonic(), deadline, self.server.log.verbs())
            time.sleep(0.01)

    def stop(self, process, number=signal.SIGINT):
        """How long it took."""
        start = time.monotonic()
        process.send_signal(number)
        self.said = process.communicate(timeout=30)[1].decode()
        self.assertEqual(process.returncode, 130 if number == signal.SIGINT else 143, self.said)
        self.assert_no_bad_delete(self.server)
        return time.monotonic() - start

    def quits(self):
        return len(self.server.log.commands("QUIT"))

    def archived(self):
        return len(mboxrd.archive(self.archive))

    def hidden(self):
        return sum(message.popped for message in self.server.maildrop.messages)

    def nothing_is_lacking(self):
        self.server.behaviour = Behaviour(**PORTIONS)
        self.assert_exit(self.fetch(self.server, "--drain"), 0)
        self.assert_archived(self.server.maildrop)

    def test_between_two_messages_it_quits_and_the_server_hides_what_was_archived(self):
        process = self.begin(Behaviour(**PORTIONS, rules=(SLOWLY,)), *DELETING)
        self.wait_for("RETR", 3)
        self.stop(process)
        self.assertEqual((self.quits(), self.server.log.commands("DELE")), (1, []))
        self.assertEqual((self.hidden(), self.archived()), (3, 3))
        self.nothing_is_lacking()

    def test_it_quits_where_a_whole_pipeline_has_been_answered(self):
        process = self.begin(Behaviour(rules=(SLOWLY,)), messages=4)
        self.wait_for("RETR", 2)
        self.stop(process)
        self.assertEqual((self.quits(), self.archived()), (1, 4))

    def test_it_quits_while_headers_are_asked_for(self):
        process = self.begin(Behaviour(), messages=4)
        self.assertEqual(process.wait(60), 0)
        self.server.maildrop.renew_uids(lambda number, uid: b"new-%d" % number)
        self.server.behaviour = Behaviour(pipelining=False, rules=(Rule("TOP", delay=0.3),))
        process = self.start()
        self.wait_for("TOP", 2)
        self.stop(process)
        self.assertEqual((self.quits(), len(self.server.log.commands("TOP"))), (2, 2))

    def test_a_server_that_keeps_silent_at_quit_is_not_waited_for(self):
        process = self.begin(Behaviour(**PORTIONS, rules=(SLOWLY, Rule("QUIT", reply=b"", then="stall"))))
        self.wait_for("RETR", 3)
        self.assertLess(self.stop(process), 4)
        self.assertEqual((self.quits(), self.archived()), (1, 3))

    def test_the_second_stop_ends_it_as_it_waits_for_the_answer_to_quit(self):
        process = self.begin(Behaviour(**PORTIONS, rules=(SLOWLY, Rule("QUIT", delay=8))))
        self.wait_for("RETR", 3)
        process.send_signal(signal.SIGINT)
        self.wait_for("QUIT")
        self.assertLess(self.stop(process), 0.9)

    def test_a_stop_while_the_answer_to_quit_is_waited_for_is_told_by_the_exit_code(self):
        process = self.begin(Behaviour(rules=(Rule("QUIT", delay=8),)), messages=3)
        self.wait_for("QUIT")
        self.assertLess(self.stop(process, signal.SIGTERM), 4)
        self.assertEqual(self.archived(), 3)

    def test_it_quits_and_deletes_nothing_at_the_question_before_the_first_deletion(self):
        self.server = self.serve()
        result = self.fetch_at_terminal(self.server, *DELETING, typed=[('"yes"', "\x03")])
        self.assert_exit(result, 130)
        self.assertEqual((self.quits(), self.server.log.commands("DELE"), self.archived()), (1, [], 5))

    def test_it_does_not_quit_before_an_answer_that_does_not_come(self):
        process = self.begin(Behaviour(**PORTIONS, rules=(ONE_THAT_HANGS,)))
        self.wait_for("RETR", 3)
        self.assertLess(self.stop(process), 5)
        self.assertEqual((self.quits(), self.archived()), (0, 2))

    def test_it_does_not_quit_where_a_message_is_not_as_long_as_listed(self):
        short = Body(lengths=(100,))
        process = self.begin(Behaviour(**PORTIONS, bodies={2: short}, rules=(Rule("RETR", delay=0.5),)))
        self.wait_for("RETR", 3)  # of message 2, once more
        self.stop(process)
        self.assertEqual(self.quits(), 0)
        self.nothing_is_lacking()

    def test_it_does_not_quit_before_the_messages_are_archived(self):
        lock = self.archive / "me@example.com@127.0.0.1.mbox.lock"
        lock.write_text("1\n")
        process = self.begin(Behaviour(**PORTIONS), messages=5)
        self.wait_for("RETR", 5)
        time.sleep(1)
        self.assertIsNone(process.poll())
        self.stop(process)
        self.assertEqual((self.quits(), self.archived()), (0, 0))
        lock.unlink()
        self.nothing_is_lacking()

    def test_what_came_instead_of_the_answer_to_quit_casts_doubt_on_the_last_message(self):
        process = self.begin(Behaviour(**PORTIONS, rules=(SLOWLY, Rule("QUIT", reply=BEHIND, then="close"))))
        self.wait_for("RETR", 3)
        self.stop(process)
        self.assertIn("message 3 (UID uid-000003) may be cut short", self.said)


if __name__ == "__main__":
    unittest.main()
