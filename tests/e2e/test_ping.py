"""The service that is pinged at the start and the end of a run. It may not hurt the run."""

import signal
import socket
import time
import unittest

from harness import PASSWORD
from pingserver import PingServer
from popserver import Behaviour, Rule, corpus
from several import Several, slow

REFUSES_ONE = Behaviour(rules=(Rule("RETR", message=2, reply=b"-ERR gone bad\r\n"),))


class Ping(Several):
    def service(self, **answers):
        service = PingServer({"/" + path.replace("_", "/"): answer for path, answer in answers.items()})
        self.addCleanup(service.stop)
        return service

    def pinged(self, service, servers=None, path="/uuid", **keys):
        return self.configure(servers or {"home": self.serve()}, ping_url=service.url(path), **keys)

    def test_a_success_is_a_start_and_the_address_itself(self):
        service = self.service()
        self.assert_exit(self.fetch_all(self.pinged(service)), 0)
        self.assertEqual(service.seen, [("GET", "/uuid/start", ""), ("GET", "/uuid", "")])

    def test_a_failure_is_told_with_its_line(self):
        service = self.service()
        config = self.pinged(service, {"home": self.serve(behaviour=REFUSES_ONE)})
        self.assert_exit(self.fetch_all(config), 75)
        self.assertEqual([seen[:2] for seen in service.seen], [("GET", "/uuid/start"), ("POST", "/uuid/fail")])
        self.assertRegex(service.seen[1][2], r"^home: .*1 message could not be had")
        self.assertNotIn("\n", service.seen[1][2])

    def test_a_refused_password_is_not_in_what_is_told(self):
        service = self.service()
        server = self.serve()
        server.users = {}
        self.assert_exit(self.fetch_all(self.pinged(service, {"home": server})), 77)
        self.assertEqual(service.seen[1][1], "/uuid/fail")
        self.assertNotIn(PASSWORD, service.seen[1][2])

    def test_a_query_stays_behind(self):
        service = self.service()
        self.assert_exit(self.fetch_all(self.pinged(service, path="/slug/?create=1")), 0)
        self.assertEqual([seen[1] for seen in service.seen], ["/slug/start?create=1", "/slug/?create=1"])

    def test_the_start_comes_while_the_fetch_goes_on(self):
        service = self.service()
        server = self.serve(corpus.plain(3), slow(0.4))
        self.assert_exit(self.fetch_all(self.pinged(service, {"home": server})), 0)
        self.assertGreater(service.times[1] - service.times[0], 1)

    def test_accounts_with_one_address_are_one_check(self):
        service = self.service()
        self.assert_exit(self.fetch_all(self.pinged(service, self.accounts(5)), "--jobs", 2), 0)
        self.assertEqual(service.seen, [("GET", "/uuid/start", ""), ("GET", "/uuid", "")])

    def test_of_several_accounts_those_that_fail_are_named(self):
        service = self.service()
        servers = self.accounts(3)
        for name in ("box01", "box03"):
            servers[name].users = {}
        self.assert_exit(self.fetch_all(self.pinged(service, servers)), 77)
        self.assertEqual([seen[1] for seen in service.seen], ["/uuid/start", "/uuid/fail"])
        self.assertIn("box01: ", service.seen[1][2])
        self.assertIn("box03: ", service.seen[1][2])
        self.assertNotIn("box02", service.seen[1][2])

    def test_accounts_with_addresses_of_their_own_are_checks_of_their_own(self):
        service = self.service()
        servers = self.accounts(3)
        servers["box02"].users = {}
        config = self.folder / "popkeep.toml"
        config.write_text("[defaults]\nping_url = '%s'\n" % service.url("/all") +
                          self.section("box01", servers["box01"], ping_url=service.url("/one")) +
                          self.section("box02", servers["box02"]) + self.section("box03", servers["box03"], ping_url=""))
        config.chmod(0o600)
        self.assert_exit(self.fetch_all(config), 77)
        self.assertEqual(sorted(seen[1] for seen in service.seen), ["/all/fail", "/all/start", "/one", "/one/start"])

    def assert_harmless(self, config, servers, most):
        result = self.fetch_all(config)
        self.assert_exit(result, 0)
        self.assertEqual((result.out, result.err), ("", ""))
        self.assertLess(result.seconds, most)
        self.assert_all_archived(servers)

    def test_a_service_that_fails_is_told_with_verbose_only(self):
        service = self.service(uuid=500, uuid_start=500)
        servers = {"home": self.serve()}
        self.assert_harmless(self.pinged(service, servers), servers, 5)
        err = self.fetch_all(self.pinged(service, servers), "--verbose").err
        self.assertIn("ping to http://127.0.0.1:", err)
        self.assertIn("at the start: the answer was 500; at the end: the answer was 500", err)
        self.assertNotIn("uuid", err)

    def test_a_redirection_is_not_followed(self):
        service = self.service(uuid_start=302, uuid=301)
        servers = {"home": self.serve()}
        self.assert_harmless(self.pinged(service, servers), servers, 5)
        self.assertEqual([seen[1] for seen in service.seen], ["/uuid/start", "/uuid"])

    def test_a_service_that_is_down_does_no_harm(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # and doesn't listen
            servers = {"home": self.serve()}
            config = self.configure(servers, ping_url="http://127.0.0.1:%d/uuid" % taken.getsockname()[1])
            self.assert_harmless(config, servers, 5)

    def test_a_service_that_hangs_costs_ten_seconds_at_most_and_the_fetch_none(self):
        service = PingServer()
        self.addCleanup(service.stop)
        service.answers = {"/uuid/start": service.hang, "/uuid": service.hang}
        servers = {"home": self.serve()}
        config = self.pinged(service, servers)
        process = self.start("fetch", "--config", config)
        begin = time.monotonic()
        self.wait_until(lambda: any("QUIT" in repr(event) for event in servers["home"].log.events), 4)
        self.assertLess(time.monotonic() - begin, 4)
        process.communicate(timeout=30)
        self.assertLess(time.monotonic() - begin, 14)
        self.assertEqual(process.returncode, 0)
        self.assertEqual([seen[1] for seen in service.seen], ["/uuid/start", "/uuid"])

    def test_a_stopped_run_is_a_failure(self):
        service = self.service()
        server = self.serve(corpus.plain(3), slow(30))
        process = self.start("fetch", "--config", self.pinged(service, {"home": server}))
        self.wait_until(lambda: service.seen)
        self.wait_until(lambda: any("RETR" in repr(event) for event in server.log.events))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 143)
        self.assertEqual([seen[1] for seen in service.seen], ["/uuid/start", "/uuid/fail"])

    def test_a_stop_takes_five_seconds_whatever_hangs(self):
        # The server, the service and a command: what each of them is waited for doesn't add up.
        service = self.service()
        service.answers = {"/uuid/start": service.hang, "/uuid/fail": service.hang}
        server = self.serve(corpus.plain(3), slow(30))
        process = self.start("fetch", "--config", self.pinged(service, {"home": server}, after_fetch="sleep 1000"))
        self.wait_until(lambda: service.seen and server.log.commands("RETR"))
        self.assert_over_in_time(process, 143)

    def test_a_stop_while_the_service_alone_is_waited_for_takes_five_seconds(self):
        service = self.service()
        service.answers = {"/uuid/start": service.hang, "/uuid": service.hang}
        config = self.pinged(service, after_fetch="touch over")
        process = self.start("fetch", "--config", config)
        self.wait_until((self.folder / "over").exists)
        time.sleep(0.5)
        self.assert_over_in_time(process, 0)

    def assert_over_in_time(self, process, code):
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        self.assertLess(time.monotonic() - begin, 6)
        self.assertEqual(process.returncode, code)

    def test_a_killed_run_is_told_of(self):
        service = self.service()
        server = self.serve(corpus.plain(3), slow(30))
        for servers in ({"home": server}, {"home": server, "work": self.serve(corpus.plain(3), slow(30))}):
            with self.subTest(accounts=len(servers)):
                del service.seen[:]
                process = self.start("fetch", "--config", self.pinged(service, servers))
                self.wait_until(lambda: service.seen)
                process.kill()
                self.wait_until(lambda: len(service.seen) == 2)
                self.assertEqual(service.seen[1], ("POST", "/uuid/fail", "the run ended without a word"))

    def test_a_dry_run_pings_nobody(self):
        service = self.service()
        self.assert_exit(self.fetch_all(self.pinged(service), "--dry-run"), 0)
        self.assertEqual(service.seen, [])

    def test_the_address_is_in_no_command_line(self):
        service = self.service()
        config = self.pinged(service, {"home": self.serve(corpus.plain(3), slow(1))}, path="/a-secret")
        process = self.start("fetch", "--config", config)
        self.wait_until(lambda: service.seen)
        pids = [process.pid, *self.children(process)]
        self.assertGreater(len(pids), 1)
        for pid in pids:
            with open("/proc/%d/cmdline" % pid) as file:
                self.assertNotIn("secret", file.read())
        process.communicate(timeout=30)

    def test_a_wrong_address_is_78_and_not_repeated(self):
        config = self.configure({"home": self.serve()}, ping_url="file:///secret")
        result = self.fetch_all(config)
        self.assert_exit(result, 78)
        self.assertIn("popkeep.toml:", result.err)
        self.assertIn("https://", result.err)
        self.assertNotIn("secret", result.err)

    def test_config_shows_the_host_alone(self):
        config = self.configure({"home": self.serve()}, ping_url="https://hc.example.com/hush", after_fetch="true")
        for words in ((), ("--json",)):
            result = self.run_program("config", "--config", config, *words)
            self.assertIn("https://hc.example.com/", result.out)
            self.assertNotIn("hush", result.out)

    def test_the_log_has_what_went_wrong(self):
        service = self.service(uuid=404)
        log = self.folder / "log"
        self.assert_exit(self.fetch_all(self.pinged(service), "--log", log), 0)
        self.assertIn("at the end: the answer was 404", log.read_text())


if __name__ == "__main__":
    unittest.main()
