"""popkeep setup: from an address to an account that fetches."""

import re
import signal
import subprocess
import time
import unittest

import own_network
from harness import PASSWORD, USER, Case, certificates
from canned import Canned
from popserver import Behaviour, Rule, corpus
from test_sign_in_errors import capabilities


class SetupCase(Case):
    founded = False

    def setUp(self):
        super().setUp()
        self.config = self.home / "config" / "popkeep" / "popkeep.toml"

    def write_defaults(self, **keys):
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.config.write_text("[defaults]\n" + "".join('%s = "%s"\n' % pair for pair in keys.items()))
        self.config.chmod(0o600)

    def words(self, server, *extra, to=True):
        words = ["setup", USER, "--url", re.sub(r"//.*@", "//", self.url(server)), "--timeout", "5"]
        words += ["--tls", "off"] if server.tls == "off" else ["--ca", certificates().ca]
        return [*words, *(["--to", self.archive] if to else []), *extra]

    def setup_account(self, server, *extra, **more):
        return self.run_program(*self.words(server, *extra), **more)


class WithoutATerminal(SetupCase):
    def test_everything_said_is_enough(self):
        server = self.serve(tls="implicit")
        result = self.setup_account(server, "--password-file", self.password)
        self.assert_exit(result, 0)
        self.assertRegex(result.out, r"first fetch +5 messages \(.*\) to fetch")
        self.assertIn("popkeep fetch example", result.out)
        self.assertEqual(self.config.stat().st_mode & 0o777, 0o600)
        self.assertEqual(server.log.commands("RETR"), [])
        self.assert_exit(self.run_program("fetch", "example"), 0)
        self.assert_archived(server.maildrop)

    def test_what_stands_in_the_file_stays_byte_for_byte(self):
        server = self.serve()
        self.config.parent.mkdir(parents=True)
        before = b"# mine  \r\n[account.other]\nurl = 'pop3s://other.example' # no line end"
        self.config.write_bytes(before)
        self.assert_exit(self.setup_account(server, "--password-file", self.password), 0)
        self.assertTrue(self.config.read_bytes().startswith(before))
        self.assertIn("other", self.run_program("config").out)

    def test_a_second_account_of_a_domain_gets_its_address_as_name(self):
        server = self.serve()
        self.assert_exit(self.setup_account(server, "--password-file", self.password), 0)
        self.assert_exit(self.setup_account(server, "--password-file", self.password), 0)
        self.assertIn('[account."me@example.com"]', self.config.read_text())
        self.assert_exit(self.setup_account(server, "--password-file", self.password), 64)

    def test_a_refused_password_writes_nothing(self):
        server = self.serve()
        self.password.write_text("wrong\n")
        self.assert_exit(self.setup_account(server, "--password-file", self.password), 77)
        self.assertFalse(self.config.exists())
        self.assertFalse(self.archive.exists())

    def test_a_stop_as_the_trial_leaves_the_server_writes_nothing(self):
        server = self.serve(behaviour=Behaviour(rules=(Rule("QUIT", delay=30),)))
        process = subprocess.Popen(self.command(*self.words(server, "--password-file", self.password)),
                                   env=self.environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not server.log.commands("QUIT"):
            self.assertIsNone(process.poll())
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=20), 130)
        self.assertFalse(self.config.exists())

    def test_without_a_password_it_says_so_and_does_not_hang(self):
        result = self.setup_account(self.serve(), timeout=30)
        self.assert_exit(result, 77)
        self.assertIn("nobody to ask", result.err)

    def test_a_password_of_the_environment_can_be_kept_in_a_file(self):
        server = self.serve()
        result = self.setup_account(server, "--store", "file", env={"POPKEEP_PASSWORD": PASSWORD})
        self.assert_exit(result, 0)
        kept = self.config.parent / "example.password"
        self.assertEqual((kept.read_text(), kept.stat().st_mode & 0o777), (PASSWORD + "\n", 0o600))
        self.assertNotIn(PASSWORD, self.config.read_text() + result.out + result.err)
        self.assert_exit(self.run_program("fetch", "example"), 0)

    def test_keys_of_the_account_are_written_as_they_were_given(self):
        server = self.serve()
        self.assert_exit(self.setup_account(server, "--password-file", "password", "--delete", "after:30d", "--limit", "7",
                                            "--pipelining", "off", "--file", "{account}/%Y.mbox"), 0)
        text = self.config.read_text()
        self.assertIn('password_file = "%s"\n' % self.password, text)
        self.assertIn('delete = "after:30d"\nlimit = 7\n', text.replace("max_delete", "x"))
        self.assertIn("pipelining = false\n", text)
        self.assertIn('timeout = "5"\n', text)
        self.assert_exit(self.run_program("config"), 0)

    def test_a_wrong_value_is_told_with_its_flag(self):
        result = self.setup_account(self.serve(), "--delete", "sometimes")
        self.assert_exit(result, 64)
        self.assertIn("--delete", result.err)

    def test_a_folder_with_other_things_is_not_made_an_archive(self):
        self.archive.mkdir()
        (self.archive / "letter").write_text("dear me")
        server = self.serve()
        self.assert_exit(self.setup_account(server, "--password-file", self.password), 73)
        self.assertFalse(self.config.exists())

    def test_a_name_that_means_another_folder_is_none_in_the_file_system(self):
        server = self.serve()
        for name, folder in (("..", "%2E."), ("a/b", "a%2Fb")):
            result = self.run_program(*self.words(server, "--password-file", self.password, "--name", name, to=False))
            self.assert_exit(result, 0)
            self.assertTrue((self.home / "Mail" / folder / ".popkeep").is_dir())

    def test_an_archive_that_is_there_is_taken_into_account(self):
        server = self.serve()
        self.found()
        self.assert_exit(self.fetch(server), 0)
        result = self.setup_account(server, "--password-file", self.password)
        self.assert_exit(result, 0)
        self.assertIn("nothing to fetch; 5 messages listed", result.out)

    def test_no_check_writes_without_connecting(self):
        server = self.serve()
        self.assert_exit(self.setup_account(server, "--no-check"), 0)
        self.assertEqual(server.connections, 0)
        self.assertIn("password_command", self.config.read_text())

    def test_the_defaults_of_the_file_hold_for_the_new_account(self):
        server = self.serve(tls="implicit")
        self.write_defaults(ca=certificates().ca, password_command="cat '%s'" % self.password)
        words = ["setup", USER, "--url", "pop3s://127.0.0.1:%d" % server.port, "--to", self.archive]
        self.assert_exit(self.run_program(*words), 0)
        text = self.config.read_text()
        self.assertNotRegex(text, "asked for|(?s:ca = .*ca = )")
        self.assert_exit(self.run_program("fetch", "example"), 0)
        self.assert_archived(server.maildrop)

    def test_a_way_in_the_defaults_is_the_way_of_the_trial(self):
        server = self.serve()
        self.write_defaults(proxy="http://127.0.0.1:1")
        self.assert_exit(self.setup_account(server, "--password-file", self.password), 69)
        self.assertEqual(server.connections, 0)

    def test_a_client_in_the_defaults_means_that_a_sign_in_in_the_browser_comes_next(self):
        server = self.serve()
        self.write_defaults(oauth_client_id="me")
        result = self.setup_account(server)
        self.assert_exit(result, 0)
        self.assertIn("popkeep login example", result.out)
        self.assertNotIn("password", self.config.read_text())

    def test_a_relative_socket_is_written_as_an_absolute_path(self):
        result = self.run_program("setup", USER, "--url", "pop3s://pop.example.com", "--socket", "run/pop", "--print")
        self.assert_exit(result, 0)
        self.assertIn('socket = "%s/run/pop"\n' % self.folder, result.out)

    def test_a_relative_certificate_is_written_as_an_absolute_path(self):
        result = self.run_program("setup", USER, "--url", "pop3s://pop.example.com", "--client-cert", "me.pem", "--print")
        self.assert_exit(result, 0)
        self.assertIn('client_cert = "%s/me.pem"\n' % self.folder, result.out)

    def test_a_broken_configuration_is_left_alone(self):
        self.config.parent.mkdir(parents=True)
        self.config.write_text("[account.x\n")
        self.assert_exit(self.setup_account(self.serve(), "--password-file", self.password), 78)
        self.assertEqual(self.config.read_text(), "[account.x\n")

    def test_what_is_no_address_is_refused(self):
        for word in ("me", "@example.com", "me@", "me@localhost", "me@a b.example", "me@example.com:995", "m\x1b@a.example"):
            result = self.run_program("setup", word, "--print")
            self.assert_exit(result, 64)
            self.assertNotIn("\x1b", result.err)


class WithoutAPassword(SetupCase):
    """No password is wanted where none is used, nor is one spoken of in what is written."""

    def test_a_client_certificate_signs_in(self):
        answers = {b"CAPA": capabilities(b"SASL EXTERNAL", b"UIDL"), b"AUTH": b"+ \r\n", b"STAT": b"+OK 0 0\r\n",
                   b"LIST": b"+OK\r\n.\r\n", b"UIDL": b"+OK\r\n.\r\n"}
        server = Canned(*[lambda line: answers.get(line[:4], b"+OK\r\n")] * 20)
        self.addCleanup(server.stop)
        for auth in (["--auth", "external"], []):
            result = self.run_program(
                "setup", USER, "--name", "by%d" % len(auth), "--url", "pop3://127.0.0.1:%d" % server.port, "--tls", "off",
                "--pipelining", "off", "--timeout", "5", "--to", self.archive, *auth,
                "--client-cert", certificates().cert("client"), "--client-key", certificates().key("client"))
            self.assert_exit(result, 0)
            self.assertIn("signed in by SASL EXTERNAL", result.out)
            self.assertNotIn("password", self.config.read_text())

    def test_a_ticket_needs_no_password(self):
        server = self.serve()
        result = self.setup_account(server, "--auth", "gssapi")
        self.assert_exit(result, 76)
        self.assertNotIn("password", result.err)


class Print(SetupCase):
    def test_a_known_provider_is_printed_with_what_to_know(self):
        result = self.run_program("setup", "me@gmail.com", "--print")
        self.assert_exit(result, 0)
        self.assertIn('[account.gmail]\nurl = "pop3s://pop.gmail.com"\nuser = "me@gmail.com"\n', result.out)
        self.assertIn("--drain", result.out)
        self.assertIn("https://support.google.com/", result.out)
        self.assertFalse(self.config.parent.exists())

    def test_what_is_printed_is_a_configuration(self):
        for address in ("me@gmail.com", "you@outlook.com", "me@web.de", "me@gmx.net", "me@yahoo.co.uk"):
            result = self.run_program("setup", address, "--print")
            self.assert_exit(result, 0)
            path = self.folder / "printed.toml"
            path.write_text(result.out)
            self.assert_exit(self.run_program("config", "--config", path), 0)

    def test_a_provider_can_be_named_for_a_domain_of_ones_own(self):
        result = self.run_program("setup", "me@mine.example", "--provider", "fastmail", "--print")
        self.assert_exit(result, 0)
        self.assertIn("pop3s://pop.fastmail.com", result.out)
        mistyped = self.run_program("setup", "me@mine.example", "--provider", "fastmial", "--print")
        self.assert_exit(mistyped, 64)
        self.assertIn("did you mean fastmail?", mistyped.err)

    def test_where_only_the_local_part_signs_in_it_is_the_user(self):
        self.assertIn('user = "me"\n', self.run_program("setup", "me@web.de", "--print").out)

    def test_oauth_alone_is_said(self):
        result = self.run_program("setup", "you@hotmail.com", "--no-check")
        self.assert_exit(result, 64)
        self.assertIn("OAuth", result.err)


class AtATerminal(SetupCase):
    def test_two_questions_and_a_choice_make_an_account(self):
        server = self.serve()
        result = self.run_at_terminal(*self.words(server, to=False),
                                      typed=[("Archive [", str(self.archive)), ("Password of", PASSWORD), ("Choice [1]", "")])
        self.assert_exit(result, 0)
        self.assertNotIn(PASSWORD, result.err + result.out + self.config.read_text())
        self.assertIn("first fetch", result.out)
        self.assertTrue((self.archive / ".popkeep").exists())

    def test_a_mistyped_password_is_asked_for_again(self):
        server = self.serve()
        result = self.run_at_terminal(*self.words(server), typed=[
            ("Password of", "wrong"), ("--user me\r\nPassword of", PASSWORD), ("Choice [1]", "1")])
        self.assert_exit(result, 0)
        self.assertEqual(len(server.log.commands("PASS")), 2)

    def test_a_file_can_be_chosen(self):
        server = self.serve()
        result = self.run_at_terminal(*self.words(server), typed=[("Password of", PASSWORD), ("Choice [1]", "3")])
        self.assert_exit(result, 0)
        self.assertEqual((self.config.parent / "example.password").read_text(), PASSWORD + "\n")
        self.assert_exit(self.run_program("fetch", "example"), 0)

    def test_a_command_is_tried_before_it_is_taken(self):
        server = self.serve()
        result = self.run_at_terminal(*self.words(server), typed=[
            ("Password of", PASSWORD), ("Choice [1]", "2"), ("Command that prints", "echo other"),
            ("something else", "2"), ("Command that prints", "cat '%s'" % self.password)])
        self.assert_exit(result, 0)
        self.assertIn("password_command = \"cat '%s'\"" % self.password, self.config.read_text())


class ByNames(unittest.TestCase):
    def test_in_a_network_of_its_own(self):
        own_network.play(self, "own_network_setup")


if __name__ == "__main__":
    unittest.main()
