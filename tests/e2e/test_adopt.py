"""Mail that another program fetched: its mbox becomes the archive's, and nothing is downloaded again."""

import os
import pwd
import subprocess
import unittest

from harness import DELETING, PASSWORD, USER, Case, mboxrd
from popserver import corpus

LETTER = (b"Return-Path: <anna@example.com>\r\nReceived: from a by b; Mon, 2 Mar 2026 10:00:00 +0000\r\n"
          b"From: Anna <anna@example.com>\r\nSubject: Lunch\r\nMessage-ID: <1@example.com>\r\n\r\nAt noon?\r\nFrom here.\r\n")


class Adopt(Case):
    founded = False

    def setUp(self):
        super().setUp()
        self.server = self.serve([LETTER, *corpus.plain()])
        self.archive.mkdir(mode=0o700)
        self.mbox = self.archive / "old.mbox"

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)
        return path

    def run_other(self, *words):
        return subprocess.run(list(map(str, words)), capture_output=True, text=True, env=self.environment, cwd=self.folder)

    def call(self, *words):
        self.assert_fetched(self.run_other(*words))

    def assert_fetched(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(("\n" + self.mbox.read_text()).count("\nFrom "), 6)

    def test_one_message_is_taken_over_in_the_singular(self):
        self.mbox.write_bytes(b"From me@example.com Tue Nov 24 10:00:00 2026\nSubject: x\n\nbody\n\n")
        self.assertIn("1 message that lay there already was taken over\n", self.run_program("init", self.archive).out)

    def fetched_by_mpop(self):
        rc = self.write("mpoprc", "account a\nhost 127.0.0.1\nport %d\nuser %s\npassword %s\ntls off\nauth user\nkeep on\n"
                        "uidls_file %s\ndelivery mbox %s\n" %
                        (self.server.port, USER, PASSWORD, self.folder / "uidls", self.mbox))
        self.call("mpop", "-C", rc, "a")

    def fetched_by_getmail(self):
        # getmail delivers nothing as root.
        owner = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        self.folder.chmod(0o711)
        self.archive.chmod(0o777)
        rc = self.write("getmailrc", "[retriever]\ntype = SimplePOP3Retriever\nserver = 127.0.0.1\nport = %d\n"
                        "username = %s\npassword = %s\ntimeout = 5\n[destination]\ntype = Mboxrd\npath = %s\nuser = %s\n[options]\ndelete = false\n" %
                        (self.server.port, USER, PASSWORD, self.mbox, owner))
        # getmail misses a child that ends before it waits for it, and gives up after its timeout: then once more, from nothing.
        for _ in range(5):
            self.mbox.write_text("")
            self.mbox.chmod(0o666)
            done = self.run_other("getmail", "-g", self.folder, "-r", rc)
            if "waiting child pid" not in done.stderr:
                break
        self.assert_fetched(done)
        self.archive.chmod(0o700)

    def fetched_by_fetchmail(self):
        rules = self.write("procmailrc", "DEFAULT=%s\n" % self.mbox)
        rc = self.write("fetchmailrc", 'poll 127.0.0.1 port %d protocol pop3 user "%s" password "%s" keep '
                        'mda "/usr/bin/procmail -f %%F %s"\n' % (self.server.port, USER, PASSWORD, rules))
        self.call("fetchmail", "-f", rc, "--sslproto", "", "-i", self.folder / "ids", "--pidfile", self.folder / "pid", "--all")

    def retrieved(self):
        return len(self.server.log.commands("RETR"))

    def adopt(self):
        before, bytes_before = self.retrieved(), self.mbox.read_bytes()
        result = self.run_program("init", self.archive)
        self.assert_exit(result, 0)
        self.assertIn("6 messages", result.out)
        self.assert_exit(self.fetch(self.server), 0)
        self.assertEqual(self.retrieved(), before)
        self.assertEqual(self.mbox.read_bytes(), bytes_before)
        self.assert_exit(self.run_program("verify", self.archive), 0)
        self.assertIn("6 messages", self.run_program("status", self.archive).out)

    def test_what_mpop_fetched_is_not_downloaded_again(self):
        self.fetched_by_mpop()
        self.adopt()

    def test_what_getmail_fetched_is_not_downloaded_again(self):
        self.fetched_by_getmail()
        self.adopt()

    def test_what_fetchmail_fetched_is_not_downloaded_again(self):
        # procmail quotes "From " and not ">From ": a message with both can't be told from its mbox.
        self.server = self.serve([LETTER.replace(b"<1@", b"<%d@" % number) for number in range(6)])
        self.fetched_by_fetchmail()
        self.adopt()

    def test_new_mail_comes_as_ever(self):
        self.fetched_by_mpop()
        self.adopt()
        self.server.maildrop.add(b"Subject: new\r\n\r\nnew\r\n", b"new")
        before = self.retrieved()
        self.assert_exit(self.fetch(self.server), 0)
        self.assertEqual(self.retrieved(), before + 1)

    def test_deleting_fetches_again_what_is_not_byte_for_byte_as_the_server_has_it(self):
        self.fetched_by_mpop()
        self.adopt()
        self.assert_exit(self.fetch(self.server, *DELETING), 0)
        self.assert_no_bad_delete(self.server)
        self.assertEqual(self.server.maildrop.present(), [])
        self.assertLessEqual({message.data.replace(b"\r\n", b"\n") for message in self.server.maildrop.messages},
                             set(mboxrd.archive(self.archive)))


if __name__ == "__main__":
    unittest.main()
