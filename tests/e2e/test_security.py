"""What a hostile server, archive or neighbour must not achieve."""

import base64
import contextlib
import hashlib
import json
import os
import sqlite3
import stat
import subprocess
import unittest

from harness import DELETING, PASSWORD, USER, Case, Result, mboxrd
from canned import Canned
from popserver import Behaviour, Maildrop, Rule, corpus

HEARD = "hear this: "
HOSTILE = {
    "escape sequences": b"\x1b[2J\x1b]0;owned\x07\xc2\x9b31m",
    "a carriage return": b"one\rtwo",
    "a NUL": b"one\0two",
    "100 kB": b"x" * 100_000,
    "invalid UTF-8": b"\xff\xfe\xc3\x28\xed\xa0\x80",
    "a direction override": "one\u202etwo".encode(),
}


def hostile(where, text):
    """A server that says `text` at that place, behind a word to know it by."""
    text = HEARD.encode() + text
    reply = b"-ERR [AUTH] " + text + b"\r\n"
    capa = b"+OK\r\nTOP\r\nUIDL\r\nUSER\r\nX-ODD " + text + b"\r\nIMPLEMENTATION " + text + b"\r\n.\r\n"
    return {"greeting": Behaviour(greeting=b"+OK " + text + b"\r\n"),
            "capabilities": Behaviour(capa={"plain": capa, "login": capa}),
            "refused sign-in": Behaviour(rules=(Rule("PASS", reply=reply),)),
            "refused listing": Behaviour(rules=(Rule("UIDL", reply=b"-ERR " + text + b"\r\n"),
                                                Rule("LIST", reply=b"-ERR " + text + b"\r\n"))),
            "refused message": Behaviour(rules=(Rule("RETR", message=2, reply=b"-ERR " + text + b"\r\n"),)),
            "answer to QUIT": Behaviour(rules=(Rule("QUIT", reply=b"+OK " + text + b"\r\n", acts=True),))}[where]


class HostileText(Case):
    """A server's text reaches neither the terminal nor JSON as it is."""

    def clean(self, result):
        for name, text in (("out", result.out), ("err", result.err)):
            dirty = {char for char in text if char not in "\n\t" and
                     (ord(char) < 32 or 127 <= ord(char) < 160 or char in "\ufffd\u202e")}
            self.assertEqual(dirty, set(), "%s of %s" % (name, result))
            self.assertLess(max(map(len, text.split("\n"))), 20_000, name)

    def json_lines(self, result):
        for line in result.out.splitlines():
            json.loads(line)

    def played(self, where):
        for title, text in HOSTILE.items():
            with self.subTest(title):
                server = self.serve(behaviour=hostile(where, text))
                log = self.folder / (self.archive.name + ".log")
                said = self.fetch(server, "--verbose", "--log", log)
                self.clean(said)
                if (where, title) != ("capabilities", "100 kB"):  # libcurl hears no more than 300 kB of them
                    self.assertIn(HEARD, said.err)
                logged = Result(0, log.read_text("utf-8"), "", 0)
                self.clean(logged)
                self.assertTrue(logged.out)
                if where in ("refused sign-in", "refused listing", "refused message"):
                    self.assertIn(HEARD, logged.out)
                shown = self.fetch_at_terminal(server)
                shown.out, shown.err = (each.replace("\r\n", "\n") for each in (shown.out, shown.err))
                self.clean(shown)
                self.assertTrue(shown.out + shown.err)
                for extra in ((), ("--json",), ("--delete", "fetched", "--max-delete", "100%")):
                    result = self.fetch(server, *extra)
                    self.clean(result)
                    if "--json" in extra:
                        self.assertTrue(result.out)
                        self.json_lines(result)
                words = self.fetch_words(server)[1:]
                for extra in ((), ("--json",)):
                    result = self.run_program("check", *words, *extra)
                    self.clean(result)
                    self.assertTrue(result.out)
                    if extra:
                        self.json_lines(result)
                for command in ("status", "list", "deletions"):
                    for extra in ((), ("--json",)):
                        result = self.run_program(command, self.archive, *extra)
                        self.clean(result)
                        if extra:
                            self.json_lines(result)
                self.archive = self.archive.with_name(self.archive.name + "x")
                self.found()

    def test_in_the_greeting(self):
        self.played("greeting")

    def test_in_the_capabilities(self):
        self.played("capabilities")

    def test_in_a_refused_sign_in(self):
        self.played("refused sign-in")

    def test_in_a_refused_listing(self):
        self.played("refused listing")

    def test_in_a_refused_message(self):
        self.played("refused message")

    def test_in_the_answer_to_quit(self):
        self.played("answer to QUIT")

    def test_in_uids_and_headers(self):
        for title, text in HOSTILE.items():
            with self.subTest(title):
                header = b"From: " + text + b"\r\nSubject: " + text + b"\r\nDate: " + text + b"\r\n\r\nbody\r\n"
                uid = text.translate(None, b"\r\0 ")[:60_000]
                server = self.serve(Maildrop([header, *corpus.plain()], {1: uid}))
                for extra in (("--verbose",), ("--json",)):
                    result = self.fetch(server, *extra)
                    self.assert_exit(result, 0)
                    self.clean(result)
                self.assert_archived(server.maildrop)
                for extra in ((), ("--json",)):
                    result = self.run_program("list", self.archive, *extra)
                    self.assert_exit(result, 0)
                    self.clean(result)
                    self.assertIn(hashlib.sha256(mboxrd.expected(header)).hexdigest()[:12], result.out)
                self.archive = self.archive.with_name(self.archive.name + "x")
                self.found()


class Names(Case):
    """Nothing is written outside of the archive."""

    def outside(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*")
                      if self.archive not in (path, *path.parents) and not path.is_relative_to(self.home))

    def config(self, name, **keys):
        path = self.folder / "popkeep.toml"
        lines = ["[account.%s]" % json.dumps(name), *("%s = %s" % (key, json.dumps(str(value))) for key, value in keys.items())]
        path.write_text("\n".join(lines) + "\n")
        path.chmod(0o600)
        return path

    def test_an_account_name_stays_one_name_within_the_archive(self):
        # An archive each: what one of them has archived, no other writes again.
        for number, (name, code) in enumerate({"../evil": 0, "/etc/evil": 0, "..": 0, ".hidden": 0, "a/../../b": 0, "nul\0in": 78,
                                               "\u202eevil": 78}.items()):
            with self.subTest(name):
                self.archive = self.folder / ("archive-%d" % number)
                self.found()
                server = self.serve()
                config = self.config(name, url=self.url(server), tls="off", archive=self.archive, password_file=self.password)
                before = self.outside()
                result = self.run_program("fetch", "--config", config)
                self.assert_exit(result, code)
                self.assertEqual(self.outside(), before)
                mboxes = list(self.archive.rglob("*.mbox"))
                self.assertEqual(len(mboxes), 1 if code == 0 else 0)
                for mbox in mboxes:
                    self.assertEqual(mbox.parent, self.archive)
                    self.assertFalse(mbox.name.startswith("."))

    def test_a_template_that_leads_out_of_the_archive_is_refused(self):
        server = self.serve()
        for template in ("../x.mbox", "/tmp/x.mbox", "a/../../x.mbox", ".popkeep/ledger.db", "..", ""):
            with self.subTest(template):
                result = self.fetch(server, "--file", template)
                self.assert_exit(result, 64)
        self.assertEqual(server.log.commands("USER"), [])

    def test_a_planted_link_is_not_written_through(self):
        target = self.folder / "target"
        plant = {"symbolic link": lambda path: path.symlink_to(target), "hard link": lambda path: os.link(target, path),
                 "dangling link": lambda path: path.symlink_to(self.folder / "nowhere"), "FIFO": os.mkfifo}
        for title, planted in plant.items():
            with self.subTest(title):
                target.unlink(missing_ok=True)
                target.write_bytes(b"precious\n")
                server = self.serve()
                mbox = self.archive / ("%s@127.0.0.1.mbox" % "me@example.com")
                planted(mbox)
                result = self.fetch(server, *DELETING)
                self.assert_exit(result, 65)
                self.assertEqual(target.read_bytes(), b"precious\n")
                self.assertFalse((self.folder / "nowhere").exists())
                self.assertEqual(server.log.commands("DELE"), [])
                mbox.unlink()

    def test_a_planted_folder_link_is_not_followed(self):
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        (self.archive / "sub").symlink_to(elsewhere)
        result = self.fetch(self.serve(), "--file", "sub/{account}.mbox")
        self.assert_exit(result, 65)
        self.assertEqual(list(elsewhere.iterdir()), [])

    def test_a_planted_folder_link_to_a_file_that_is_there_is_not_followed(self):
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "me.mbox").write_bytes(b"precious\n")
        (self.archive / "sub").symlink_to(elsewhere)
        self.assert_exit(self.fetch(self.serve(), "--file", "sub/me.mbox"), 65)
        self.assertEqual((elsewhere / "me.mbox").read_bytes(), b"precious\n")

    def test_a_ledger_that_names_a_file_outside_of_the_archive_is_not_followed(self):
        self.assert_exit(self.fetch(self.serve()), 0)
        outside = self.folder / "outside"
        outside.write_bytes(b"From me\n")
        with contextlib.closing(sqlite3.connect(self.archive / ".popkeep" / "ledger.db")) as ledger:
            ledger.execute("UPDATE mbox SET path = '../outside'")
            ledger.commit()
        self.assert_exit(self.fetch(self.serve()), 65)
        self.assert_exit(self.run_program("repair", self.archive), 0)
        self.assert_exit(self.fetch(self.serve()), 0)
        self.assertEqual(outside.read_bytes(), b"From me\n")

    def test_an_archive_whose_own_folder_is_a_link_is_refused_or_untouched(self):
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        empty = self.folder / "planted"
        empty.mkdir()
        (empty / ".popkeep").symlink_to(elsewhere)
        self.assert_exit(self.run_program("init", empty), 65)
        self.assertEqual(list(elsewhere.iterdir()), [])

    def test_export_writes_nothing_outside_of_its_folder(self):
        drop = Maildrop([b"From: ../../evil\r\nSubject: ../../evil\r\nMessage-ID: <../../evil>\r\n\r\nx\r\n"], {1: b"../../evil"})
        self.assert_exit(self.fetch(self.serve(drop)), 0)
        before = self.outside()
        target = self.folder / "export"
        self.assert_exit(self.run_program("export", self.archive, "--to", target), 0)
        self.assertEqual([name for name in self.outside() if not name.startswith("export")], before)
        self.assertTrue(list(target.rglob("*")))


class Modes(Case):
    founded = False

    def test_nobody_else_may_read_the_archive_whatever_the_umask(self):
        for umask in (0o000, 0o077, 0o777):
            with self.subTest(oct(umask)):
                self.archive = self.folder / ("archive-%o" % umask)
                change = {"preexec_fn": lambda mask=umask: os.umask(mask)}
                self.assert_exit(self.run_program("init", self.archive, **change), 0)
                server = self.serve()
                self.assert_exit(self.fetch(server, "--file", "{account}/%Y.mbox", **change), 0)
                self.assert_exit(self.run_program("export", self.archive, "--to", self.archive.with_suffix(".out"), **change), 0)
                for path in (self.archive, *self.archive.rglob("*"), *self.archive.with_suffix(".out").rglob("*")):
                    wanted = 0o700 if path.is_dir() else 0o600
                    self.assertEqual(stat.S_IMODE(path.stat().st_mode), wanted, path)


class Secrets(Case):
    """The password is in nothing that a run writes or starts."""

    def test_no_process_and_no_file_shows_the_password(self):
        log = self.folder / "execs"
        server = self.serve(tls="implicit")
        script = self.folder / "ask"
        script.write_text("#!/bin/sh\nenv > %s\ncat %s\n" % (self.folder / "environment", self.password))
        script.chmod(0o700)
        words = self.command(*self.fetch_words(server, "--verbose", "--password-command", script, password=False))
        # LeakSanitizer doesn't work under strace.
        done = subprocess.run(["strace", "-f", "-qq", "-s", "4096", "-v", "-e", "trace=execve,write,pwrite64", "-o", log, *words],
                              env={**self.environment, "ASAN_OPTIONS": "detect_leaks=0"}, cwd=self.folder,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        # The script's own cat writes it into the pipe, and nothing else does.
        lines = [line for line in log.read_text(errors="replace").splitlines() if PASSWORD in line]
        self.assertEqual(["write(1, " in line for line in lines], [True], lines)
        self.assertNotIn(PASSWORD.encode(), done.stdout + done.stderr)
        self.assertIn(b"****", done.stderr)
        holders = [path for path in self.folder.rglob("*")
                   if path.is_file() and path not in (self.password, log) and PASSWORD.encode() in path.read_bytes()]
        self.assertEqual(holders, [])

    def test_a_password_that_the_server_repeats_is_shown_nowhere(self):
        twice = b"%s, I said %s\r\n" % ((PASSWORD.encode(),) * 2)
        places = [("PASS", b"-ERR [AUTH] "), ("PASS", b"what? "), ("UIDL", b"-ERR [SYS/TEMP] "), ("LIST", b"odd "), ("RETR", b"-ERR "),
                  ("RETR", b"odd "), ("DELE", b"-ERR "), ("QUIT", b"+OK "), ("QUIT", b"-ERR "), ("AUTH", b"-ERR [AUTH] ")]
        for verb, line in places:
            with self.subTest("%s answered with %s" % (verb, line.decode())):
                archive = self.folder / ("%s-%d" % (verb, places.index((verb, line))))
                self.found(archive)
                server = self.serve(behaviour=Behaviour(rules=(Rule(verb, reply=line + twice),)), hook=None)
                words = (*DELETING, *(("--auth", "plain") if verb == "AUTH" else ()))
                shown = self.fetch_at_terminal(server, *words, to=archive, typed=[('"yes"', "yes")] if verb in ("DELE", "QUIT") else ()).err
                shown += self.fetch(server, *words, "--verbose", to=archive).err
                shown += self.run_program("deletions", archive).out + self.run_program("status", archive).out
                self.assertNotIn(PASSWORD, shown)
                self.assertIn("****, I said ****", " ".join(shown.split()))
                self.assertEqual([path for path in self.folder.rglob("*") if path.is_file() and path != self.password
                                  and PASSWORD.encode() in path.read_bytes()], [])

    def test_a_password_that_the_server_repeats_as_libcurl_signs_in_is_shown_nowhere(self):
        server = Canned(b"+OK\r\n.\r\n", b"-ERR [AUTH] not %s\r\n" % PASSWORD.encode(), greeting=b"+OK ready <1@example.com>\r\n")
        self.addCleanup(server.stop)
        words = ("pop3://%s@127.0.0.1:%d" % (USER, server.port), "--tls", "off", "--auth", "apop",
                 "--password-file", self.password)
        shown = self.run_program("fetch", *words, "--to", self.archive, "--verbose")
        self.assert_exit(shown, 77)
        self.assertNotIn(PASSWORD, shown.out + shown.err)
        self.assertEqual(shown.err.count("[AUTH] not ****"), 2, shown.err)

    def test_a_password_that_the_server_repeats_in_base64_is_shown_nowhere(self):
        said = base64.b64encode(b"\0me@example.com\0" + PASSWORD.encode())
        server = self.serve(behaviour=Behaviour(rules=(Rule("AUTH", reply=b"-ERR [AUTH] unknown command " + said + b"\r\n"),)))
        shown = self.fetch_at_terminal(server, "--auth", "plain").err + self.fetch(server, "--auth", "plain", "--verbose").err
        self.assertIn("unknown command ****", " ".join(shown.split()))
        self.assertNotIn(said.rstrip(b"=").decode(), shown)
        self.assertEqual([path for path in self.folder.rglob("*") if path.is_file() and said.rstrip(b"=") in path.read_bytes()], [])


if __name__ == "__main__":
    unittest.main()
