"""Where a password comes from, and where it must never be seen."""

import os
import subprocess
import time
import unittest

from harness import PASSWORD, Case, hurried
from popserver import Behaviour, Rule


class Credentials(Case):
    def mail_comes(self, *words, behaviour=None, tls="off", **more):
        server = self.serve(behaviour=behaviour, tls=tls)
        self.assert_exit(self.fetch(server, *words, **more), 0)
        self.assert_archived(server.maildrop)
        return server

    def test_the_password_comes_from_the_environment(self):
        self.mail_comes(password=False, env={"POPKEEP_PASSWORD": PASSWORD})

    def test_the_password_comes_from_a_command(self):
        self.mail_comes("--password-command", "cat %s" % self.password, password=False)

    def test_a_password_command_that_fails_is_77_and_nothing_is_sent(self):
        server = self.serve()
        self.assert_exit(self.fetch(server, "--password-command", "false", password=False), 77)
        self.assertNotIn("USER", server.log.verbs())

    def test_the_password_comes_from_netrc(self):
        netrc = self.home / ".netrc"
        netrc.write_text('machine 127.0.0.1 login me@example.com password "secret pass"\n')
        netrc.chmod(0o600)
        self.mail_comes(password=False)

    def test_the_password_comes_from_a_systemd_credential(self):
        folder = self.folder / "credentials"
        folder.mkdir()
        path = folder / "popkeep.me@example.com@127.0.0.1"
        path.write_text(PASSWORD)
        path.chmod(0o400)
        self.mail_comes(password=False, env={"CREDENTIALS_DIRECTORY": str(folder)})

    def test_without_a_password_and_a_terminal_it_is_77_and_says_what_to_do(self):
        server = self.serve()
        result = self.fetch(server, password=False)
        self.assert_exit(result, 77)
        self.assertIn("POPKEEP_PASSWORD", result.err)

    def test_a_password_file_that_others_can_read_is_refused(self):
        self.password.chmod(0o644)
        server = self.serve()
        result = self.fetch(server)
        self.assertIn(result.code, (77, 78), result)
        self.assertNotIn("USER", server.log.verbs())

    def test_a_pipe_that_nobody_writes_to_is_waited_for_a_minute(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe, 0o600)
        result = self.fetch(self.serve(), "--password-file", pipe, password=False, env=hurried(100))
        self.assert_exit(result, 77)
        self.assertIn("nobody wrote a password into the pipe", result.err)

    def test_two_sources_at_once_are_an_error(self):
        result = self.fetch(self.serve(), "--password-command", "cat x")
        self.assertIn(result.code, (64, 78), result)

    def test_a_password_is_sent_verbatim_with_its_blanks(self):
        odd = "  two  blanks \u00fc"
        server = self.serve()
        server.users = {"me@example.com": odd}
        self.password.write_text(odd + "\n")
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual([event["line"] for event in server.log.commands("PASS")], ["PASS " + odd.encode().decode("latin-1")])

    def test_a_person_is_asked_and_the_answer_is_not_echoed(self):
        server = self.serve()
        result = self.fetch_at_terminal(server, password=False, typed=[("assword", PASSWORD)])
        self.assert_exit(result, 0)
        self.assertNotIn(PASSWORD, result.err + result.out)

    def test_a_mistyped_password_can_be_typed_again_in_the_next_run(self):
        server = self.serve()
        self.assert_exit(self.fetch_at_terminal(server, password=False, typed=[("assword", "wrong")]), 77)
        self.assert_exit(self.fetch_at_terminal(server, password=False, typed=[("assword", PASSWORD)]), 0)

    def test_a_mistyped_password_leaves_no_archive_behind(self):
        server = self.serve()
        for folder in (self.folder / "new", self.folder / "there"):
            (self.folder / "there").mkdir(exist_ok=True)
            result = self.fetch_at_terminal(server, to=folder, password=False, typed=[("assword", "wrong")])
            self.assert_exit(result, 77)
            self.assertFalse((folder / ".popkeep").exists())
            self.assertEqual(folder.exists(), folder.name == "there")
            self.assert_exit(self.fetch_at_terminal(server, to=folder, password=False, typed=[("assword", PASSWORD)]), 0)
            self.assertTrue(list(folder.glob("*.mbox")))

    def test_an_empty_mailbox_leaves_its_new_archive_in_place(self):
        folder = self.folder / "new"
        self.assert_exit(self.fetch_at_terminal(self.serve([]), to=folder), 0)
        self.assertTrue((folder / ".popkeep").exists())

    def test_apop_sends_no_password(self):
        server = self.mail_comes("--auth", "apop", behaviour=Behaviour(apop=b"<1896.697170952@dbc.mtview.ca.us>"))
        self.assertIn("APOP", server.log.verbs())
        self.assertNotIn(PASSWORD.encode(), server.log.wire_text())

    def test_auth_plain_is_used_when_named(self):
        server = self.mail_comes("--auth", "plain", tls="implicit")
        self.assertIn("AUTH", server.log.verbs())
        self.assertNotIn("PASS", server.log.verbs())

    def test_a_named_mechanism_that_is_refused_is_not_replaced_by_another(self):
        server = self.serve(behaviour=Behaviour(accept_sasl=False), tls="implicit")
        self.assert_exit(self.fetch(server, "--auth", "plain"), 77)
        self.assertNotIn("PASS", server.log.verbs())

    def test_a_user_name_with_several_at_signs_arrives_whole(self):
        server = self.serve()
        server.users = {"me@a@b.example": PASSWORD}
        self.assert_exit(self.fetch(server, user="me@a@b.example"), 0)
        self.assertEqual(server.log.commands("USER")[0]["line"], "USER me@a@b.example")


class NoSecretLeaves(Case):
    def test_the_password_is_nowhere_in_the_archive_or_the_home(self):
        self.assert_exit(self.fetch(self.serve()), 0)
        holders = [path for path in [*self.archive.rglob("*"), *self.home.rglob("*")]
                   if path.is_file() and PASSWORD.encode() in path.read_bytes()]
        self.assertEqual(holders, [])

    def test_a_running_fetch_shows_the_password_neither_in_its_arguments_nor_by_a_core(self):
        server = self.serve(behaviour=Behaviour(rules=(Rule("UIDL", delay=2),)))
        process = subprocess.Popen(self.command(*self.fetch_words(server, timeout=20)), env=self.environment,
                                   cwd=self.folder, stdin=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 10
            while not server.log.commands("UIDL") and time.monotonic() < deadline:
                time.sleep(0.02)
            self.assertTrue(server.log.commands("UIDL"))
            with open("/proc/%d/cmdline" % process.pid, "rb") as file:
                self.assertNotIn(PASSWORD.encode(), file.read())
            with open("/proc/%d/limits" % process.pid, encoding="ascii") as file:
                (core,) = [line.split() for line in file if line.startswith("Max core file size")]
            self.assertEqual(core[4:6], ["0", "0"])
        finally:
            process.wait(30)

    def test_a_password_command_does_not_inherit_the_password_of_the_environment(self):
        seen = self.folder / "seen"
        script = self.folder / "ask"
        script.write_text("#!/bin/sh\nenv > %s\necho '%s'\n" % (seen, PASSWORD))
        os.chmod(script, 0o700)
        self.assert_exit(self.fetch(self.serve(), "--password-command", script, password=False,
                                    env={"POPKEEP_PASSWORD": "other secret"}), 0)
        self.assertNotIn("other secret", seen.read_text())


if __name__ == "__main__":
    unittest.main()
