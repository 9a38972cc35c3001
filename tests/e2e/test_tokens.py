"""Signing in with access tokens: XOAUTH2 and OAUTHBEARER against a real Dovecot that asks an authorization
server about each token."""

import base64
import json
import unittest


from harness import Case, certificates, dovecot
import authserver
from popserver import Behaviour, corpus

INTROSPECTION = """
auth_mechanisms = plain xoauth2 oauthbearer
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
"""


class TokenCase(Case):
    def authorization_server(self, **more):
        server = authserver.AuthServer(**more).start()
        self.addCleanup(server.stop)
        return server

    def dovecot(self, authorization, mechanisms="plain xoauth2 oauthbearer"):
        server = dovecot.Dovecot(certificates=certificates())
        server.raw = INTROSPECTION.format(folder=server.folder).replace("plain xoauth2 oauthbearer", mechanisms, 1)
        (server.folder / "oauth2.conf").write_text(
            "introspection_url = %s\nintrospection_mode = post\nusername_attribute = username\n"
            "active_attribute = active\nactive_value = true\n" % authorization.url("/introspect"))
        (server.folder / "oauth2.conf").chmod(0o644)
        self.addCleanup(server.__exit__)
        server.start()
        server.fill(corpus.plain())
        return server

    def words(self, server, *extra, command="fetch"):
        to = ["--to", self.archive] if command == "fetch" else []
        return [command, "pop3s://%s@127.0.0.1:%d" % (server.user, server.tls_port), "--ca", server.ca,
                "--timeout", "20", *to, *extra]

    def token_file(self, text):
        path = self.folder / "token"
        path.write_text(text + "\n")
        return path


class TokenCommand(TokenCase):
    def given(self, authorization):
        with authorization.guard:
            token = authorization._tokens({"grant_type": "test"})["access_token"]
        return token, ("--token-command", "cat %s" % self.token_file(token))

    def test_each_mechanism_brings_the_mail(self):
        authorization = self.authorization_server()
        server = self.dovecot(authorization)
        _, flags = self.given(authorization)
        self.assert_exit(self.run_program(*self.words(server, *flags, "--auth", "xoauth2")), 0)
        self.assert_exit(self.run_program(*self.words(server, *flags, "--auth", "oauthbearer")), 0)
        self.assertTrue(authorization.asked("/introspect"))

    def test_auto_takes_what_the_server_offers(self):
        authorization = self.authorization_server()
        server = self.dovecot(authorization, "plain xoauth2")
        token, flags = self.given(authorization)
        result = self.run_program(*self.words(server, *flags, "--verbose"))
        self.assert_exit(result, 0)
        self.assertIn("> AUTH XOAUTH2\n", result.err)
        self.assertNotIn(token, result.err + result.out)
        self.assertNotIn(base64.b64encode(token.encode()).decode()[:20], result.err + result.out)

    def test_a_refused_token_is_told_with_the_servers_reason(self):
        authorization = self.authorization_server()
        server = self.dovecot(authorization)
        token, flags = self.given(authorization)
        authorization.expire()
        for mechanism in ("xoauth2", "oauthbearer"):
            result = self.run_program(*self.words(server, *flags, "--auth", mechanism, command="check"))
            self.assert_exit(result, 77)
            self.assertIn("refused the access token", result.err)
            self.assertNotIn(token, result.err + result.out)

    def test_a_server_without_such_mechanisms_is_sent_nothing(self):
        authorization = self.authorization_server()
        server = self.dovecot(authorization, "plain")
        _, flags = self.given(authorization)
        result = self.run_program(*self.words(server, *flags))
        self.assert_exit(result, 76)
        self.assertIn("SASL PLAIN", result.err)
        self.assertEqual(authorization.asked("/introspect"), [])

    def test_an_unattended_run_minds_the_back_off_though_each_token_is_another(self):
        authorization = self.authorization_server()
        server = self.dovecot(authorization)
        script = self.folder / "fresh"
        script.write_text("#!/bin/sh\nhead -c 30 /dev/urandom | base64\n")
        script.chmod(0o700)
        flags = ("--token-command", script)
        self.assert_exit(self.run_program(*self.words(server, *flags)), 77)
        asked = len(authorization.asked("/introspect"))
        self.assertGreater(asked, 0)
        result = self.run_program(*self.words(server, *flags))
        self.assert_exit(result, 77)
        self.assertEqual(len(authorization.asked("/introspect")), asked)

    def test_what_is_no_token_is_not_sent(self):
        server = self.serve(tls="implicit")
        for text in ("", "two words", "caf\u00e9", "x" * 20000):
            result = self.fetch(server, "--token-command", "cat %s" % self.token_file(text), password=False)
            self.assert_exit(result, 77)
        self.assertNotIn("AUTH", server.log.verbs())

    def test_two_sources_are_an_error(self):
        result = self.fetch(self.serve(), "--token-command", "cat x")
        self.assert_exit(result, 64)

    def test_two_sources_are_an_error_whatever_else_is_said_of_tokens(self):
        self.assert_exit(self.fetch(self.serve(), "--token-command", "cat x", "--oauth-scope", "mail"), 64)

    def test_a_password_for_a_token_mechanism_is_78_and_the_other_way_round(self):
        self.assert_exit(self.fetch(self.serve(tls="implicit"), "--auth", "xoauth2"), 78)
        flags = ("--token-command", "echo token", "--auth", "plain")
        self.assert_exit(self.fetch(self.serve(tls="implicit"), *flags, password=False), 78)


class Scripted(TokenCase):
    """A server that speaks the mechanisms by itself."""

    def tried(self, **behaviour):
        server = self.serve(behaviour=Behaviour(**{"sasl": (b"XOAUTH2",), **behaviour}), tls="implicit")
        token = "ya29.secret-token"
        server.tokens = {"me@example.com": token}
        result = self.fetch(server, "--token-command", "cat %s" % self.token_file(token), "--verbose",
                            password=False)
        self.assertNotIn(token, result.err + result.out)
        return server, result

    def test_it_is_in_two_steps_as_microsoft_demands(self):
        server, result = self.tried(two_step_only=True)
        self.assert_exit(result, 0)
        self.assertEqual(server.log.commands("AUTH")[0]["line"], "AUTH XOAUTH2")

    def test_googles_refusal_names_the_scope(self):
        challenge = {"status": "400", "schemes": "Bearer", "scope": "https://mail.google.com/"}
        server, result = self.tried(token_challenge=json.dumps(challenge).encode())
        self.assert_exit(result, 77)
        self.assertIn("https://mail.google.com/", result.err)
        self.assertIn("status: 400", result.err)
        # The empty line that ends the exchange.
        self.assertEqual([entry["line"] for entry in server.log.of("continuation")][-1], "")

    def test_oauthbearer_ends_a_refusal_as_its_rfc_says(self):
        server, result = self.tried(sasl=(b"OAUTHBEARER",), token_challenge=b'{"status":"insufficient_scope"}')
        self.assert_exit(result, 77)
        self.assertIn("doesn't cover this mailbox", result.err)
        self.assertEqual([entry["line"] for entry in server.log.of("continuation")][-1], "AQ==")

    def test_a_passing_trouble_is_75(self):
        _, result = self.tried(token_refusal=b"-ERR [SYS/TEMP] later")
        self.assert_exit(result, 75)

    def test_a_refusal_without_a_reason_says_what_to_check(self):
        _, result = self.tried(token_refusal=b"-ERR [AUTH] Logon failure: unknown user name or bad password.")
        self.assert_exit(result, 77)
        self.assertIn("POP access", result.err)

    def test_garbage_instead_of_a_challenge_is_survived(self):
        for challenge in (b"", b"\xff\x00{", b"[" * 40000):
            _, result = self.tried(token_challenge=challenge)
            self.assert_exit(result, 77)

    def test_a_server_that_repeats_the_token_does_not_get_it_into_the_error(self):
        _, result = self.tried(token_refusal=b"-ERR [AUTH] no: %TOKEN%")
        self.assert_exit(result, 77)


if __name__ == "__main__":
    unittest.main()
