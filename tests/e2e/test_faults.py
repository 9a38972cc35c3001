"""System calls that fail as on a bad disk: a person hears what can't be read, and no lock stays behind."""

import collections
import json
import re
import subprocess
import unittest

from harness import Case, Result
from popserver import corpus

CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)")


class Faults(Case):
    def setUp(self):
        super().setUp()
        server = self.serve(corpus.plain(5))
        self.assert_exit(self.fetch(server, "--file", "2025/me.mbox"), 0)
        for number in range(6, 11):
            server.maildrop.add(corpus.plain(number)[-1], b"later-%d" % number)
        self.assert_exit(self.fetch(server, "--file", "other.mbox"), 0)
        self.mbox = self.archive / "2025" / "me.mbox"

    def under_strace(self, options, *words):
        """What it did, and the trace."""
        log = self.folder / "trace"
        # LeakSanitizer doesn't work under strace.
        environment = {**self.environment, "ASAN_OPTIONS": "detect_leaks=0"}
        done = subprocess.run(["strace", "-f", "-qq", "-s", "4096", "-o", log, *options, *self.command(*words)],
                              env=environment, cwd=self.folder, stdin=subprocess.DEVNULL, timeout=120,
                              capture_output=True, text=True)
        return Result(done.returncode, done.stdout, done.stderr, 0), log.read_text()

    def failing(self, call, path, *words, error="EIO"):
        options = ["-P", path, "-e", "trace=" + call, "-e", "inject=%s:error=%s" % (call, error)]
        result, trace = self.under_strace(options, *words)
        self.assertIn("(INJECTED)", trace, result)
        return result


class Folders(Faults):
    def test_a_folder_that_fails_as_it_is_looked_through_is_74_and_named(self):
        for words in (["verify"], ["verify", "--json"], ["repair"], ["repair", "--dry-run"], ["init"]):
            with self.subTest(words=words):
                if words == ["init"]:
                    for path in (self.archive / ".popkeep").iterdir():
                        path.unlink()
                result = self.failing("getdents64", self.mbox.parent, *words, self.archive)
                self.assert_exit(result, 74)
                self.assertIn("%s: cannot look through the folder (Input/output error)" % self.mbox.parent, result.err)
                self.assertNotIn('"sound":true', result.out)


class Locks(Faults):
    def is_look(self, line):
        """At the mbox's lock file, or at what is about to be it."""
        return str(self.mbox) + ".lock" in line or "/2025/.lk" in line

    def looks(self):
        """Each such look of a repair, as the call and the how manieth of these it is."""
        self.assert_exit(self.run_program("repair", self.archive), 0)
        counts, found = collections.Counter(), []
        result, trace = self.under_strace(["-e", "trace=?lstat,?newfstatat"], "repair", self.archive)
        self.assert_exit(result, 0)
        for line in trace.splitlines():
            if call := CALL.match(line):
                counts[call[1]] += 1
                if self.is_look(line):
                    found.append((call[1], counts[call[1]]))
        return found

    def test_a_look_at_the_lock_that_fails_is_74_at_once_and_leaves_no_lock(self):
        looks = self.looks()
        self.assertGreaterEqual(len(looks), 5)
        for call, number in looks:
            for more in ("", "+"):
                with self.subTest(call=call, number=number, more=more):
                    # What a run that failed left in the ledger changes the number of looks.
                    self.assert_exit(self.run_program("repair", self.archive), 0)
                    fault = "inject=%s:error=EIO:when=%d%s" % (call, number, more)
                    result, trace = self.under_strace(["-e", "trace=" + call, "-e", fault], "repair", self.archive)
                    (failed, *_) = (line for line in trace.splitlines() if "(INJECTED)" in line)
                    self.assertTrue(self.is_look(failed), failed)
                    left = list(self.mbox.parent.glob("*.lock"))
                    for lock in left:
                        lock.unlink()
                    self.assertEqual(left, [], result)
                    # The last one finds out whether another program has taken the lock meanwhile.
                    self.assert_exit(result, *([74] if (call, number) != looks[-1] or more else [0]))


class Lists(Faults):
    def test_an_mbox_that_fails_is_told_once_and_its_messages_are_listed_all_the_same(self):
        for error, said in (("EIO", "Input/output error"), ("EACCES", "Permission denied")):
            with self.subTest(error=error):
                result = self.failing("openat", self.mbox, "list", self.archive, error=error)
                self.assert_exit(result, 74)
                self.assertEqual(len(result.out.splitlines()), 10)
                self.assertEqual(result.out.count("(cannot open)"), 5)
                self.assertEqual(result.err.count("\n"), 1, result)
                self.assertIn("%s: cannot open (%s)" % (self.mbox, said), result.err)

    def test_for_programs_the_error_is_a_line_of_its_own(self):
        result = self.failing("openat", self.mbox, "list", "--json", self.archive)
        self.assert_exit(result, 74)
        lines = [json.loads(line) for line in result.out.splitlines()]
        self.assertEqual([line["type"] for line in lines], ["start", *10 * ["message"], "error"])
        self.assertEqual((lines[-1]["where"], lines[-1]["exit"]), (str(self.mbox), 74))

    def test_of_a_missing_mbox_the_rows_say_enough(self):
        self.mbox.unlink()
        result = self.run_program("list", self.archive)
        self.assert_exit(result, 0)
        self.assertEqual((len(result.out.splitlines()), result.err), (10, ""))


if __name__ == "__main__":
    unittest.main()
