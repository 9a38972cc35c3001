"""System calls that fail as on a bad disk: a person hears what can't be read."""

import subprocess
import unittest

from harness import Case, Result
from popserver import corpus


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


if __name__ == "__main__":
    unittest.main()
