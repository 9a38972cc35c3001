"""The errors of the manual: exit code, and one line that says what, where and what next."""

import fcntl
import os
import socket
import sqlite3
import subprocess
import time
import unittest

from harness import PROGRAM, Case, certificates, checker
from popserver import Behaviour, Rule, corpus


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Errors(Case):
    def fails(self, server, code, *words, extra=(), **more):
        result = self.fetch(server, *extra, **more)
        self.assert_exit(result, code)
        for word in words:
            self.assertIn(word, result.err)
        return result

    def fetch_url(self, url, *extra):
        return self.run_program("fetch", url, "--to", self.archive, "--timeout", "2", "--password-file", self.password,
                                "--ca", certificates().ca, *extra)

    def test_a_wrong_value_is_told_with_the_name_that_was_typed(self):
        for typed in ("--to", "--archive"):
            result = self.run_program("fetch", typed, "", "pop3s://me@pop.example.com")
            self.assert_exit(result, 64)
            self.assertIn("popkeep: %s: " % typed, result.err)

    def test_a_wrong_password_is_77(self):
        self.password.write_text("another\n")
        self.fails(self.serve(), 77, "127.0.0.1", "[AUTH] wrong name or password")

    def test_a_wrong_password_is_not_tried_again_by_cron(self):
        self.password.write_text("wrong\n")
        server = self.serve()
        self.fails(server, 77)
        before = len(server.log.commands("PASS"))
        self.assert_exit(self.fetch(server), 77)
        self.assertEqual(len(server.log.commands("PASS")), before)

    def test_a_corrected_password_is_tried_at_once(self):
        self.password.write_text("wrong\n")
        server = self.serve()
        self.fails(server, 77)
        self.password.write_text("secret pass\n")
        self.assert_exit(self.fetch(server), 0)

    def test_blank_lines_instead_of_an_answer_do_not_lengthen_the_wait_for_it(self):
        server = self.serve(behaviour=Behaviour(rules=(Rule("UIDL", reply=b"", then="seldom-blank-lines"),)))
        begin = time.monotonic()
        self.fails(server, 75, timeout=1)
        self.assertLess(time.monotonic() - begin, 20)

    def test_an_unknown_host_is_68(self):
        result = self.fetch_url("pop3s://me@no-such-host.invalid")
        self.assert_exit(result, 68)

    def test_a_refused_connection_is_69(self):
        self.assert_exit(self.fetch_url("pop3s://me@127.0.0.1:%d" % closed_port()), 69)

    def test_a_time_out_is_75(self):
        self.fails(self.serve(behaviour=Behaviour(greeting=None, greeting_then="stall")), 75)

    def test_plain_text_that_nobody_asked_for_is_76_and_sends_no_password(self):
        server = self.serve()
        result = self.run_program("fetch", self.url(server), "--to", self.archive, "--timeout", "2",
                                  "--password-file", self.password)
        self.assert_exit(result, 76)
        self.assertNotIn("PASS", server.log.verbs())
        self.assertIn("pop3s://", result.err)

    def test_pop3s_with_tls_off_is_refused(self):
        server = self.serve(tls="implicit")
        self.assert_exit(self.fetch(server, "--tls", "off"), 64)

    def test_a_url_with_a_password_is_refused(self):
        result = self.run_program("fetch", "pop3s://me:hunter2@127.0.0.1", "--to", self.archive)
        self.assert_exit(result, 64)
        self.assertNotIn("hunter2", result.err)

    def test_a_url_without_an_archive_is_64_with_a_hint(self):
        result = self.run_program("fetch", "pop3s://me@127.0.0.1", "--password-file", self.password)
        self.assert_exit(result, 64)
        self.assertIn("--to", result.err)

    def test_an_unknown_option_suggests_the_nearest(self):
        result = self.run_program("fetch", "--dry-rum")
        self.assert_exit(result, 64)
        self.assertIn("--dry-run", result.err)

    def test_an_unknown_command_is_64(self):
        result = self.run_program("fetsch")
        self.assert_exit(result, 64)
        self.assertIn("fetch", result.err)

    def test_an_archive_that_is_not_there_is_73_and_nothing_is_made(self):
        server = self.serve()
        nowhere = self.folder / "not-mounted"
        result = self.fetch(server, to=nowhere)
        self.assert_exit(result, 73)
        self.assertIn("popkeep init", result.err)
        self.assertFalse(nowhere.exists())
        self.assertEqual(server.log.connections(), 0)

    def test_a_non_empty_folder_is_not_taken_for_an_archive(self):
        folder = self.folder / "full"
        folder.mkdir()
        (folder / "thesis.txt").write_text("precious")
        self.assert_exit(self.fetch(self.serve(), to=folder), 73)
        self.assertEqual([path.name for path in folder.iterdir()], ["thesis.txt"])

    def test_a_ledger_of_a_newer_version_is_refused(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        database = sqlite3.connect(self.archive / ".popkeep" / "ledger.db")
        version = database.execute("PRAGMA user_version").fetchone()[0]
        self.assertGreater(version, 0)
        database.execute("PRAGMA user_version = %d" % (version + 1))
        database.commit()
        database.close()
        result = self.fetch(server)
        self.assert_exit(result, 65)
        self.assertIn("newer", result.err)

    def test_a_damaged_ledger_ends_the_run_without_dele(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        ledger = self.archive / ".popkeep" / "ledger.db"
        data = bytearray(ledger.read_bytes())
        data[4096:] = b"\xaa" * (len(data) - 4096)
        ledger.write_bytes(data)
        result = self.fetch(server, "--delete", "fetched", "--max-delete", "100%")
        self.assertNotIn(result.code, (0, 70), result)
        self.assertEqual(server.log.commands("DELE"), [])

    def test_a_busy_account_is_75(self):
        slow = self.serve(behaviour=Behaviour(rules=(Rule("RETR", message=2, delay=3),), pipelining=False))
        first = subprocess.Popen(self.command(*self.fetch_words(slow, timeout=20)), env=self.environment,
                                 cwd=self.folder, stdin=subprocess.DEVNULL)
        try:
            while not slow.log.commands("RETR"):
                self.assertIsNone(first.poll())
            self.assert_exit(self.fetch(slow), 75)
        finally:
            self.assertEqual(first.wait(30), 0)

    def with_own_mounts(self, script, *words):
        """Runs a shell script that may mount. $AS runs a command as whoever runs the tests, $OWNER is for tmpfs."""
        uid, gid = os.getuid(), os.getgid()
        enter, be_me, owner = ["unshare", "-m"], "", ""
        if uid != 0 and subprocess.run([*enter, "-r", "true"], capture_output=True).returncode == 0:
            enter.append("-r")
        elif uid != 0:
            # Inside a chroot, or where user namespaces are switched off.
            enter = ["sudo", "-n", "-E", *enter]
            be_me = "setpriv --reuid=%d --regid=%d --clear-groups" % (uid, gid)
            owner = ",uid=%d,gid=%d" % (uid, gid)
        script = "AS='%s'; OWNER='%s'; %s" % (be_me, owner, script)
        return subprocess.run([*enter, "sh", "-c", script, "sh", *map(str, words)], env=self.environment,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=self.folder, timeout=60)

    def test_a_read_only_archive_says_so(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.add(b"A: new\r\n\r\nnew\r\n", b"brand-new")
        words = self.command(*self.fetch_words(server))
        # Root may write whatever the mode says; a read-only bind mount in a namespace binds root too.
        done = self.with_own_mounts(
            'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec $AS "$@"', self.archive, *words)
        self.assertIn(done.returncode, (73, 74, 77), done.stderr)
        self.assertNotEqual(done.stderr, "")

    def test_a_full_disk_is_74_and_deletes_only_what_fitted(self):
        server = self.serve([b"A: b\r\n\r\n" + b"x" * 70 + b"\r\n" * 1000] * 3 + [b"A: c\r\n\r\n" + b"line\r\n" * 400_000])
        small = self.folder / "small"
        small.mkdir()
        words = self.command(*self.fetch_words(server, "--delete", "fetched", "--max-delete", "100%", to=small / "a"))
        server.hook = None  # sees no disk but its own
        done = self.with_own_mounts(
            'mount -t tmpfs -o "size=5m$OWNER" tmpfs "$1" && $AS "$2" init "$1/a" && to=$3 small=$1 && shift 3 && $AS "$@";'
            'code=$?; $AS cp -a "$small/a" "$to" && exit $code',
            small, PROGRAM, self.folder / "kept", *words)
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertEqual([message.number for message in server.maildrop.present()], [4])
        self.assertEqual(checker.lost_deletes(self.folder / "kept", server.log, server.maildrop), [])

    def test_what_found_no_room_is_told_though_a_limit_let_another_one_take_a_known_ones_place(self):
        server = self.serve(corpus.plain(1), Behaviour(top=False))
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.renew_uids(lambda number, uid: b"again")
        for number in (2, 3):
            server.maildrop.add(corpus.plain(number)[-1], b"new-%d" % number)
        server.behaviour = Behaviour(top=False, list_lines={2: b"%d 100000000000000"})
        result = self.fetch(server, "--limit", "2")
        self.assert_exit(result, 74)
        self.assertEqual(checker.complaints(self.archive, server.maildrop, (1, 3), (2,)), [], result)

    def test_an_mbox_locked_by_another_program_is_75_and_says_who(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        (mbox,) = self.archive.glob("*.mbox")
        server.maildrop.add(b"A: new\r\n\r\nnew\r\n", b"brand-new")
        with open(mbox, "r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX)
            result = self.run_at_terminal(*self.fetch_words(server), timeout=90)
        self.assert_exit(result, 75)
        self.assertIn(str(os.getpid()), result.err)

    def test_a_failing_run_says_one_line(self):
        self.password.write_text("wrong\n")
        result = self.fetch(self.serve())
        self.assertTrue(result.err.startswith("popkeep: "), result)
        self.assertLessEqual(result.err.count("\n"), 2, result)


if __name__ == "__main__":
    unittest.main()
