"""Ways to the server: proxies, addresses, Unix sockets, tunnels; and which TLS is good enough."""

import pathlib
import shlex
import ssl
import subprocess
import sys
import unittest

import own_network
from harness import PASSWORD, Case, certificates
from popserver import Behaviour
from proxies import RELAY, DigestProxy, HttpProxy, SocksProxy, UnixRelay, relay_command

SECRET = "hush proxy"


class Proxies(Case):
    def setUp(self):
        super().setUp()
        self.secret = self.folder / "proxy-password"
        self.secret.write_text(SECRET + "\n")
        self.secret.chmod(0o600)

    def proxy(self, kind, *credential):
        proxy = kind(*credential)
        self.addCleanup(proxy.stop)
        return proxy

    def test_a_proxy_takes_user_and_password(self):
        for scheme, kind in (("http", HttpProxy), ("socks5", SocksProxy), ("socks5h", SocksProxy)):
            for tls in ("off", "stls", "implicit"):
                with self.subTest(scheme, tls=tls):
                    proxy = self.proxy(kind, "me@work", SECRET)
                    server = self.serve(tls=tls)
                    result = self.fetch(server, "--proxy", "%s://me@work@127.0.0.1:%d" % (scheme, proxy.port),
                                        "--proxy-password-file", self.secret, "--verbose",
                                        *(("--auth", "user") if tls == "off" else ()))
                    self.assert_exit(result, 0)
                    self.assertTrue(proxy.seen)
                    for secret in (SECRET, "bWVAd29yazpodXNo", PASSWORD):
                        self.assertNotIn(secret, result.out + result.err)

    def test_the_password_comes_from_a_command_and_the_configuration(self):
        proxy = self.proxy(SocksProxy, "me", SECRET)
        server = self.serve(tls="implicit")
        config = self.folder / "popkeep.toml"
        config.write_text('[account.a]\nurl = "%s"\narchive = "archive"\nca = "%s"\npassword_file = "password"\n'
                          'proxy = "socks5h://me@127.0.0.1:%d"\nproxy_password_command = ["cat", "%s"]\n'
                          % (self.url(server), certificates().ca, proxy.port, self.secret))
        config.chmod(0o600)
        self.assert_exit(self.run_program("fetch", "--config", config), 0)
        self.assert_archived(server.maildrop)
        self.assertTrue(proxy.seen)
        shown = self.run_program("config", "--config", config)
        self.assert_exit(shown, 0)
        self.assertNotIn(SECRET, shown.out)

    def test_the_password_of_the_command_line_replaces_that_of_the_configuration(self):
        proxy = self.proxy(HttpProxy, "me", SECRET)
        config = self.folder / "popkeep.toml"
        config.write_text('[account.a]\nurl = "%s"\narchive = "archive"\nca = "%s"\npassword_file = "password"\n'
                          'proxy = "http://me@127.0.0.1:%d"\nproxy_password_command = "echo old"\n'
                          % (self.url(self.serve(tls="implicit")), certificates().ca, proxy.port))
        self.assert_exit(self.run_program("fetch", "--config", config, "--proxy-password-file", self.secret), 0)

    def test_the_password_may_be_a_systemd_credential(self):
        proxy = self.proxy(HttpProxy, "me", SECRET)
        self.secret.chmod(0o440)
        server = self.serve(tls="implicit")
        self.assert_exit(self.fetch(server, "--proxy", "http://me@127.0.0.1:%d" % proxy.port,
                                    "--proxy-password-file", self.secret, env={"CREDENTIALS_DIRECTORY": str(self.folder)}), 0)
        self.assert_archived(server.maildrop)
        self.assertTrue(proxy.seen)

    def test_a_proxy_that_refuses_the_password_is_told_apart_from_the_server(self):
        for scheme, kind in (("http", HttpProxy), ("socks5h", SocksProxy)):
            with self.subTest(scheme):
                proxy = self.proxy(kind, "me", "another")
                server = self.serve(tls="implicit")
                result = self.fetch(server, "--proxy", "%s://me@127.0.0.1:%d" % (scheme, proxy.port),
                                    "--proxy-password-file", self.secret)
                self.assert_exit(result, 77)
                self.assertIn("the proxy refused user name or password", result.err)
                self.assertEqual(server.connections, 0)

    def test_a_proxy_that_knows_digests_gets_no_readable_password(self):
        proxy = self.proxy(DigestProxy, "me", SECRET)
        self.fetch(self.serve(tls="implicit"), "--proxy", "http://me@127.0.0.1:%d" % proxy.port,
                   "--proxy-password-file", self.secret)
        self.assertIn(b"Proxy-Authorization: Digest", b"".join(proxy.seen))
        self.assertNotIn(proxy.wanted, b"".join(proxy.seen))

    def test_a_proxy_that_wants_a_password_says_so(self):
        for scheme, kind in (("http", HttpProxy), ("socks5h", SocksProxy)):
            with self.subTest(scheme):
                proxy = self.proxy(kind, "me", SECRET)
                result = self.fetch(self.serve(tls="implicit"), "--proxy", "%s://127.0.0.1:%d" % (scheme, proxy.port))
                self.assert_exit(result, 77)
                self.assertIn("the proxy wants a user name and a password", result.err)

    def test_no_proxy_of_the_environment_leads_past_no_proxy_that_was_named(self):
        proxy = self.proxy(HttpProxy, "me", SECRET)
        result = self.fetch(self.serve(tls="implicit"), "--proxy", "http://me@127.0.0.1:%d" % proxy.port,
                            "--proxy-password-file", self.secret, env={"no_proxy": "*", "NO_PROXY": "*"})
        self.assert_exit(result, 0)
        self.assertTrue(proxy.seen)

    def test_a_password_in_the_proxys_url_is_refused_and_not_repeated(self):
        result = self.fetch(self.serve(), "--proxy", "http://me:%s@127.0.0.1:1" % "hush")
        self.assert_exit(result, 64)
        self.assertNotIn("hush", result.err)

    def test_a_password_over_an_open_link_through_a_proxy_must_be_asked_for_by_name(self):
        proxy = self.proxy(SocksProxy)
        server = self.serve()
        result = self.fetch(server, "--proxy", "socks5h://127.0.0.1:%d" % proxy.port)
        self.assert_exit(result, 76)
        self.assertIn("not encrypted", result.err)
        self.assertEqual([verb for verb in server.log.verbs() if verb in ("USER", "PASS", "AUTH")], [])

    def test_apop_is_chosen_over_an_open_link(self):
        proxy = self.proxy(SocksProxy)
        server = self.serve(behaviour=Behaviour(apop=b"<1896.697170952@dbc.mtview.ca.us>"))
        self.assert_exit(self.fetch(server, "--proxy", "socks5h://127.0.0.1:%d" % proxy.port), 0)
        self.assert_archived(server.maildrop)
        self.assertIn("APOP", server.log.verbs())
        self.assertNotIn(PASSWORD.encode(), server.log.wire_text())


class Addresses(Case):
    def test_the_source_address_is_used(self):
        server = self.serve(tls="implicit")
        self.assert_exit(self.fetch(server, "--source-address", "127.0.0.2"), 0)
        self.assertEqual({peer[0] for peer in server.peers}, {"127.0.0.2"})

    def test_an_address_that_is_not_ours_is_told(self):
        result = self.fetch(self.serve(tls="implicit"), "--source-address", "192.0.2.1")
        self.assert_exit(result, 78)
        self.assertIn("no such address", result.err)

    def test_only_the_version_of_ip_that_was_named_is_used(self):
        server = self.serve(tls="implicit", ipv6=True)
        url = "pop3s://me@example.com@localhost:%d" % server.port
        words = ["--to", self.archive, "--password-file", self.password, "--ca", certificates().ca, "--timeout", "3"]
        self.assert_exit(self.run_program("fetch", url, *words, "--ip-version", "6"), 0)
        self.assertIn(self.run_program("check", url, *words, "--ip-version", "4").code, (68, 69))


class Tunnels(Case):
    def test_a_unix_socket_is_spoken_with(self):
        for tls in ("off", "implicit"):
            with self.subTest(tls):
                server = self.serve(tls=tls)
                path = self.folder / ("s-" + tls)
                relay = UnixRelay(path, ("127.0.0.1", server.port))
                self.addCleanup(relay.stop)
                url = "%s://me@example.com@localhost" % ("pop3s" if tls == "implicit" else "pop3")
                security = ["--ca", certificates().ca] if tls == "implicit" else ["--tls", "off"]
                self.assert_exit(self.run_program("fetch", url, "--to", self.archive, "--socket", path, "--timeout", "5",
                                                  "--password-file", self.password, *security), 0)
                self.assertEqual(server.log.verbs()[-1], "QUIT")
                self.assert_archived(server.maildrop)

    def tunnel(self, server):
        return " ".join(relay_command(self.folder, server.port))

    def test_a_command_carries_the_session(self):
        for tls in ("off", "stls", "implicit"):
            with self.subTest(tls):
                server = self.serve(tls=tls)
                # The name is known to nobody here; the certificate has it.
                url = "%s://me@example.com@pop.example.com" % ("pop3s" if tls == "implicit" else "pop3")
                security = ["--tls", "off"] if tls == "off" else ["--ca", certificates().ca]
                result = self.run_program("fetch", url, "--to", self.archive, "--tunnel", self.tunnel(server), "--timeout", "5",
                                          "--password-file", self.password, "--delete", "fetched", "--max-delete", "100%",
                                          *security, env={"POPKEEP_PASSWORD": ""})
                self.assert_exit(result, 0)
                self.assertEqual(server.maildrop.present(), [])

    def test_a_way_on_the_command_line_replaces_that_of_the_configuration(self):
        server = self.serve(tls="implicit")
        path = self.folder / "s"
        self.addCleanup(UnixRelay(path, ("127.0.0.1", server.port)).stop)
        config = self.folder / "popkeep.toml"
        for number, (there, option) in enumerate((('tunnel = "false"', ("--socket", path)),
                              ('proxy = "http://me@127.0.0.1:1"\nproxy_password_file = "password"',
                               ("--socket", path)),
                              ('socket = "/nowhere"', ("--tunnel", self.tunnel(server)))), 1):
            with self.subTest(there):
                config.write_text('[account.a]\nurl = "pop3s://me@example.com@localhost"\narchive = "archive"\n'
                                  'ca = "%s"\npassword_file = "password"\n%s\n' % (certificates().ca, there))
                self.assert_exit(self.run_program("fetch", "--config", config, *option), 0)
                self.assertEqual(len(server.log.commands("QUIT")), number)
        self.assert_archived(server.maildrop)

    def test_two_ways_on_the_command_line_are_told(self):
        result = self.fetch(self.serve(), "--socket", "/nowhere", "--tunnel", "false")
        self.assert_exit(result, 64)
        self.assertIn("two ways to the server", result.err)

    def test_a_command_that_fails_is_told(self):
        server = self.serve()
        for command in ("false", "/no/such/command"):
            with self.subTest(command):
                result = self.run_at_terminal(*self.fetch_words(server, "--tunnel", command))
                self.assert_exit(result, 75 if command == "false" else 78)

    def test_a_command_that_stays_when_its_connection_has_ended_keeps_no_run(self):
        server = self.serve()
        words = self.fetch_words(server, "--tunnel", shlex.join(["sh", "-c", self.tunnel(server) + "; exec sleep 9"]))
        self.assert_exit(self.run_program(*words, timeout=6), 0)

    def test_a_tunnel_leaves_nothing_of_its_socket_behind(self):
        script = self.folder / "tunnel.py"
        script.write_text("import os, socket\n"
                          "path = socket.socket(fileno=os.dup(0)).getsockname()\n"
                          "open('path', 'w').write(path)\n" + RELAY)
        server = self.serve()
        tunnel = shlex.join([sys.executable, str(script), str(server.port)])
        self.assert_exit(self.fetch(server, "--tunnel", tunnel), 0)
        socket = pathlib.Path((self.folder / "path").read_text())
        self.assertTrue(socket.is_absolute(), socket)
        self.assertFalse(socket.parent.exists(), socket)

    def test_two_ways_at_once_are_an_error(self):
        result = self.fetch(self.serve(), "--tunnel", "cat", "--proxy", "socks5://127.0.0.1:1")
        self.assert_exit(result, 64)


class Versions(Case):
    def test_tls_as_new_as_named_is_demanded(self):
        server = self.serve(tls="implicit")
        server.context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.assert_exit(self.fetch(server), 0)
        result = self.fetch(server, "--tls-min", "1.3")
        self.assert_exit(result, 76)
        self.assertIn("1.3", result.err)

    def test_a_folder_of_authorities_serves_as_well_as_a_file(self):
        folder = self.folder / "authorities"
        folder.mkdir()
        (folder / "ca.pem").write_bytes(certificates().ca.read_bytes())
        subprocess.run(["openssl", "rehash", folder], check=True)
        server = self.serve(tls="implicit")
        words = ["fetch", self.url(server), "--to", self.archive, "--password-file", self.password]
        self.assert_exit(self.run_program(*words, "--ca", folder), 0)
        empty = self.folder / "empty"
        empty.mkdir()
        self.assert_exit(self.run_program(*words, "--ca", empty), 76)

    def test_beside_an_authority_that_is_named_none_of_the_systems_is_trusted(self):
        system = self.folder / "system"
        system.mkdir()
        (system / "ca.pem").write_bytes(certificates().ca.read_bytes())
        subprocess.run(["openssl", "rehash", system], check=True)
        another = self.folder / "another.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", self.folder / "key.pem", "-out", another, "-subj", "/CN=another"],
                       check=True, capture_output=True)
        server = self.serve(tls="implicit")
        words = ["fetch", self.url(server), "--to", self.archive, "--password-file", self.password, "--ca", another]
        done = subprocess.run([*own_network.where_the_system_trusts(system), *self.command(*words)],
                              env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 76, done.stderr)

    def test_one_of_several_pins_is_enough(self):
        server = self.serve(tls="implicit")
        words = self.fetch_words(server)[1:]
        shown = self.run_program("check", *words)
        pin = next(line.split()[-1] for line in shown.out.splitlines() if line.strip().startswith("pin"))
        other = "sha256//" + "A" * 43 + "="
        self.assert_exit(self.fetch(server, "--pin", other + ";" + pin), 0)
        self.assert_exit(self.fetch(server, "--pin", other), 76)

    def test_check_shows_the_chain_and_the_way_in_although_the_password_is_wrong(self):
        self.password.write_text("wrong\n")
        server = self.serve(tls="implicit")
        result = self.run_program("check", *self.fetch_words(server)[1:])
        self.assert_exit(result, 77)
        for words in ("CN = good, until 20", "CN = popkeep test ca, until 20", "sha256//", "TLSv1.3",
                      "USER/PASS, chosen from what is offered"):
            self.assertIn(words, result.out)


class Names(unittest.TestCase):
    def test_in_a_network_of_its_own(self):
        own_network.play(self, "own_network_names")


if __name__ == "__main__":
    unittest.main()
