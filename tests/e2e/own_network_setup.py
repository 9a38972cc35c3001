"""popkeep setup where names can be looked up; played by test_setup."""

from harness import USER, certificates
from nameserver import Nameserver
from test_setup import SetupCase


class InANetworkOfItsOwn(SetupCase):
    """Names are answered by a server on 127.0.0.1:53, which /etc/resolv.conf points to."""

    def setUp(self):
        super().setUp()
        self.names = Nameserver()
        self.addCleanup(self.names.stop)

    def test_srv_records_lead_to_the_server(self):
        server = self.serve(tls="implicit")
        self.names.srv["_pop3s._tcp.example.com"] = [(10, 1, server.port, "pop.example.com")]
        self.names.addresses["pop.example.com"] = "127.0.0.1"
        self.assert_exit(self.by_name(), 0)
        self.assertIn('url = "pop3s://pop.example.com:%d"' % server.port, self.config.read_text())
        self.assert_exit(self.run_program("fetch", "example"), 0)
        self.assert_archived(server.maildrop)

    def by_name(self):
        return self.run_program("setup", USER, "--to", self.archive, "--password-file", self.password, "--ca", certificates().ca)

    def test_records_that_lead_elsewhere_need_a_yes(self):
        self.names.srv["_pop3s._tcp.example.com"] = [(10, 1, 995, "pop.evil.example")]
        result = self.by_name()
        self.assert_exit(result, 64)
        self.assertIn("--url pop3s://pop.evil.example", result.err)

    def test_a_likely_name_that_answers_is_taken(self):
        self.names.addresses["pop.example.com"] = "127.0.0.1"
        server = self.serve(tls="implicit", port=995)
        result = self.by_name()
        self.assert_exit(result, 0)
        self.assertIn("trying pop.example.com:995 ... a POP3 server", result.err)
        # Nothing was said on the first connection of who one is.
        self.assertEqual([event["connection"] for event in server.log.commands("PASS")], [2])

    def test_a_likely_name_is_tried_with_the_ca_of_the_defaults(self):
        self.names.addresses["pop.example.com"] = "127.0.0.1"
        self.serve(tls="implicit", port=995)
        self.write_defaults(ca=certificates().ca)
        result = self.run_program("setup", USER, "--to", self.archive, "--password-file", self.password)
        self.assert_exit(result, 0)
        self.assertIn("trying pop.example.com:995 ... a POP3 server", result.err)

    def test_a_likely_name_with_a_bad_certificate_is_not(self):
        self.names.addresses["mail.example.com"] = "127.0.0.1"
        self.serve(tls="implicit", port=995)
        result = self.by_name()
        self.assert_exit(result, 68)
        self.assertIn("certificate", result.err)

    def test_a_server_that_is_typed_with_port_110_speaks_stls(self):
        self.names.addresses["pop.example.com"] = "127.0.0.1"
        self.serve(tls="stls", port=110)
        result = self.run_at_terminal("setup", USER, "--to", self.archive, "--password-file", self.password,
                                      "--ca", certificates().ca, typed=[("POP3 server", "pop.example.com:110")])
        self.assert_exit(result, 0)
        self.assertIn('url = "pop3://pop.example.com"', self.config.read_text())

    def test_likely_names_are_tried_openly(self):
        result = self.by_name()
        self.assert_exit(result, 68)
        for host in ("pop.example.com:995", "pop3.example.com:995", "mail.example.com:995", "pop.example.com:110"):
            self.assertIn("trying " + host, result.err)
