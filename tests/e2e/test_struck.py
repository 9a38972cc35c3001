"""Commands that write files were stopped, killed or failed in the middle of it, and others write the same ones."""

import contextlib
import os
import re
import signal
import subprocess
import time
import unittest

from harness import DELETING, PASSWORD, USER, Case, mboxrd
from signing_in import LoginCase, Running, go
from test_setup import SetupCase


def struck(*what, log=os.devnull):
    """What to put before a command for faults at system calls: "rename:signal=KILL:when=1"."""
    calls = ",".join(fault.partition(":")[0] for fault in what)
    return ["strace", "-f", "-qq", "-o", str(log), "-e", "trace=" + calls, *["--inject=" + fault for fault in what]]


class Struck(Case):
    def run_struck(self, what, *words, env=()):
        return subprocess.run([*struck(*what.split()), *self.command(*words)], env={**self.environment, **dict(env)}, cwd=self.folder,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60).returncode

    def begin(self, command):
        process = subprocess.Popen(command, env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def end(self, process):
        said = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, 0, said)

    @contextlib.contextmanager
    def standing_still(self, what, *words):
        """It stands still behind a system call ("fdatasync:when=1"), and ends well behind the block."""
        log = self.folder / "strace.log"
        log.unlink(missing_ok=True)
        process = self.begin([*struck(what.replace(":", ":signal=STOP:"), log=log), *self.command(*words)])
        stopped = None
        while not stopped:
            self.assertIsNone(process.poll(), "it never came to " + what)
            time.sleep(0.02)
            stopped = log.exists() and re.search(r"^(\d+) +--- stopped by SIGSTOP", log.read_text(), re.MULTILINE)
        yield
        os.kill(int(stopped.group(1)), signal.SIGCONT)
        self.end(process)


class Exports(Struck):
    def setUp(self):
        super().setUp()
        self.assert_exit(self.fetch(self.serve()), 0)

    def words(self, to, kind):
        return ["export", self.archive, "--to", to, "--format", kind]

    def assert_exported(self, to):
        have = [path for path in to.rglob("*") if path.is_file()]
        self.assertFalse([path.name for path in have if path.name.startswith(".") or path.parent.name == "tmp"])
        self.assertEqual(sorted(path.read_bytes() for path in have), sorted(mboxrd.archive(self.archive)))

    def test_two_into_one_folder_at_once_both_end_well_and_every_file_is_whole(self):
        for kind in ("eml", "maildir"):
            for what in ("pwritev:when=2", "fdatasync:when=2", "rename:when=2"):
                with self.subTest(kind=kind, what=what):
                    to = self.folder / (kind + what.partition(":")[0])
                    with self.standing_still(what, *self.words(to, kind)):
                        self.assert_exit(self.run_program(*self.words(to, kind)), 0)
                    self.assert_exported(to)

    def test_what_a_killed_one_left_goes_with_the_next_one(self):
        for kind in ("eml", "maildir"):
            with self.subTest(kind=kind):
                to = self.folder / kind
                self.assertEqual(self.run_struck("fdatasync:signal=KILL:when=2", *self.words(to, kind)), -signal.SIGKILL)
                self.assertEqual(len([path for path in to.rglob("*") if path.is_file()]), 2)
                # A lost ledger has it number its messages, and date them, anew.
                (self.archive / ".popkeep" / "ledger.db").unlink()
                self.assert_exit(self.run_program("repair", self.archive), 0)
                self.assert_exit(self.run_program(*self.words(to, kind)), 0)
                self.assert_exported(to)


class Setups(Struck):
    before = "# mine\n[account.other]\nurl = 'pop3s://other.example'\n"

    def setUp(self):
        super().setUp()
        self.config = self.home / "config" / "popkeep" / "popkeep.toml"

    def write_configuration(self):
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.config.write_text(self.before)
        self.config.chmod(0o640)

    def words(self, name):
        return ["setup", USER, "--url", "pop3s://pop.example", "--no-check", "--to", self.archive, "--name", name]

    def test_of_two_at_once_both_accounts_are_written(self):
        for before in ("", self.before):
            with self.subTest(before=before):
                if before:
                    self.write_configuration()
                with self.standing_still("fdatasync:when=1", *self.words("one")):
                    second = self.begin(self.command(*self.words("two")))
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        second.wait(1)
                self.end(second)
                text = self.config.read_text()
                self.assertTrue(text.startswith(before))
                self.assertIn("[account.one]", text)
                self.assertIn("[account.two]", text)

    def test_one_that_is_in_nobodys_hands_is_not_waited_for_without_end(self):
        self.write_configuration()
        with self.standing_still("fdatasync:when=1", *self.words("one")):
            self.assert_exit(self.run_program(*self.words("two"), timeout=30), 75)

    def test_the_configuration_keeps_its_mode_whatever_fails(self):
        for call in ("chmod", "fchmod", "fchmodat", "rename"):
            for fault in ("error=EIO", "signal=KILL"):
                with self.subTest(call=call, fault=fault):
                    self.write_configuration()
                    self.run_struck("%s:%s:when=1+" % (call, fault), *self.words("one"))
                    self.assertEqual(self.config.stat().st_mode & 0o777, 0o640)
                    self.assertTrue(self.config.read_text().startswith(self.before))

    def test_the_configuration_of_another_user_is_left_alone_if_it_cannot_stay_his(self):
        self.write_configuration()
        faults = "geteuid:retval=4711 chown:error=EPERM fchown:error=EPERM"
        self.assertEqual(self.run_struck(faults, *self.words("one")), 74)
        self.assertEqual(self.config.read_text(), self.before)

    def test_what_a_killed_one_left_goes_with_the_next_one(self):
        self.write_configuration()
        self.assertEqual(self.run_struck("rename:signal=KILL:when=1", *self.words("one")), -signal.SIGKILL)
        self.assertEqual(len(os.listdir(self.config.parent)), 2)
        self.assert_exit(self.run_program(*self.words("one")), 0)
        self.assertEqual(os.listdir(self.config.parent), ["popkeep.toml"])


class SetupsAgain(Struck, SetupCase):
    def test_a_file_of_passwords_that_a_failed_setup_left_is_taken_and_no_other(self):
        kept = self.config.parent / "example.password"
        kept.parent.mkdir(parents=True)

        def setup_with(text, mode):
            kept.write_text(text)
            kept.chmod(mode)
            return self.setup_account(self.serve(), "--store", "file", env={"POPKEEP_PASSWORD": PASSWORD})

        for text, mode in (("other\n", 0o600), (PASSWORD + "\n", 0o644), (PASSWORD, 0o600)):
            self.assert_exit(setup_with(text, mode), 73)
            self.assertEqual((kept.read_text(), kept.stat().st_mode & 0o777), (text, mode))
            self.assertFalse(self.config.exists())
        self.assert_exit(setup_with(PASSWORD + "\n", 0o600), 0)
        self.assert_exit(self.run_program("fetch", "example"), 0)

    def test_an_archive_that_was_half_founded_is_founded(self):
        server = self.serve()
        (self.archive / ".popkeep").mkdir(parents=True)
        self.assert_exit(self.setup_account(server, "--password-file", self.password), 0)
        result = self.run_program("fetch", "example")
        self.assert_exit(result, 0)
        self.assertEqual(result.err, "")
        self.assert_archived(server.maildrop)

    def test_the_mail_of_an_archive_without_a_ledger_is_taken_over(self):
        server = self.serve()
        self.found()
        self.assert_exit(self.fetch(server), 0)
        (self.archive / ".popkeep" / "ledger.db").unlink()
        result = self.setup_account(server, "--password-file", self.password)
        self.assert_exit(result, 0)
        self.assertIn("5 messages that lay in the archive already were taken over", result.err)

    def test_one_that_was_killed_at_any_sync_can_be_repeated(self):
        server = self.serve()
        number, killed = 0, True
        while killed:
            number += 1
            name = "at%d" % number
            words = ["setup", USER, "--url", "pop3://127.0.0.1:%d" % server.port, "--tls", "off", "--timeout", "5",
                     "--name", name, "--to", self.folder / name, "--store", "file"]
            password = {"POPKEEP_PASSWORD": PASSWORD}
            killed = self.run_struck("fdatasync:signal=KILL:when=%d" % number, *words, env=password) == -signal.SIGKILL
            if killed:
                with self.subTest(number=number):
                    self.assert_exit(self.run_program(*words, env=password), 0)
                    result = self.run_program("fetch", name, *DELETING, "--dry-run")
                    self.assert_exit(result, 0)
                    self.assertEqual(result.err, "")
        self.assertGreater(number, 4)


class Logins(LoginCase):
    def setUp(self):
        super().setUp()
        self.configure()
        self.kept = self.folder / "state" / "popkeep" / "tokens"
        login = Running(self, "work", "--no-browser", under=struck("rename:signal=KILL:when=1"))
        go(login.address())
        self.assertEqual(login.end()[0], -signal.SIGKILL)
        self.assertTrue(self.with_tokens())

    def with_tokens(self):
        return [path.name for path in self.kept.iterdir()
                if any(token in path.read_text() for token in self.authorization.refresh)]

    def test_forget_removes_also_what_a_killed_one_left(self):
        result = self.run_program("login", "work", "--forget")
        self.assert_exit(result, 0)
        self.assertIn("Removed from", result.out)
        self.assertEqual(self.with_tokens(), [])

    def test_what_a_killed_one_left_goes_with_the_next_one(self):
        self.sign_in()
        self.assertEqual(self.with_tokens(), [self.tokens()[0].name])


if __name__ == "__main__":
    unittest.main()
