"""Each mechanism of SASL against a real Dovecot, with the right and with a wrong password."""

import base64
import struct
import unittest

from harness import Case, certificates, dovecot
from canned import Canned
from test_dovecot import DovecotCase

PASSWORDS = ("plain", "login", "cram-md5", "digest-md5", "scram-sha-1", "scram-sha-256", "apop")
BY_CERTIFICATE = """
ssl_ca = <%s
ssl_verify_client_cert = yes
ssl_require_crl = no
auth_ssl_username_from_cert = yes
passdb {
  driver = static
  args = nopassword=y
  mechanisms = external
}
"""


class SaslCase(DovecotCase):
    def serve_dovecot(self, mechanisms, raw=""):
        server = dovecot.Dovecot(settings={"auth_mechanisms": mechanisms}, raw=raw, certificates=certificates())
        self.addCleanup(server.__exit__)
        server.start()
        server.fill([b"A: b\r\n\r\nhello\r\n"])
        return server

    def signs_in(self, server, *extra, how="pop3s", by):
        result = self.check(server, *extra, how=how)
        self.assert_exit(result, 0)
        self.assertRegex(result.out, r"signed in by +%s\n" % by)

    def check(self, server, *extra, how="pop3s", password=True):
        url = {"pop3s": "pop3s://%s@127.0.0.1:%d" % (server.user, server.tls_port),
               "stls": "pop3://%s@127.0.0.1:%d" % (server.user, server.port),
               "plain": "pop3://%s@127.0.0.1:%d" % (server.user, server.port)}[how]
        security = ["--tls", "off"] if how == "plain" else ["--ca", server.ca]
        words = ["--password-file", self.password] if password else []
        return self.run_program("check", url, "--timeout", "20", *security, *words, *extra)


class Impostors(Case):
    """Servers that don't know the password."""

    def check_by_scram(self, iterations, *end, command=("check",)):
        def challenge(line):
            nonce = base64.b64decode(line).rpartition(b"r=")[2]
            return b"+ " + base64.b64encode(b"r=%sserver,s=c2FsdA==,i=%d" % (nonce, iterations)) + b"\r\n"

        server = Canned(b"+OK\r\nSASL SCRAM-SHA-256\r\n.\r\n", b"+ \r\n", challenge,
                        *(end or (b"+OK come in\r\n", b"+OK\r\n.\r\n")))
        self.addCleanup(server.stop)
        result = self.run_program(*command, "pop3://me@127.0.0.1:%d" % server.port, "--tls", "off", "--timeout", "5",
                                  "--auth", "scram-sha-256", "--password-file", self.password, timeout=30)
        return server, result

    def test_a_scram_server_that_wants_hours_of_hashing_is_left_at_once(self):
        _, result = self.check_by_scram(iterations=4_000_000_000)
        self.assert_exit(result, 76)
        self.assertIn("iteration count", result.err)

    def test_a_scram_server_that_proves_nothing_is_told_nothing_more(self):
        server, result = self.check_by_scram(iterations=4096)
        self.assert_exit(result, 76)
        self.assertIn("without proving", result.err)
        self.assertEqual(server.heard.index(b"AUTH SCRAM-SHA-256\r\n") + 3, len(server.heard), server.heard)

    invalid_proof = b"+ " + base64.b64encode(b"e=invalid-proof") + b"\r\n"

    def test_a_scram_server_that_says_invalid_proof_has_refused_the_password(self):
        server, result = self.check_by_scram(4096, self.invalid_proof, b"-ERR [AUTH] no\r\n",
                                             command=("fetch", "--to", self.archive))
        self.assert_exit(result, 77)
        self.assertIn("refused user name or password", result.err)
        self.assertIn("invalid-proof", result.err)
        heard = len(server.heard)
        again = self.run_program("fetch", "--to", self.archive, "pop3://me@127.0.0.1:%d" % server.port, "--tls", "off",
                                 "--auth", "scram-sha-256", "--password-file", self.password)
        self.assert_exit(again, 77)
        self.assertEqual(len(server.heard), heard, server.heard)

    def test_a_scram_server_that_says_invalid_proof_and_lets_us_in_has_proven_nothing(self):
        _, result = self.check_by_scram(4096, self.invalid_proof, b"+OK come in\r\n", b"+OK\r\n.\r\n")
        self.assert_exit(result, 76)
        self.assertIn("without proving", result.err)

    def test_a_server_that_goes_on_challenging_is_left(self):
        server = Canned(b"+OK\r\nSASL XOAUTH2\r\n.\r\n", *[b"+ e30=\r\n"] * 30)
        self.addCleanup(server.stop)
        result = self.run_program("check", "pop3://me@127.0.0.1:%d" % server.port, "--tls", "off", "--timeout", "5",
                                  "--auth", "xoauth2", "--token-command", "echo token")
        self.assert_exit(result, 76)
        self.assertLess(len(server.heard), 15)


class ByPassword(SaslCase):
    def setUp(self):
        super().setUp()
        self.server = self.serve_dovecot(" ".join(PASSWORDS))

    def test_the_right_password_is_taken(self):
        for mechanism in PASSWORDS:
            for how in ("pop3s", "stls", "plain"):
                with self.subTest(mechanism, how=how):
                    prefix = "" if mechanism == "apop" else "SASL "
                    self.signs_in(self.server, "--auth", mechanism, how=how, by=prefix + mechanism.upper())

    def test_a_wrong_password_is_77_and_no_other_mechanism_is_tried(self):
        self.password.write_text("wrong\n")
        for mechanism in PASSWORDS:
            with self.subTest(mechanism):
                result = self.check(self.server, "--auth", mechanism, "--verbose")
                self.assert_exit(result, 77)
                self.assertIn("refused user name or password", result.err)
                wanted = 0 if mechanism == "apop" else 1
                self.assertEqual(sum("AUTH %s" % mechanism.upper() in line for line in result.err.splitlines()
                                     if "AUTH" in line and "SASL" not in line and "-" != line[:1]), wanted, result)
                self.assertNotIn("PASS", result.err.replace("PASSWORD", ""))

    def test_nothing_secret_is_in_the_conversation_shown(self):
        for mechanism in PASSWORDS:
            with self.subTest(mechanism):
                result = self.check(self.server, "--auth", mechanism, "--verbose")
                self.assertIn("****", result.err)
                for secret in ("secret pass", "c2VjcmV0IHBhc3M", "AG1lQGV4YW1wbGUuY29t"):
                    self.assertNotIn(secret, result.out + result.err)

    def test_no_answer_to_a_challenge_is_shown_from_which_the_password_could_be_guessed(self):
        for mechanism in PASSWORDS:
            with self.subTest(mechanism):
                result = self.check(self.server, "--auth", mechanism, "--verbose")
                sent = [line[2:] for line in result.err.splitlines() if line.startswith("> ")]
                begin = "APOP ****" if mechanism == "apop" else "AUTH " + mechanism.upper()
                answers = sent[sent.index(begin) + 1:sent.index("CAPA", sent.index(begin))]
                self.assertEqual(set(answers) - {"****"}, set())


class ByChoice(SaslCase):
    def test_what_is_offered_decides(self):
        for offered, by in (("cram-md5", "SASL CRAM-MD5"), ("digest-md5", "SASL DIGEST-MD5"),
                            ("scram-sha-1 cram-md5", "SASL SCRAM-SHA-1"),
                            ("scram-sha-256 scram-sha-1", "SASL SCRAM-SHA-256")):
            with self.subTest(offered):
                self.signs_in(self.serve_dovecot(offered), by=by)

    def test_a_mechanism_that_is_not_offered_is_76_and_sends_nothing(self):
        server = self.serve_dovecot("plain")
        for mechanism in ("cram-md5", "scram-sha-256", "gssapi", "external"):
            with self.subTest(mechanism):
                certificate = () if mechanism != "external" else \
                    ("--client-cert", certificates().cert("client"), "--client-key", certificates().key("client"))
                password = mechanism not in ("gssapi", "external")
                result = self.check(server, "--auth", mechanism, "--verbose", *certificate, password=password)
                self.assert_exit(result, 76)
                self.assertIn("doesn't offer the mechanism %s" % mechanism.upper(), result.err)
                self.assertNotIn("> AUTH", result.err)


class ByNtlm(SaslCase):
    """Debian's Dovecot has NTLM by Samba's helper only."""

    def converse(self, *end):
        """Returns the run and the two messages that the server got."""
        target = "EXAMPLE".encode("utf-16-le")
        challenge = b"NTLMSSP\0" + struct.pack("<IHHII8s8sHHI", 2, len(target), len(target), 48, 0x00008205, b"12345678", b"\0" * 8,
                                               0, 0, 48) + target
        server = Canned(b"+OK\r\nSASL NTLM\r\n.\r\n", b"+ \r\n", b"+ " + base64.b64encode(challenge) + b"\r\n", *end)
        self.addCleanup(server.stop)
        result = self.run_program("check", "pop3://EXAMPLE%%5Cme@127.0.0.1:%d" % server.port, "--tls", "off", "--auth", "ntlm",
                                  "--timeout", "5", "--password-file", self.password)
        at = server.heard.index(b"AUTH NTLM\r\n")
        return result, [base64.b64decode(line) for line in server.heard[at + 1:at + 3]]

    def test_it_negotiates_and_answers_the_challenge(self):
        result, (first, third) = self.converse(b"+OK in\r\n", b"+OK\r\nUIDL\r\n.\r\n", b"+OK\r\n.\r\n", b"+OK\r\n.\r\n")
        self.assert_exit(result, 0)
        self.assertRegex(result.out, r"signed in by +SASL NTLM")
        self.assertTrue(first.startswith(b"NTLMSSP\0\1"))
        self.assertTrue(third.startswith(b"NTLMSSP\0\3"))
        self.assertNotIn(b"secret", third.replace(b"\0", b""))

    def test_a_refusal_is_77(self):
        result, _ = self.converse(b"-ERR [AUTH] no\r\n")
        self.assert_exit(result, 77)
        self.assertIn("refused user name or password", result.err)


class ByCertificate(SaslCase):
    def setUp(self):
        super().setUp()
        self.server = self.serve_dovecot("plain external", BY_CERTIFICATE % certificates().ca)
        self.certificate = ("--client-cert", certificates().cert("client"), "--client-key", certificates().key("client"))

    def test_the_client_certificate_signs_in_by_name(self):
        self.signs_in(self.server, "--auth", "external", *self.certificate, by="SASL EXTERNAL")

    def test_the_client_certificate_signs_in_if_there_is_no_password(self):
        result = self.check(self.server, *self.certificate, password=False)
        self.assert_exit(result, 0)
        self.assertIn("SASL EXTERNAL", result.out)

    def test_a_password_comes_before_the_certificate(self):
        self.signs_in(self.server, *self.certificate, by="USER/PASS")

    def test_a_certificate_for_somebody_else_is_refused(self):
        self.server.user = "other@example.com"
        result = self.check(self.server, "--auth", "external", *self.certificate, password=False)
        self.assert_exit(result, 77)
        self.assertIn("certificate", result.err)

    def test_a_refused_certificate_is_not_taken_for_a_password_that_must_not_be_tried_again(self):
        self.server.user, log = "other@example.com", self.folder / "log"
        for _ in range(2):
            self.assert_exit(self.run_program(
                "fetch", "pop3s://%s@127.0.0.1:%d" % (self.server.user, self.server.tls_port), "--to", self.archive, "--ca",
                self.server.ca, "--auth", "external", "--log", log, *self.certificate), 77)
        self.assertEqual(log.read_text().count("refused the client certificate"), 2, log.read_text())


if __name__ == "__main__":
    unittest.main()
