"""Several programs on one archive at once: runs, readers, copies, interruptions."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
import unittest

from harness import DELETING, PASSWORD, Case, checker, mboxrd
from popserver import Behaviour, Maildrop, Rule, Server, corpus
from terminal import Terminal

INTERRUPTIONS = int(os.environ.get("POPKEEP_INTERRUPTIONS", "40"))
SLOW = Behaviour(pipelining=False, rules=(Rule("RETR", delay=0.03),))


class TogetherCase(Case):
    def begin(self, *words):
        process = subprocess.Popen(self.command(*words), env=self.environment, cwd=self.folder,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def end(self, process, *codes):
        said = process.communicate(timeout=120)[1].decode()
        if process.returncode not in codes:
            self.fail("exit %d: %s\n%s" % (process.returncode, said, self.run_program("status", self.archive)))
        return process.returncode


class Runs(TogetherCase):
    def test_of_two_runs_on_one_account_one_is_75_and_all_stands_once(self):
        server = self.serve(Maildrop(corpus.plain(20)), SLOW)
        first = self.begin(*self.fetch_words(server, *DELETING))
        while not server.log.commands("RETR"):
            self.assertIsNone(first.poll())
            time.sleep(0.02)
        second = self.begin(*self.fetch_words(server, *DELETING))
        self.end(second, 75)
        self.end(first, 0)
        self.assert_no_bad_delete(server)
        self.assert_archived(server.maildrop)
        self.assertEqual(server.maildrop.present(), [])

    def test_ten_accounts_share_one_archive_at_once(self):
        servers = {}
        for number in range(10):
            user = "user%d@example.com" % number
            messages = [b"X-Account: %d\r\n" % number + data for data in corpus.plain(30)]
            server = Server(Maildrop(messages), Behaviour(), users={user: PASSWORD}, hook=checker.Witness(self.archive))
            self.ends_with_the_test(server.start())
            servers[user] = server
        for _ in range(2):
            running = [self.begin(*self.fetch_words(server, *DELETING, user=user, timeout=30))
                       for user, server in servers.items()]
            for process in running:
                self.end(process, 0)
        have = checker.counted(mboxrd.archive(self.archive))
        for server in servers.values():
            self.assert_no_bad_delete(server)
            self.assertEqual(server.maildrop.present(), [])
            for message in server.maildrop.messages:
                self.assertEqual(have.pop(mboxrd.expected(message.data)), 1)
        self.assertFalse(have)
        self.assert_exit(self.run_program("verify", self.archive), 0)

    def locked(self, server):
        """The ledger in another program's transaction, and mail that came meanwhile."""
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.add(corpus.plain(6)[5], b"late")
        other = sqlite3.connect(self.archive / ".popkeep" / "ledger.db", isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        return other

    def test_another_programs_transaction_is_waited_for(self):
        server = self.serve()
        other = self.locked(server)
        fetching = self.begin(*self.fetch_words(server, *DELETING))
        time.sleep(1)
        self.assertIsNone(fetching.poll())
        self.assert_exit(self.run_program("list", self.archive), 0)
        other.rollback()
        self.end(fetching, 0)
        self.assert_archived(server.maildrop)
        self.assertEqual(server.maildrop.present(), [])

    def test_a_stop_is_heard_while_another_programs_transaction_is_waited_for(self):
        server = self.serve()
        other = self.locked(server)
        fetching = self.begin(*self.fetch_words(server, *DELETING))
        time.sleep(1)
        stopped = time.monotonic()
        fetching.send_signal(signal.SIGTERM)
        self.end(fetching, 143)
        self.assertLess(time.monotonic() - stopped, 5)
        other.rollback()
        self.nothing_went_wrong(server)

    def test_verify_and_list_answer_during_a_fetch(self):
        server = self.serve(Maildrop(corpus.sized(60, 250_000)), SLOW)
        fetching = self.begin(*self.fetch_words(server, *DELETING, timeout=30))
        answers, listed = 0, [0]
        while fetching.poll() is None:
            for command in ("verify", "status", "list"):
                result = self.run_program(command, self.archive, *(["--json"] if command == "list" else []))
                self.assert_exit(result, 0)
                self.assertNotEqual(result.out, "", command)
            listed.append(result.out.count('"type":"message"'))
            answers += 1
        self.end(fetching, 0)
        self.assertGreater(answers, 2)
        self.assertEqual(listed, sorted(listed), "what was listed once stays listed")
        self.assertGreater(len(set(listed)), 2, "it grew meanwhile")
        self.assert_archived(server.maildrop)


class OneMbox(TogetherCase):
    """Plan: runs of several accounts put more than a batch each into one mbox, another program appends to it all the
    time, and runs are killed and begun again."""

    ACCOUNTS, MESSAGES = 3, 1200

    def another_program(self, mbox):
        """Appends a message as a shell script does, if it gets the lock."""
        script = 'dotlockfile -l -r 0 "$0.lock" && cat >>"$0" && dotlockfile -u "$0.lock"'
        text = b"From x Thu Jan  1 00:00:00 2026\nX-Other: %d\n\nhello\n\n" % self.others
        done = subprocess.run(["sh", "-c", script, mbox], input=text, cwd=self.folder)
        self.others += done.returncode == 0

    def test_accounts_and_another_program_fill_one_mbox_though_runs_are_killed(self):
        choice = random.Random(4)
        servers = {}
        for number in range(self.ACCOUNTS):
            messages = [b"X-Account: %d-%d\r\n\r\nFrom here\r\n" % (number, copy) for copy in range(self.MESSAGES)]
            server = Server(Maildrop(messages), Behaviour(), users={"user%d" % number: PASSWORD})
            self.ends_with_the_test(server.start())
            servers["user%d" % number] = server
        running = {}
        self.others = killed = 0
        mbox = self.archive / "all.mbox"
        waiting = set(servers)
        while waiting:
            for user in sorted(waiting):
                if user not in running:
                    running[user] = self.begin(*self.fetch_words(servers[user], "--file", "all.mbox", user=user, timeout=30))
                elif running[user].poll() is not None:
                    if self.end(running.pop(user), 0, -signal.SIGKILL) == 0:
                        waiting.remove(user)
                elif (choice.random() < 0.02 or (mbox.exists() and not killed)) and killed < 20:
                    running[user].kill()
                    killed += 1
            if mbox.exists():
                self.another_program(mbox)
            time.sleep(0.005)
        self.assertGreater(killed, 0)
        self.assertGreater(self.others, 0)
        for user, server in servers.items():
            self.assert_exit(self.fetch(server, "--file", "all.mbox", user=user), 0)
        have = checker.counted(mboxrd.archive(self.archive))
        for server in servers.values():
            for message in server.maildrop.messages:
                self.assertEqual(have.pop(mboxrd.expected(message.data)), 1)
        self.assertEqual((len(have), sum(have.values())), (self.others, self.others))
        self.assert_exit(self.run_program("verify", self.archive), 0)


class Interrupted(TogetherCase):
    def test_runs_interrupted_at_random_moments_end_complete(self):
        """Plan: a slow server, where more mail comes all the time. Runs are ended by a random signal at a random
        moment, again and again; then one goes through."""
        choice = random.Random(4)
        server = self.serve(Maildrop([]), Behaviour(rules=(Rule("RETR", delay=0.01),)))
        ended = 0
        for number in range(INTERRUPTIONS):
            for copy, data in enumerate(corpus.plain(20)):
                server.maildrop.add(b"X-Run: %d\r\n" % number + data, b"%d-%d" % (number, copy))
            process = self.begin(*self.fetch_words(server, *DELETING))
            try:
                process.wait(choice.uniform(0.02, 0.2))
            except subprocess.TimeoutExpired:
                process.send_signal(choice.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP]))
                ended += 1
            # By the signal itself: it came before the program asked for signals.
            self.end(process, 0, 130, 143, -signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP)
        self.assertGreater(ended, INTERRUPTIONS // 3)
        self.assert_exit(self.fetch(server, *DELETING, timeout=30), 0)
        self.assert_no_bad_delete(server)
        self.assert_archived(server.maildrop)
        self.assertEqual(server.maildrop.present(), [])


class Exchanged(TogetherCase):
    def exchanged_at(self, verb, count):
        """Plan: a copy takes the archive's place in the middle of a deleting run, as when a backup is restored or
        another disk is mounted."""
        server = self.serve(Maildrop(corpus.plain(8)), Behaviour(rules=(Rule("RETR", delay=0.05), Rule("TOP", delay=0.05))))
        self.assert_exit(self.fetch(server), 0)
        shutil.copytree(self.archive, self.folder / "copy")
        for number in range(9, 13):
            server.maildrop.add(corpus.plain(number)[-1], b"later-%d" % number)
        before = len(server.log.commands(verb))
        fetching = self.begin(*self.fetch_words(server, *DELETING, timeout=30))
        while len(server.log.commands(verb)) < before + count:
            self.assertIsNone(fetching.poll())
            time.sleep(0.005)
        self.archive.rename(self.folder / "aside")
        (self.folder / "copy").rename(self.archive)
        said = fetching.communicate(timeout=60)[1].decode()
        self.assertEqual(fetching.returncode, 74, said)
        self.assertIn("replaced", said)
        self.assertEqual(server.log.commands("DELE"), [])
        for archive in (self.archive, self.folder / "aside"):
            self.assert_exit(self.run_program("verify", archive), 0)
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assert_no_bad_delete(server)
        self.assert_archived(server.maildrop)

    def test_an_archive_exchanged_while_messages_come_gets_none_of_them_and_nothing_is_deleted(self):
        self.exchanged_at("RETR", 1)

    def test_an_archive_exchanged_before_the_deletions_keeps_them_from_being_sent(self):
        self.exchanged_at("TOP", 8)


class Founded(TogetherCase):
    """A first fetch founds the archive and asks for the password; others come while it waits, and then it fails."""

    founded = False

    def setUp(self):
        super().setUp()
        words = self.fetch_words(self.serve(hook=None), password=False)
        self.first = Terminal(self.command(*words), self.environment, 80, cwd=self.folder)
        self.addCleanup(self.first.close)
        self.assertIn("Password", self.first.read(until="Password"))

    def fail_first(self):
        self.first.process.send_signal(signal.SIGINT)
        self.first.read()
        self.assertEqual(self.first.process.wait(), 130)

    def other_words(self, server, *extra):
        return self.fetch_words(server, "--id", "other", *extra, timeout=30)

    def test_nothing_stays_behind_if_nobody_came(self):
        self.assertTrue(self.archive.exists())
        self.fail_first()
        self.assertFalse(self.archive.exists())

    def test_it_stays_if_a_run_that_found_no_mail_has_used_it(self):
        server = self.serve([], hook=None)
        self.assert_exit(self.run_program(*self.other_words(server)), 0)
        self.fail_first()
        self.assert_exit(self.run_program(*self.other_words(server)), 0)

    def test_it_stays_if_init_has_called_it_an_archive(self):
        self.assertIn("already an archive", self.run_program("init", self.archive).out)
        self.fail_first()
        self.assert_exit(self.run_program("status", self.archive), 0)

    def test_it_stays_under_a_run_whose_first_message_is_still_to_come(self):
        server = self.serve(behaviour=Behaviour(rules=(Rule("RETR", delay=2, times=1),)))
        other = self.begin(*self.other_words(server, *DELETING))
        while not server.log.commands("RETR"):
            self.assertIsNone(other.poll())
            time.sleep(0.02)
        self.fail_first()
        self.end(other, 0)
        self.assert_no_bad_delete(server)
        self.assert_archived(server.maildrop)


class Copied(TogetherCase):
    def test_a_copy_made_in_the_middle_of_a_run_becomes_complete(self):
        server = self.serve(Maildrop(corpus.sized(90, 300_000)), Behaviour(pipelining=False, rules=(Rule("RETR", delay=0.01),)))
        fetching = self.begin(*self.fetch_words(server))
        copies, sizes = [], set()
        while fetching.poll() is None and len(copies) < 10:
            copy = self.folder / ("copy-%d" % len(copies))
            # It complains of files that vanish meanwhile, such as a lock.
            subprocess.run(["cp", "-a", self.archive, copy], stderr=subprocess.DEVNULL)
            size = sum(path.stat().st_size for path in copy.glob("*.mbox"))
            if size in sizes:  # nothing came since the last
                shutil.rmtree(copy)
            else:
                copies.append(copy)
                sizes.add(size)
            time.sleep(0.1)
        self.end(fetching, 0)
        self.assertGreater(len(copies), 2, "the copies show different moments")
        for copy in copies:
            server.behaviour, server.hook = Behaviour(), checker.Witness(copy)
            policy = DELETING if copy == copies[-1] else ()
            result = self.fetch(server, *policy, to=copy)
            if result.code == 65:  # the ledger was copied while it changed
                self.assert_exit(self.run_program("repair", copy), 0, 65)
                result = self.fetch(server, *policy, to=copy)
            self.assert_exit(result, 0)
            self.assert_complete(copy, server, result)
            if policy and server.maildrop.present():  # what one run misses, the next one has
                result = self.fetch(server, *policy, to=copy)
                self.assert_complete(copy, server, result)
            self.assert_no_bad_delete(server)
            self.assertEqual(len(server.maildrop.present()), 0 if policy else 90, result)
            self.assert_exit(self.run_program("verify", copy), 0)
            shutil.rmtree(copy)

    def assert_complete(self, copy, server, result):
        """Each message once. Where the ledger was copied before an append and the mbox in the middle of it, the piece
        looks like another program's mail, and stays."""
        expected = checker.counted(mboxrd.expected(message.data) for message in server.maildrop.messages)
        found = checker.counted(mboxrd.archive(copy))
        self.assertEqual(expected - found, {}, result)
        pieces = list((found - expected).elements())
        self.assertLessEqual(len(pieces), 1, result)
        for piece in pieces:
            self.assertTrue(any(whole.startswith(piece.rstrip(b"\n")) for whole in expected), result)


if __name__ == "__main__":
    unittest.main()
