"""Each way in which reaching a server and signing in fails, as popkeep-errors(7) has it: walked row by row."""

import base64
import re
import socket
import unittest

from harness import HERE, Case, certificates
from canned import Canned
from popserver import Behaviour, Rule
from proxies import HttpProxy, SocksProxy

MANUAL = HERE.parent.parent / "man" / "popkeep-errors.7"
# Told by tests of their own: they need an authorization server or a keyring. Tickets (test_gssapi) have a word of theirs.
ELSEWHERE = ("access token", "the provider no longer", "the provider doesn't", "nobody has signed in", "authorization server", "keyring")
ITEM = r"^\.It (%s): (.*) \((\d+)\)\*?$"


def told_in_manual(blamed="password|mechanism|policy|certificate|token|delay|network"):
    """{sentence: exit code} of what the section blames."""
    return {sentence: int(code) for _, sentence, code in re.findall(ITEM % blamed, MANUAL.read_text(), re.MULTILINE)
            if not any(word in sentence for word in ELSEWHERE)}


def refusing(text, **more):
    return Behaviour(rules=(Rule("PASS", reply=b"-ERR " + text + b"\r\n"),), **more)


def challenge(text):
    return b"+ " + base64.b64encode(text) + b"\r\n"


def capabilities(*lines):
    return b"+OK\r\n" + b"".join(line + b"\r\n" for line in lines) + b".\r\n"


class Rows(Case):
    """What brings about each sentence: a method that returns the result of a run."""

    def check(self, server, *extra, **more):
        """At a terminal, since a passing trouble is silent without one."""
        return self.run_at_terminal("check", *self.fetch_words(server, *extra, timeout=2, **more)[1:])

    def at_port(self, port, *extra, scheme="pop3"):
        security = () if scheme == "pop3s" else ("--tls", "off")
        return self.run_at_terminal("check", "%s://me@example.com@127.0.0.1:%d" % (scheme, port), "--timeout", "2",
                                    "--password-file", self.password, *security, *extra)

    def canned(self, *replies, **more):
        server = Canned(*replies, **more)
        self.addCleanup(server.stop)
        return server

    def says(self, text, **more):
        return self.check(self.serve(behaviour=refusing(text, **more)))

    def certificate(self, kind, *extra):
        return self.check(self.serve(tls="implicit", certificate=kind), *extra)

    def stls(self, kind):
        return self.check(self.serve(tls="stls", behaviour=Behaviour(stls=kind)))

    def wrong_password(self):
        self.password.write_text("wrong\n")
        return self.check(self.serve())

    def password_in_back_off(self):
        self.password.write_text("wrong\n")
        server = self.serve()
        self.assert_exit(self.fetch(server), 77)
        # fetch without a terminal tells it once a day.
        return self.run_program("check", *self.fetch_words(server)[1:])

    def no_password(self):
        return self.fetch(self.serve(), password=False)

    def open_link(self):
        proxy = SocksProxy()
        self.addCleanup(proxy.stop)
        return self.check(self.serve(), "--proxy", "socks5h://127.0.0.1:%d" % proxy.port)

    def scram(self, iterations):
        server = self.canned(capabilities(b"SASL SCRAM-SHA-1"), b"+ \r\n",
                             challenge(b"r=another,s=c2FsdA==,i=%d" % iterations), b"-ERR\r\n")
        return self.at_port(server.port, "--auth", "scram-sha-1")

    def proxied(self, proxy, scheme, *extra, user=""):
        self.addCleanup(proxy.stop)
        return self.check(self.serve(tls="implicit"), "--proxy", "%s://%s127.0.0.1:%d" % (scheme, user, proxy.port), *extra)

    def nobody_there(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return self.at_port(probe.getsockname()[1])

    def unusable_client_certificate(self):
        rubbish = self.folder / "rubbish.pem"
        rubbish.write_text("no certificate\n")
        return self.certificate("good", "--client-cert", rubbish)

    def refused_client_certificate(self):
        server = self.canned(capabilities(b"SASL EXTERNAL"), b"+ \r\n", b"-ERR [AUTH] not you\r\n")
        return self.run_at_terminal("check", "pop3://me@example.com@127.0.0.1:%d" % server.port, "--tls", "off", "--auth", "external",
                                    "--timeout", "2", "--client-cert", certificates().cert("client"))

    def unknown_host(self):
        return self.run_at_terminal("check", "pop3s://me@no-such-host.invalid", "--password-file", self.password)

    def greets(self, **how):
        return self.check(self.serve(behaviour=Behaviour(**how)))

    def plain_server_for_tls(self):
        return self.at_port(self.serve().port, scheme="pop3s")

    ROWS = {
        "the server refused user name or password": wrong_password,
        "the server refused this password at ...; it is not tried again before ...": password_in_back_off,
        "there is no password for account ..., and nobody to ask": no_password,
        "the server doesn't offer the mechanism ..., so nothing was sent": lambda t: t.check(t.serve(), "--auth", "cram-md5"),
        "the server refuses the mechanism ..., so nothing secret was sent": lambda t: t.check(
            t.serve(behaviour=Behaviour(rules=(Rule("AUTH", reply=b"-ERR unknown mechanism\r\n"),))), "--auth", "plain"),
        "this link is not encrypted, and the server takes nothing but a readable password, so none was sent": open_link,
        "the server could not prove that it knows the password": lambda t: t.scram(iterations=4096),
        "the server's iteration count is not a number up to 1,000,000": lambda t: t.scram(iterations=4_000_000_000),
        "the provider wants an app password, not that of its web site":
            lambda t: t.says(b"[AUTH] Application-specific password required"),
        "POP access is switched off for this mailbox":
            lambda t: t.says(b"[SYS/PERM] Your account is not enabled for POP access."),
        "the server takes no password over an unencrypted link":
            lambda t: t.says(b"[AUTH] Plaintext authentication disallowed on non-secure (SSL/TLS) connections."),
        "the provider takes no passwords any more": lambda t: t.says(b"Basic authentication is disabled"),
        "the provider wants to see you in its web site first": lambda t: t.says(b"[AUTH] Web login required"),
        "the provider has blocked the account or the access to it":
            lambda t: t.says(b"[AUTH] This account is blocked", auth_resp_code=False),
        "the server has a lasting problem with this mailbox": lambda t: t.says(b"[SYS/PERM] broken"),
        "the server's certificate has expired": lambda t: t.certificate("expired"),
        "the server's certificate is not yet valid": lambda t: t.certificate("not-yet-valid"),
        "the server's certificate is for another host": lambda t: t.certificate("wrong-host"),
        "the server's certificate is from an unknown authority": lambda t: t.certificate("unknown-ca"),
        "the server's certificate is self-signed": lambda t: t.certificate("self-signed"),
        "the server's key is not the pinned one": lambda t: t.certificate("good", "--pin", "sha256//" + "A" * 43 + "="),
        "the client certificate or its key can't be used": unusable_client_certificate,
        "the server refused the client certificate for this user": refused_client_certificate,
        "the server wants an OAuth token instead of a password, so nothing was sent": lambda t: t.check(
            t.serve(behaviour=Behaviour(user_listed=False, sasl=(b"XOAUTH2",)))),
        "the mailbox is in use by another session": lambda t: t.says(b"[IN-USE] locked"),
        "the server wants more time between two sign-ins": lambda t: t.says(b"[LOGIN-DELAY] too soon"),
        "the server can't sign anybody in at the moment": lambda t: t.says(b"[SYS/TEMP] later"),
        "the server refused to sign in, but not because of user name or password": lambda t: t.says(b"no"),
        "the host name is unknown": unknown_host,
        "the server can't be reached": nobody_there,
        "the server did not answer in time": lambda t: t.greets(greeting=None, greeting_then="stall"),
        "the server stopped answering before sign-in was complete":
            lambda t: t.greets(rules=(Rule("CAPA", reply=b"", then="stall"),)),
        "the server closed the connection without a greeting": lambda t: t.greets(greeting=None, greeting_then="close"),
        "the connection broke before sign-in was complete":
            lambda t: t.greets(rules=(Rule("CAPA", reply=b"", then="close"),)),
        "the server turns us away": lambda t: t.greets(greeting=b"-ERR go away\r\n"),
        "this is not a POP3 server": lambda t: t.greets(greeting=b"220 mx.example.org ESMTP\r\n"),
        "the server offers no STLS, so the password was not sent": lambda t: t.stls("absent"),
        "no TLS connection could be made": plain_server_for_tls,
        "the server agreed to TLS, but no TLS connection could be made": lambda t: t.stls("garbage"),
        "the server spoke in plaintext after agreeing to TLS: somebody may be interfering": lambda t: t.stls("inject"),
        "the server has no TLS as new as ...": lambda t: t.certificate("old-tls"),
        "the proxy refuses to connect us": lambda t: t.proxied(Canned(b"HTTP/1.1 403 Forbidden\r\n\r\n", greeting=b""), "http"),
        "the proxy wants a user name and a password": lambda t: t.proxied(HttpProxy("me", "x"), "http"),
        "the proxy refused user name or password": lambda t: t.proxied(
            SocksProxy("me", "x"), "socks5h", "--proxy-password-file", t.password, user="me@"),
    }

    def test_the_manual_has_exactly_these(self):
        self.assertEqual(sorted(told_in_manual()), sorted(self.ROWS))

    def test_each_is_told_as_the_manual_says(self):
        for sentence, code in told_in_manual().items():
            with self.subTest(sentence):
                self.password.write_text("secret pass\n")
                result = self.ROWS[sentence](self)
                self.assert_exit(result, code)
                # A terminal shows it wrapped.
                line = " ".join(result.err[result.err.index("popkeep: "):].split())
                for part in sentence.split("..."):
                    self.assertIn(part, line)
                # What to do next comes last.
                self.assertRegex(line, r"; [a-z-]", line)
                self.assertNotIn("secret pass", result.out + result.err)


if __name__ == "__main__":
    unittest.main()
