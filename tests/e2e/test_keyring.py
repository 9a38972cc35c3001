"""Passwords and tokens in a real keyring."""

import subprocess
import unittest

from harness import PASSWORD, USER, certificates
from keyring import Keyring
from signing_in import LoginCase


class InAKeyring(LoginCase):
    def setUp(self):
        super().setUp()
        self.keyring = Keyring()
        self.addCleanup(self.keyring.__exit__)
        self.keyring.__enter__()
        self.environment.update(self.keyring.environment)
        # Of a few bytes that gio keeps for each item it is none of our concern when they are freed.
        suppressions = self.folder / "leaks"
        suppressions.write_text("leak:libgio-2.0.so\nleak:g_malloc0\n")
        self.environment["LSAN_OPTIONS"] = "suppressions=%s:print_suppressions=0" % suppressions

    def configure_password(self, server, **keys):
        keys = {"url": self.url(server), "archive": self.archive, "ca": certificates().ca, **keys}
        path = self.home / "config" / "popkeep" / "popkeep.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("[account.work]\n" + "".join('%s = "%s"\n' % pair for pair in keys.items()))

    def login_at_terminal(self, password=PASSWORD):
        return self.run_at_terminal("login", "work", typed=[("assword", password)])

    def test_login_puts_a_password_there_and_fetch_finds_it(self):
        server = self.serve(tls="implicit")
        self.configure_password(server)
        result = self.login_at_terminal()
        self.assert_exit(result, 0)
        self.assertNotIn(PASSWORD, result.out + result.err)
        self.assert_exit(self.run_program("fetch", "work", "--timeout", "5"), 0)
        self.assert_archived(server.maildrop)
        self.assertEqual(self.keyring.tool("lookup", "service", "pop3", "host", "127.0.0.1", "user", USER).decode(), PASSWORD)

    def test_one_that_mpop_has_there_is_found(self):
        self.keyring.tool("store", "--label=mpop", "host", "127.0.0.1", "service", "pop3", "user", USER,
                          secret=PASSWORD.encode())
        server = self.serve(tls="implicit")
        self.configure_password(server)
        self.assert_exit(self.run_program("fetch", "work", "--timeout", "5"), 0)
        self.assert_archived(server.maildrop)

    def test_netrc_comes_before_it(self):
        self.keyring.tool("store", "--label=x", "host", "127.0.0.1", "service", "pop3", "user", USER, secret=b"wrong")
        netrc = self.home / ".netrc"
        netrc.write_text('machine 127.0.0.1 login me@example.com password "%s"\n' % PASSWORD)
        netrc.chmod(0o600)
        server = self.serve(tls="implicit")
        self.configure_password(server)
        self.assert_exit(self.run_program("fetch", "work", "--timeout", "5"), 0)
        self.assert_archived(server.maildrop)

    def test_forget_removes_it(self):
        self.keyring.tool("store", "--label=x", "host", "127.0.0.1", "service", "pop3", "user", USER, secret=b"x")
        self.configure_password(self.serve(tls="implicit"))
        self.assert_exit(self.run_program("login", "work", "--forget"), 0)
        self.assertEqual(self.keyring.tool("lookup", "service", "pop3", "user", USER), b"")
        self.assertIn("nothing", self.run_program("login", "work", "--forget").out)

    def test_an_account_with_a_source_gets_no_second_one(self):
        self.configure_password(self.serve(tls="implicit"), password_file=self.password)
        self.assert_exit(self.login_at_terminal_unasked(), 78)

    def login_at_terminal_unasked(self):
        return self.run_at_terminal("login", "work")

    def test_a_locked_one_is_told_and_nobody_is_asked_to_unlock_it(self):
        server = self.serve(tls="implicit")
        self.configure_password(server)
        self.assert_exit(self.login_at_terminal(), 0)
        self.keyring.start(unlocked=False)
        result = self.run_program("fetch", "work", "--timeout", "5")
        self.assert_exit(result, 77)
        self.assertIn("the keyring is locked", result.err)

    def test_without_a_session_as_under_cron_the_error_says_so(self):
        self.configure_password(self.serve(tls="implicit"))
        for name in self.keyring.environment:
            del self.environment[name]
        result = self.run_program("fetch", "work", "--timeout", "5")
        self.assert_exit(result, 77)
        self.assertIn("no session bus", result.err)
        self.assertIn("password_command", result.err)
        result = self.run_at_terminal("login", "work")
        self.assert_exit(result, 77)
        self.assertIn("cron", result.err)

    def test_a_session_that_only_the_runtime_folder_leads_to_is_found(self):
        self.keyring.tool("store", "--label=x", "host", "127.0.0.1", "service", "pop3", "user", USER,
                          secret=PASSWORD.encode())
        server = self.serve(tls="implicit")
        self.configure_password(server)
        # systemd's timers of a user have no more.
        del self.environment["DBUS_SESSION_BUS_ADDRESS"]
        self.assert_exit(self.run_program("fetch", "work", "--timeout", "5"), 0)

    def test_tokens_may_be_there(self):
        self.configure(oauth_store="keyring")
        self.sign_in()
        self.assertEqual([*(self.folder / "state").rglob("*.json")], [])
        self.authorization.expire()
        self.fetch_work()
        self.fetch_work()
        holders = [path for path in self.folder.rglob("*") if path.is_file() and "dovecot" not in str(path)
                   and any(secret.encode() in path.read_bytes() for secret in self.authorization.issued)]
        self.assertEqual(holders, [])
        self.assert_exit(self.run_program("login", "work", "--forget"), 0)
        self.fetch_work(code=77)

    def test_the_library_is_loaded_only_when_a_keyring_is_asked(self):
        self.assertNotIn("libsecret", subprocess.run(["ldd", self.command()[0]], capture_output=True, text=True).stdout)


if __name__ == "__main__":
    unittest.main()
