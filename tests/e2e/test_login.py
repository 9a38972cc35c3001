"""`popkeep login` against a local authorization server, and what fetches do with the tokens: refreshing,
rotation, refusals; with a real Dovecot that asks that server about each token."""

import concurrent.futures
import json
import os
import re
import ssl
import stat
import subprocess
import time
import unittest
import urllib.error
import urllib.request

from harness import certificates
import authserver
from authserver import Answer
from test_tokens import TokenCase


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def go(url, follow=True):
    """What a browser does with an address: the page's status, or where it is sent."""
    trusting = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(certificates().ca)))
    opener = urllib.request.build_opener(trusting, *([] if follow else [_NoRedirect]))
    try:
        with opener.open(url, timeout=10) as page:
            return page.status
    except urllib.error.HTTPError as error:
        return error.headers["Location"] or error.code


class Running:
    """A `popkeep login` in the middle."""

    def __init__(self, case, *words):
        self.process = subprocess.Popen(case.command("login", *words), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=case.environment, cwd=case.folder)
        self.shown = b""
        case.addCleanup(self.process.kill)

    def until(self, pattern):
        """Reads what it shows until that comes."""
        while not re.search(pattern, self.shown):
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError("it ended: %s %s" % (self.shown, self.process.stderr.read()))
            self.shown += line
        return re.search(pattern, self.shown).group(0).decode()

    def address(self):
        return self.until(rb"https?://\S+/authorize\S+")

    def type(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def end(self):
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, (self.shown + out).decode(), err.decode()


class LoginCase(TokenCase):
    def setUp(self):
        super().setUp()
        self.environment["XDG_STATE_HOME"] = str(self.folder / "state")
        self.authorization = self.authorization_server(context=certificates().context("good"))
        self.server = None

    def configure(self, **keys):
        """popkeep.toml with the account work."""
        if self.server is None:
            self.server = self.dovecot(self.plain_authorization())
        at = self.authorization
        keys = {"url": "pop3s://%s@127.0.0.1:%d" % (self.server.user, self.server.tls_port), "ca": self.server.ca,
                "archive": self.archive, "oauth_client_id": at.client_id, "oauth_ca": certificates().ca,
                "oauth_authorization_url": at.url("/authorize"), "oauth_token_url": at.url("/token"),
                "oauth_device_url": at.url("/device"), "oauth_scope": "pop offline_access", **keys}
        path = self.home / "config" / "popkeep" / "popkeep.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("[account.work]\n" + "".join('%s = "%s"\n' % pair for pair in keys.items() if pair[1] is not None))
        path.chmod(0o600)

    def plain_authorization(self):
        # Dovecot asks over plain HTTP: the tokens are the same.
        twin = self.authorization_server()
        twin.access = self.authorization.access
        return twin

    def sign_in(self, *words):
        login = Running(self, "work", "--no-browser", *words)
        self.assertEqual(go(login.address()), 200)
        code, out, err = login.end()
        self.assertEqual(code, 0, out + err)
        return out

    def fetch_work(self, *words, code=0):
        result = self.run_program("fetch", "work", "--timeout", "20", *words)
        self.assert_exit(result, code)
        self.assert_no_secret(result.out + result.err)
        return result

    def tokens(self):
        (path,) = (self.folder / "state" / "popkeep" / "tokens").glob("*.json")
        return path, json.loads(path.read_text())

    def change(self, **members):
        path, tokens = self.tokens()
        path.write_text(json.dumps({**tokens, **members}))

    def assert_no_secret(self, text):
        for secret in self.authorization.issued:
            self.assertNotIn(secret, text)


class ByBrowser(LoginCase):
    def test_the_browser_comes_back_and_the_mail_comes(self):
        self.configure()
        self.assert_no_secret(self.sign_in())
        self.fetch_work()
        (form,) = self.authorization.asked("/authorize")
        self.assertEqual((form["code_challenge_method"], form["login_hint"], form["scope"]),
                         ("S256", self.server.user, "pop offline_access"))
        self.assertTrue(form["redirect_uri"].startswith("http://127.0.0.1:"))

    def test_tokens_are_the_owners_alone_and_never_in_the_archive(self):
        self.configure()
        self.sign_in()
        self.fetch_work("--verbose")
        path, _ = self.tokens()
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(path.parent.stat().st_mode), 0o700)
        holders = {file for file in self.folder.rglob("*") if file.is_file() and "dovecot" not in str(file)
                   and any(secret.encode() in file.read_bytes() for secret in self.authorization.issued)}
        self.assertEqual(holders, {path})
        path.chmod(0o644)
        self.assertIn("others can read", self.fetch_work(code=77).err)

    def test_the_address_may_be_pasted(self):
        self.configure()
        login = Running(self, "work", "--no-browser")
        back = go(login.address(), follow=False)
        login.type("what?")
        login.type(back.replace("state=", "state=x"))
        login.type(back)
        code, _, err = login.end()
        self.assertEqual(code, 0, err)
        self.assertIn("not the address", err)
        self.assertIn("another sign-in", err)
        self.fetch_work()

    def test_several_lines_may_come_at_once(self):
        self.configure()
        login = Running(self, "work", "--no-browser")
        back = go(login.address(), follow=False)
        login.type("what?\n\n" + back)
        self.assertEqual(login.end()[0], 0)

    def test_a_redirect_that_is_not_on_this_machine_is_pasted(self):
        self.configure(oauth_redirect_url="https://example.com/back?x=1")
        login = Running(self, "work", "--no-browser")
        back = go(login.address(), follow=False)
        self.assertTrue(back.startswith("https://example.com/back?x=1&code="), back)
        login.type(back)
        self.assertEqual(login.end()[0], 0)

    def test_localhost_with_a_path_and_a_port_of_its_own_works(self):
        self.configure(oauth_redirect_url="http://localhost:%d/back" % authserver_port())
        self.sign_in()
        self.fetch_work()

    def test_an_answer_to_another_sign_in_is_not_taken(self):
        self.configure()
        login = Running(self, "work", "--no-browser")
        back = go(login.address(), follow=False)
        self.assertEqual(go(re.sub("state=[^&]*", "state=AAAAAAAAAAAAAAAAAAAAAA", back)), 400)
        self.assertEqual(go(back.split("?")[0] + "favicon.ico"), 404)
        self.assertIsNone(login.process.poll())
        self.assertEqual(go(back), 200)
        self.assertEqual(login.end()[0], 0)

    def test_a_no_in_the_browser_is_77(self):
        self.configure()
        self.authorization.consent = False
        login = Running(self, "work", "--no-browser")
        go(login.address())
        code, _, err = login.end()
        self.assertEqual(code, 77)
        self.assertIn("the user said no", err)

    def test_connections_that_say_nothing_do_not_hold_it_up(self):
        import socket

        self.configure()
        login = Running(self, "work", "--no-browser")
        back = go(login.address(), follow=False)
        port = int(re.search(r"127\.0\.0\.1:(\d+)/\?", back).group(1))
        idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
        idle[0].sendall(b"G" * 100000)
        self.assertEqual(go(back), 200)
        self.assertEqual(login.end()[0], 0)
        for sock in idle:
            sock.close()

    def test_an_unknown_client_is_78(self):
        self.configure()
        login = Running(self, "work", "--no-browser")
        back = go(login.address(), follow=False)
        self.authorization.client_id = "another"
        go(back)
        code, _, err = login.end()
        self.assertEqual(code, 78)
        self.assertIn("oauth_client_id", err)

    def test_a_client_secret_comes_from_a_command(self):
        self.authorization.client_secret = "client secret & more"
        self.configure(oauth_client_secret_command="echo 'client secret & more'")
        self.sign_in()
        self.fetch_work()

    def test_a_client_secret_goes_by_basic_where_only_that_is_known(self):
        self.authorization.client_secret, self.authorization.basic_only = "a:b %", True
        self.configure(oauth_client_secret_command="echo 'a:b %'")
        self.sign_in()

    def test_it_ends_by_ctrl_c(self):
        self.configure()
        login = Running(self, "work", "--no-browser")
        login.address()
        login.process.send_signal(2)
        self.assertEqual(login.end()[0], 130)

    def test_forget_removes_the_tokens(self):
        self.configure()
        self.sign_in()
        self.assert_exit(self.run_program("login", "work", "--forget"), 0)
        result = self.fetch_work(code=77)
        self.assertIn("popkeep login work", result.err)

    def test_a_browser_is_opened_where_there_is_a_display(self):
        self.configure()
        opened = self.folder / "opened"
        program = self.folder / "bin" / "xdg-open"
        program.parent.mkdir()
        program.write_text('#!/bin/sh\necho "$1" > %s\n' % opened)
        program.chmod(0o700)
        self.environment.update(PATH="%s:%s" % (program.parent, self.environment["PATH"]), DISPLAY=":7")
        login = Running(self, "work")
        address = login.address()
        deadline = time.monotonic() + 10
        while not opened.exists() or not opened.read_text():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        self.assertEqual(opened.read_text().strip(), address)
        go(address)
        self.assertEqual(login.end()[0], 0)


class ByDevice(LoginCase):
    def sign_in_by_device(self):
        login = Running(self, "work", "--device")
        return login, login.until(rb"WDJB-\d+")

    def test_it_waits_until_the_code_was_typed(self):
        self.configure()
        login, code = self.sign_in_by_device()
        time.sleep(1.5)
        self.authorization.approve(code)
        self.assertEqual(login.end()[0], 0)
        self.assertGreater(len(self.authorization.asked("/token")), 1)
        self.fetch_work()

    def test_it_slows_down_when_told(self):
        self.configure()
        slow = Answer(400, b'{"error":"slow_down"}')
        self.authorization.answers["/token"] = [slow]
        start = time.monotonic()
        login, code = self.sign_in_by_device()
        self.authorization.approve(code)
        self.assertEqual(login.end()[0], 0)
        # One second, then one more than five.
        self.assertGreater(time.monotonic() - start, 6.5)

    def test_a_server_in_trouble_is_asked_again(self):
        self.configure()
        self.authorization.answers["/token"] = [Answer(503, b"busy")]
        login, code = self.sign_in_by_device()
        self.authorization.approve(code)
        self.assertEqual(login.end()[0], 0)

    def test_a_no_is_77_and_a_code_that_expired_is_75(self):
        self.configure()
        login, code = self.sign_in_by_device()
        self.authorization.approve(code, denied=True)
        self.assertEqual(login.end()[0], 77)
        self.authorization.device_life = 2
        login, code = self.sign_in_by_device()
        self.assertEqual(login.end()[0], 75)

    def test_escapes_in_the_code_are_not_shown(self):
        self.configure()
        self.authorization.answers["/device"] = [Answer(200, json.dumps({
            "device_code": "d", "user_code": "A\x1b[2J", "verification_uri": "https://x/\x07", "expires_in": 1}).encode())]
        login = Running(self, "work", "--device")
        code, out, _ = login.end()
        self.assertNotIn("\x1b", out)
        self.assertNotIn("\x07", out)
        self.assertEqual(code, 77)  # the server knows no such code


class Refreshing(LoginCase):
    def setUp(self):
        super().setUp()
        self.configure()
        self.sign_in()

    def refreshes(self):
        return len(self.authorization.asked("/token", grant_type="refresh_token"))

    def test_a_token_that_lasts_is_used_again(self):
        self.fetch_work()
        self.fetch_work()
        self.assertEqual(self.refreshes(), 0)

    def test_an_expired_one_is_refreshed_and_the_rotated_one_kept(self):
        for turn in (1, 2):
            self.change(expires_at=int(time.time()) + 30)
            self.fetch_work()
            self.assertEqual(self.refreshes(), turn)
            self.assertIn(self.tokens()[1]["refresh_token"], self.authorization.refresh)

    def test_a_server_that_does_not_rotate_is_understood(self):
        self.authorization.rotate = False
        before = self.tokens()[1]["refresh_token"]
        self.change(expires_at=1)
        self.fetch_work()
        self.assertEqual(self.tokens()[1]["refresh_token"], before)

    def test_one_that_was_revoked_early_is_replaced_in_the_same_run(self):
        self.authorization.expire()
        self.fetch_work()
        self.assertEqual(self.refreshes(), 1)

    def test_two_runs_at_once_refresh_once(self):
        self.change(expires_at=1)
        self.authorization.answers["/token"] = []
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            runs = [pool.submit(self.run_program, "check", "work", "--timeout", "30") for _ in range(4)]
        for run in runs:
            self.assert_exit(run.result(), 0)
        self.assertEqual(self.refreshes(), 1)

    def test_a_dead_sign_in_says_what_to_do_and_is_not_asked_for_again(self):
        self.authorization.refresh.clear()
        self.change(expires_at=1)
        result = self.fetch_work(code=77)
        self.assertIn("popkeep login work", result.err)
        self.assertIn("AADSTS70008", result.err)
        self.fetch_work(code=77)
        self.assertEqual(self.refreshes(), 1)
        self.sign_in()
        self.fetch_work()

    def test_trouble_of_the_authorization_server_is_passing_and_silent(self):
        self.fetch_work()
        for answer in (Answer(503, b"<html>"), Answer(429, b"{}"), Answer(400, b'{"error":"temporarily_unavailable"}')):
            self.change(expires_at=1)
            self.authorization.answers["/token"] = [answer]
            self.assertEqual(self.fetch_work(code=75).err, "")
        self.fetch_work()

    def test_nonsense_is_76_and_spoils_nothing(self):
        before = self.tokens()[1]["refresh_token"]
        for answer in (Answer(200, b"<html>hello"), Answer(200, b"{}"), Answer(200, b'{"access_token": 7}'),
                       Answer(200, b"[" * 100000), Answer(200, b" " * 300000), Answer(200, endless=True),
                       Answer(302, b"", headers={"Location": self.authorization.url("/token")}), Answer(404, b"")):
            self.change(expires_at=1)
            self.authorization.answers["/token"] = [answer]
            self.fetch_work(code=76)
        self.assertEqual(self.tokens()[1]["refresh_token"], before)
        self.fetch_work()

    def test_a_slow_one_is_75(self):
        self.change(expires_at=1)
        self.authorization.answers["/token"] = [Answer(200, b"{}", delay=4)]
        result = self.run_program("check", "work", "--timeout", "2")
        self.assert_exit(result, 75)
        self.assertIn("in time", result.err)

    def test_a_certificate_of_an_unknown_authority_is_76(self):
        self.configure(oauth_ca=None)
        self.change(expires_at=1)
        self.assertIn("certificate", self.fetch_work(code=76).err)

    def test_the_end_of_a_refresh_token_is_announced_once_a_day(self):
        self.authorization.refresh_life = 3 * 86400
        self.change(expires_at=1, refresh_expires_at=int(time.time()) + 3600, refresh_life=90 * 86400)
        self.authorization.rotate = False
        self.authorization.refresh_life = None
        self.assertIn("the sign-in ends at", self.fetch_work().err)
        self.assertNotIn("the sign-in ends at", self.fetch_work().err)

    def test_a_full_disk_is_found_out_before_the_old_token_is_spent(self):
        path, _ = self.tokens()
        self.change(expires_at=1)
        if os.getuid() == 0:
            limit = ["prlimit", "--fsize=0:0"]
            done = subprocess.run([*limit, *self.command("check", "work")], env=self.environment, cwd=self.folder,
                                  capture_output=True, timeout=60)
            self.assertNotEqual(done.returncode, 0)
        else:
            path.parent.chmod(0o500)
            self.run_program("check", "work")
            path.parent.chmod(0o700)
        self.assertEqual(self.refreshes(), 0)

    def test_a_damaged_file_is_65_and_a_new_sign_in_replaces_it(self):
        path, _ = self.tokens()
        path.write_text("{")
        self.assertIn("damaged", self.fetch_work(code=65).err)
        self.sign_in()
        self.fetch_work()

    def test_tokens_go_to_no_other_server_after_a_change_of_the_configuration(self):
        other = self.authorization_server()
        self.configure(oauth_token_url=other.url("/token"))
        self.assertIn("popkeep login work", self.fetch_work(code=77).err)
        self.assertEqual(other.requests, [])


class Mistakes(LoginCase):
    def test_two_sources_in_one_account_are_an_error(self):
        for key in ("password", "password_command", "password_file", "token_command"):
            self.configure(**{key: "x"})
            result = self.run_program("config")
            self.assert_exit(result, 78)
            self.assertIn("a second source", result.err)

    def test_clear_text_to_another_machine_is_refused(self):
        self.configure(oauth_token_url="http://auth.example.com/token")
        self.assertIn("clear text", self.run_program("config").err)

    def test_login_without_an_account_is_64(self):
        self.assert_exit(self.run_program("login"), 64)

    def test_nobody_signed_in_yet_is_77(self):
        self.configure()
        self.assertIn("popkeep login work", self.fetch_work(code=77).err)


def authserver_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    unittest.main()
