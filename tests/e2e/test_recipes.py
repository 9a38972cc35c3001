"""The recipes of popkeep-recipes(7), as far as they need no other machine: what is typed there, and what comes of it."""

import pathlib
import re
import shutil
import subprocess
import unittest

from harness import PROGRAM, Case, mboxrd
from popserver import corpus

PAGE = (pathlib.Path(__file__).resolve().parents[2] / "man" / "popkeep-recipes.7").read_text()


class Recipes(Case):
    founded = False

    def setUp(self):
        super().setUp()
        self.server = self.serve(corpus.messages("nasty"), hook=None)
        self.count = len(self.server.maildrop.messages)
        folder = self.home / ".config" / "popkeep"
        folder.mkdir(parents=True)
        self.write(folder / "popkeep.toml", "home")
        # cron gives hardly more.
        self.environment = {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LOGNAME": "me"}

    def write(self, path, name, **keys):
        keys = {"url": self.url(self.server), "archive": "~/Mail/" + name, "tls": "off",
                "password_command": "cat '%s'" % self.password, **keys}
        path.write_text("[account.%s]\n" % name + "".join('%s = "%s"\n' % pair for pair in keys.items()))

    def shell(self, *lines, code=0, silent=False):
        """Types lines as they stand in the page; the last one's exit code is looked at."""
        folder = self.folder / "bin"
        folder.mkdir(exist_ok=True)
        if not (folder / "popkeep").exists():
            (folder / "popkeep").symlink_to(PROGRAM)
        for line in lines:
            self.assertIn(line, PAGE)
        done = subprocess.run(["sh", "-c", "\n".join(lines)], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              cwd=self.folder, env={**self.environment, "PATH": "%s:/usr/bin:/bin" % folder})
        self.assertEqual(done.returncode, code, done)
        if silent:
            self.assertEqual(done.stdout + done.stderr, "")
        return done.stdout + done.stderr

    def contents(self):
        return sorted(message.data.replace(b"\r\n", b"\n") for message in self.server.maildrop.messages)

    def test_the_nightly_job_is_silent_and_watched(self):
        self.shell("popkeep init ~/Mail/home")
        self.shell("popkeep fetch", silent=True)
        self.shell("popkeep status --max-age 26h", silent=True)
        self.server.stop()
        self.shell("popkeep fetch", code=69, silent=True)

    def test_a_check_from_outside_complains_in_one_line(self):
        self.shell("popkeep init ~/Mail/home")
        said = self.shell("popkeep status --max-age 26h", code=75)
        self.assertEqual(len(said.splitlines()), 1)

    def test_moving_away_ends_with_an_empty_mailbox_and_all_the_mail(self):
        self.write(self.home / ".config" / "popkeep" / "popkeep.toml", "old")
        self.shell("popkeep init ~/Mail/old", "popkeep fetch old --drain")
        self.assertIn("all of the %d messages that the server lists are archived" % self.count, self.shell("popkeep verify old --server"))
        copy = self.folder / "copy"
        shutil.copytree(self.home / "Mail" / "old", copy)
        self.assert_exit(self.run_program("verify", copy), 0)
        self.shell("popkeep fetch old --delete fetched --max-delete 100% --dry-run")
        self.assertEqual(len(self.server.maildrop.present()), self.count)
        self.shell("popkeep fetch old --delete fetched --max-delete 100%")
        self.assertEqual(self.server.maildrop.present(), [])
        self.assertEqual(self.shell("popkeep deletions old").count("confirmed"), self.count)
        self.shell("popkeep export old --to ~/Maildir --format maildir")
        self.assertEqual(sorted(path.read_bytes() for path in (self.home / "Maildir" / "cur").iterdir()) +
                         sorted(path.read_bytes() for path in (self.home / "Maildir" / "new").iterdir()), self.contents())

    def test_each_of_two_disks_has_everything_and_an_absent_one_founds_nothing(self):
        disks = [self.folder / "one", self.folder / "two"]
        mounted = self.folder / "mail"
        for disk in disks:
            disk.mkdir()
            mounted.symlink_to(disk)
            self.assert_exit(self.run_program("init", mounted), 0)
            self.assert_exit(self.run_program("fetch", "home", "--to", mounted), 0)
            mounted.unlink()
            self.assertEqual(sorted(mboxrd.archive(disk)), self.contents())
        self.server.maildrop.add(b"Subject: new\r\n\r\nnew\r\n", b"new")
        for disk in disks:
            mounted.symlink_to(disk)
            self.assert_exit(self.run_program("fetch", "home", "--to", mounted), 0)
            mounted.unlink()
            self.assertEqual(sorted(mboxrd.archive(disk)), self.contents())
        mounted.mkdir()
        self.assert_exit(self.run_program("fetch", "home", "--to", mounted), 73)
        self.assertEqual(list(mounted.iterdir()), [])

    def test_python_reads_the_mbox(self):
        self.shell("popkeep init ~/Mail/home", "popkeep fetch")
        code = re.search(r"^import mailbox\n.*?(?=^\.Ed)", PAGE, re.MULTILINE | re.DOTALL).group()
        done = subprocess.run(["python3", "-c", code], cwd=self.home / "Mail" / "home", capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreaterEqual(len(done.stdout.splitlines()), self.count)


if __name__ == "__main__":
    unittest.main()
