"""`popkeep login` in the middle, against a local authorization server; what its tests and those of its tokens share."""

import json
import re
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request

from harness import certificates
from test_tokens import TokenCase


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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

    def __init__(self, case, *words, under=()):
        self.process = subprocess.Popen([*under, *case.command("login", *words)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=case.environment, cwd=case.folder)
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
        self.configure_login(**{"url": "pop3s://%s@127.0.0.1:%d" % (self.server.user, self.server.tls_port),
                                "ca": self.server.ca, **keys})

    def configure_login(self, **keys):
        """The same, where nothing is ever fetched: without the Dovecot, which takes seconds to end."""
        at = self.authorization
        keys = {"url": "pop3s://me@example.com@pop.example.com", "archive": self.archive,
                "oauth_client_id": at.client_id, "oauth_ca": certificates().ca,
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

    def fetch_in_the_middle_of_a_refresh(self, seconds):
        """The authorization server has renewed the tokens, and says so that much later."""
        renew, renewed = self.authorization.token, threading.Event()

        def renew_slowly(form):
            answer = renew(form)
            renewed.set()
            time.sleep(seconds)
            return answer

        self.authorization.token = renew_slowly
        self.change(expires_at=1)
        process = subprocess.Popen(self.command("fetch", "work", "--timeout", "60"), env=self.environment, cwd=self.folder,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        self.assertTrue(renewed.wait(20))
        self.authorization.token = renew
        return process

    def tokens(self):
        (path,) = (self.folder / "state" / "popkeep" / "tokens").glob("*.json")
        return path, json.loads(path.read_text())

    def change(self, **members):
        path, tokens = self.tokens()
        path.write_text(json.dumps({**tokens, **members}))

    def assert_no_secret(self, text):
        for secret in self.authorization.issued:
            self.assertNotIn(secret, text)
