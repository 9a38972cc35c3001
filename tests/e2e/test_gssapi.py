"""Kerberos tickets: a real realm of MIT's Kerberos, and a real Dovecot that has a key in it."""

import subprocess
import time
import unittest

from harness import certificates, dovecot, mboxrd
import kdc
from canned import Canned
from popserver import corpus
from test_sasl import SaslCase
from test_sign_in_errors import capabilities, challenge, told_in_manual

RAW = """
import_environment = $import_environment KRB5_CONFIG=%s/krb5.conf
auth_krb5_keytab = %s
auth_gssapi_hostname = "$ALL"
"""


class GssapiCase(SaslCase):
    """A realm with the principal `me`, and a Dovecot that is pop/127.0.0.1 in it and takes passwords as well."""

    def setUp(self):
        super().setUp()
        self.realm = kdc.Realm()
        self.addCleanup(self.realm.__exit__)
        self.realm.start()
        self.realm.add("me")
        self.environment.update(self.realm.environment)
        self.server = dovecot.Dovecot(settings={"auth_mechanisms": "gssapi plain"}, certificates=certificates(),
                                      raw=RAW % (self.realm.folder, self.realm.keytab("pop/127.0.0.1")))
        self.addCleanup(self.server.__exit__)
        self.server.start()
        self.server.fill(corpus.plain())

    def words(self, command, *extra, user="me@POPKEEP.TEST", host="127.0.0.1", how="pop3s"):
        url = "%s://%s@%s:%d" % ("pop3s" if how == "pop3s" else "pop3", user, host,
                                 self.server.tls_port if how == "pop3s" else self.server.port)
        security = ("--tls", "off") if how == "plain" else ("--ca", self.server.ca)
        return (command, url, "--auth", "gssapi", "--timeout", "20", *security, *extra)

    def check(self, *extra, **how):
        return self.run_program(*self.words("check", *extra, **how))

    def fetch(self, *extra, **how):
        return self.run_program(*self.words("fetch", "--to", self.archive, *extra, **how))

    def assert_nothing_else_was_tried(self):
        self.server.stop()  # which ends its log
        self.assertIn("method=GSSAPI", self.server.log())
        self.assertNotIn("method=PLAIN", self.server.log())


class WithATicket(GssapiCase):
    def setUp(self):
        super().setUp()
        self.realm.sign_in("me")

    def test_it_signs_in_over_pop3s_stls_and_plain(self):
        for how in ("pop3s", "stls", "plain"):
            with self.subTest(how):
                result = self.check(how=how)
                self.assert_exit(result, 0)
                self.assertRegex(result.out, r"signed in by +SASL GSSAPI\n")
        login = "Login: user=<me@popkeep.test>, method=GSSAPI"
        log = self.server.logged(login, 3)
        self.assertEqual(log.count(login), 3, log)

    def test_a_fetch_brings_everything_and_the_next_one_nothing(self):
        self.assert_exit(self.fetch(), 0)
        self.assert_exit(self.fetch(), 0)
        self.assertEqual(len(mboxrd.archive(self.archive)), 5)
        log = self.server.logged("retr=", 2)
        self.assertEqual((log.count("retr=5/"), log.count("retr=0/0")), (1, 1), log)

    def test_the_conversation_shown_has_nothing_of_the_ticket(self):
        result = self.check("--verbose")
        self.assert_exit(result, 0)
        sent = [line for line in result.err.splitlines() if line.startswith("> ")]
        at = sent.index("> AUTH GSSAPI")
        self.assertEqual(sent[at:at + 4], ["> AUTH GSSAPI", "> ****", "> ****", "> CAPA"])

    def test_the_user_goes_without_a_realm_where_the_server_names_mailboxes_so(self):
        self.assert_exit(self.check(user="me"), 0)
        login = "Login: user=<me>, method=GSSAPI"
        self.assertIn(login, self.server.logged(login))

    def test_the_mailbox_of_somebody_else_is_never_taken_for_ones_own(self):
        for _ in range(2):
            # The second time as well: a ticket isn't a password that must not be tried again.
            result = self.fetch("--log", self.folder / "log", user="boss@POPKEEP.TEST")
            self.assert_exit(result, 77)
            told = (self.folder / "log").read_text()
            self.assertIn("the server refused the Kerberos ticket for this user", told)
            self.assertNotIn("password", told)
        self.assertEqual(mboxrd.archive(self.archive), [])
        self.assert_nothing_else_was_tried()

    def test_the_server_is_known_to_the_realm_by_the_host_of_the_url(self):
        self.realm.keytab("pop/localhost")
        result = self.check(host="localhost")
        self.assert_exit(result, 0)
        self.assertRegex(result.out, r"signed in by +SASL GSSAPI\n")
        tickets = subprocess.run(["klist"], env=self.environment, capture_output=True, text=True, check=True).stdout
        self.assertIn("pop/localhost@", tickets)
        self.assertNotIn("pop/127.0.0.1@", tickets)


class Unattended(GssapiCase):
    def test_a_keytab_signs_in_without_kinit(self):
        keytab = self.realm.keytab("robot", file="robot.keytab")
        result = self.run_program(*self.words("fetch", "--to", self.archive, user="robot@POPKEEP.TEST"),
                                  env={"KRB5_CLIENT_KTNAME": str(keytab), "KRB5CCNAME": "MEMORY:"})
        self.assert_exit(result, 0)
        self.assertEqual(len(mboxrd.archive(self.archive)), 5)
        self.assertFalse(self.realm.tickets.exists())


class Told(GssapiCase):
    """Each way in which it fails, as popkeep-errors(7) has it."""

    def without_ticket(self):
        return self.check()

    def expired(self):
        self.realm.sign_in("me", lifetime="1s")
        time.sleep(2)
        return self.check()

    def unknown_service(self):
        self.realm.sign_in("me")
        return self.check(host="localhost")

    def no_kdc(self):
        self.realm.sign_in("me")
        self.realm.stop()
        return self.run_at_terminal(*self.words("check"))

    def another_mailbox(self):
        self.realm.sign_in("me")
        return self.check(user="boss@POPKEEP.TEST")

    def canned(self, *replies):
        self.realm.sign_in("me")
        server = Canned(capabilities(b"SASL GSSAPI"), b"+ \r\n", *replies)
        self.addCleanup(server.stop)
        return self.run_program("check", "pop3://me@127.0.0.1:%d" % server.port, "--tls", "off", "--auth", "gssapi",
                                "--timeout", "2")

    ROWS = {
        "there is no Kerberos ticket": without_ticket,
        "the Kerberos ticket has expired": expired,
        "the Kerberos realm doesn't know this server": unknown_service,
        "the Kerberos realm can't be reached": no_kdc,
        "the server refused the Kerberos ticket for this user": another_mailbox,
        "the sign-in by Kerberos failed": lambda t: t.canned(challenge(b"no token of Kerberos")),
    }

    def test_the_manual_has_exactly_these(self):
        self.assertEqual(sorted(told_in_manual("ticket")), sorted(self.ROWS))

    def test_each_is_told_as_the_manual_says(self):
        for sentence, code in told_in_manual("ticket").items():
            with self.subTest(sentence):
                self.realm.sign_out()
                if self.realm.process.poll() is not None:
                    self.realm.start()
                result = self.ROWS[sentence](self)
                self.assert_exit(result, code)
                line = " ".join(result.err[result.err.index("popkeep: "):].split())
                self.assertIn(sentence, line)
                self.assertRegex(line, r"; [a-z-]")
        self.assert_nothing_else_was_tried()

    def test_where_a_ticket_is_lacking_it_says_kinit_and_for_whom(self):
        for way in (Told.without_ticket, Told.expired):
            result = way(self)
            self.assert_exit(result, 77)
            self.assertIn("kinit", result.err)

    def test_the_name_that_the_realm_does_not_know_is_told(self):
        self.assertIn("pop/localhost@POPKEEP.TEST", self.unknown_service().err)

    def test_a_realm_that_is_down_is_a_passing_trouble(self):
        self.realm.sign_in("me")
        self.realm.stop()
        result = self.fetch()
        self.assert_exit(result, 69)
        self.assertEqual(result.err, "")

    def test_a_server_without_the_key_refuses_the_ticket(self):
        self.realm.keytab("pop/localhost", file="another.keytab")
        self.realm.sign_in("me")
        result = self.check(host="localhost")
        self.assert_exit(result, 77)
        self.assertIn("the server refused the Kerberos ticket", result.err)


if __name__ == "__main__":
    unittest.main()
