"""What `check` shows of a server whose certificate or key isn't accepted: enough to decide, marked as not verified."""

import json
import re
import subprocess
import unittest

from harness import Case, certificates
from certs import LOOPBACK
from canned import Canned

# What is wrong, and whose certificate it is.
REFUSED = {
    "expired": ("has expired", "CN = expired", "CN = popkeep test ca"),
    "not-yet-valid": ("is not yet valid", "CN = not-yet-valid", "CN = popkeep test ca"),
    "wrong-host": ("is for another host", "CN = wrong-host", "CN = popkeep test ca"),
    "self-signed": ("is self-signed", "CN = localhost", "CN = localhost"),
    "unknown-ca": ("is from an unknown authority", "CN = unknown-ca", "CN = popkeep test other-ca"),
}


def pin_of(kind):
    key = subprocess.run("openssl x509 -in '%s' -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | "
                         "base64" % certificates().cert(kind), shell=True, capture_output=True, text=True, check=True)
    return "sha256//" + key.stdout.strip()


def times_of(kind):
    """Begin and end, in openssl's words turned into ours."""
    said = subprocess.run(["openssl", "x509", "-in", certificates().cert(kind), "-noout", "-dates", "-dateopt", "iso_8601"],
                          capture_output=True, text=True, check=True).stdout
    return [time.replace(" ", "T") for time in re.findall(r"=(.*Z)", said)]


class Shown(Case):
    founded = False

    def check(self, server, *extra):
        return self.run_program("check", *self.fetch_words(server, *extra)[1:])

    def assert_no_credential_was_sent(self, server):
        self.assertLessEqual(set(server.log.verbs()), {"CAPA", "STLS"})

    def test_whose_it_is_from_when_to_when_and_its_pin_with_the_mark_that_it_is_not_verified(self):
        for kind, (wrong, subject, issuer) in REFUSED.items():
            for tls in ("implicit", "stls"):
                with self.subTest(kind, tls=tls):
                    server = self.serve(tls=tls, certificate=kind)
                    result = self.check(server)
                    self.assert_exit(result, 76)
                    self.assertIn("the server's certificate " + wrong, result.err)
                    shown = " ".join(result.out.split())
                    begins, ends = times_of(kind)
                    for text in ("NOT VERIFIED", "subject " + subject, "issuer " + issuer, "valid %s to %s" % (begins, ends),
                                 "pin %s, NOT VERIFIED" % pin_of(kind)):
                        self.assertIn(text, shown)
                    self.assert_no_credential_was_sent(server)

    def test_the_hosts_that_it_is_for(self):
        result = self.check(self.serve(tls="implicit", certificate="wrong-host"))
        self.assertRegex(result.out, r"for +DNS:elsewhere.example.net, IP Address:192.0.2.1\n")

    def test_the_new_key_where_another_one_is_pinned(self):
        server = self.serve(tls="implicit")
        result = self.check(server, "--pin", "sha256//" + "A" * 43 + "=")
        self.assert_exit(result, 76)
        self.assertIn("not the pinned one", result.err)
        self.assertIn("pin %s, NOT VERIFIED" % pin_of("good"), " ".join(result.out.split()))
        self.assert_no_credential_was_sent(server)

    def test_every_certificate_that_the_server_sends(self):
        chain = self.folder / "chain.pem"
        chain.write_bytes(certificates().cert("unknown-ca").read_bytes() + certificates().cert("other-ca").read_bytes())
        context = certificates().context("unknown-ca")
        context.load_cert_chain(chain, certificates().key("unknown-ca"))
        server = self.serve(tls="implicit")
        server.context = context
        result = self.check(server)
        self.assert_exit(result, 76)
        self.assertEqual(re.findall(r"subject +(.*)\n", result.out), ["CN = unknown-ca", "CN = popkeep test other-ca"])

    def test_the_same_as_json(self):
        result = self.check(self.serve(tls="implicit", certificate="wrong-host"), "--json")
        self.assert_exit(result, 76)
        _, shown, error = map(json.loads, result.out.splitlines())
        begins, ends = times_of("wrong-host")
        self.assertEqual(shown, {
            "type": "unverified", "account": "me@example.com@127.0.0.1", "certificate_subject": "CN = wrong-host",
            "certificate_issuer": "CN = popkeep test ca", "certificate_names": "DNS:elsewhere.example.net, IP Address:192.0.2.1",
            "certificate_begins": begins, "certificate_expires": ends,
            "certificate_chain": ["CN = wrong-host, until %s" % ends], "pin": pin_of("wrong-host")})
        self.assertEqual((error["type"], error["exit"]), ("error", 76))

    def test_a_good_certificate_has_no_such_mark_and_a_fetch_shows_none(self):
        result = self.check(self.serve(tls="implicit"))
        self.assert_exit(result, 0)
        self.assertNotIn("NOT VERIFIED", result.out)
        self.found()
        result = self.fetch_at_terminal(self.serve(tls="implicit", certificate="expired"))
        self.assert_exit(result, 76)
        self.assertIn("has expired", " ".join(result.err.split()))
        self.assertNotIn("NOT VERIFIED", " ".join((result.out + result.err).split()))

    def test_a_hostile_certificate_reaches_no_terminal_as_it_is(self):
        key, cert = self.folder / "hostile.key", self.folder / "hostile.pem"
        subprocess.run(["openssl", "req", "-new", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", key, "-out", cert, "-utf8", "-subj", "/CN=\x1b[2Jowned\u202eevil\n", "-addext", LOOPBACK],
                       capture_output=True, check=True)
        server = self.serve(tls="implicit")
        server.context.load_cert_chain(cert, key)
        for extra in ((), ("--json",)):
            result = self.check(server, *extra)
            self.assert_exit(result, 76)
            self.assertIn("owned", result.out)
            self.assertFalse({char for char in result.out if char != "\n" and (ord(char) < 32 or char == "\u202e")}, result)

    def test_where_no_tls_came_about_nothing_is_shown(self):
        server = Canned()
        self.addCleanup(server.stop)
        result = self.run_program("check", "pop3s://me@127.0.0.1:%d" % server.port, "--password-file", self.password)
        self.assert_exit(result, 76)
        self.assertNotIn("NOT VERIFIED", result.out)


if __name__ == "__main__":
    unittest.main()
