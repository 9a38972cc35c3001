"""Who is told of a run: a command, a service that is pinged, a file of metrics. None of it may hurt the run."""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import time
import unittest

from harness import PASSWORD, certificates
from pingserver import PingServer
from popserver import Behaviour, Rule, corpus
from prometheus_client import parser as prometheus
from prometheus_client.openmetrics import parser as openmetrics
from several import Several, slow

REFUSES_ONE = Behaviour(rules=(Rule("RETR", message=2, reply=b"-ERR gone bad\r\n"),))


class Hook(Several):
    def hooked(self, command, **keys):
        servers = {"home": self.serve()}
        return servers, self.configure(servers, after_fetch=command, **keys)

    def test_it_has_the_summary_on_standard_input(self):
        servers, config = self.hooked("cat > seen")
        result = self.fetch_all(config, "--json")
        self.assert_exit(result, 0)
        line = (self.folder / "seen").read_text()
        self.assertEqual(line, result.out.splitlines(keepends=True)[-1])
        summary = json.loads(line)
        self.assertEqual((summary["type"], summary["account"], summary["exit"], summary["error"]), ("summary", "home", 0, None))
        self.assertEqual(summary["archived"], len(servers["home"].maildrop.messages))

    def test_of_a_failure_it_has_exit_code_and_error(self):
        config = self.configure({"home": self.serve(behaviour=REFUSES_ONE)}, after_fetch="cat > seen")
        self.assert_exit(self.fetch_all(config), 75)
        summary = json.loads((self.folder / "seen").read_text())
        self.assertEqual(summary["exit"], 75)
        self.assertIn("could not be had", summary["error"])

    def test_it_runs_if_there_was_no_run_to_speak_of(self):
        config = self.configure({"home": self.serve()}, after_fetch="cat > seen", archive=self.folder / "nowhere")
        self.assert_exit(self.fetch_all(config), 73)
        self.assertEqual(json.loads((self.folder / "seen").read_text())["exit"], 73)

    def test_it_runs_once_for_each_account_also_for_one_that_was_killed(self):
        servers = self.accounts(3)
        servers["box02"].behaviour = slow(30)
        config = self.configure(servers, after_fetch="cat >> seen")
        process = self.start("fetch", "--config", config)
        self.wait_until(lambda: any("RETR" in repr(event) for event in servers["box02"].log.events))
        self.wait_until(lambda: len(self.children(process)) == 1)
        os.kill(self.children(process)[0], signal.SIGKILL)
        process.communicate(timeout=30)
        seen = [json.loads(line) for line in (self.folder / "seen").read_text().splitlines()]
        self.assertEqual(sorted((line["account"], line["exit"]) for line in seen), [("box01", 0), ("box02", 70), ("box03", 0)])

    def test_it_holds_up_no_other_account(self):
        servers = self.accounts(3)
        config = self.configure(servers, after_fetch="sleep 2")
        result = self.fetch_all(config, "--jobs", 1)
        self.assert_exit(result, 0)
        self.assertLess(result.seconds, 5)

    def test_what_it_prints_goes_to_standard_error_and_not_into_json(self):
        _, config = self.hooked("echo to out; echo to err >&2")
        result = self.fetch_all(config, "--json")
        self.assertEqual(result.err, "to out\nto err\n")
        for line in result.out.splitlines():
            json.loads(line)

    def test_its_failure_is_a_warning_and_changes_nothing_else(self):
        servers, config = self.hooked("exit 3")
        result = self.fetch_all(config)
        self.assert_exit(result, 0)
        self.assertEqual(result.err, "popkeep: home: after_fetch failed: exit status 3\n")
        self.assert_all_archived(servers)

    def test_a_failure_that_lasts_is_told_once_a_day(self):
        _, config = self.hooked("exit 3")
        self.assertIn("exit status 3", self.fetch_all(config).err)
        result = self.fetch_all(config)
        self.assert_exit(result, 0)
        self.assertEqual(result.err, "")

    def test_a_stop_gives_one_that_hangs_a_few_seconds(self):
        _, config = self.hooked("touch begun; sleep 1000")
        process = self.start("fetch", "--config", config)
        self.wait_until((self.folder / "begun").exists)
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        err = process.communicate(timeout=30)[1].decode()
        self.assertLess(time.monotonic() - begin, 6)
        self.assertEqual(process.returncode, 0)
        self.assertIn("after_fetch had not ended", err)

    def test_a_dry_run_runs_none(self):
        _, config = self.hooked("touch seen")
        self.assert_exit(self.fetch_all(config, "--dry-run"), 0)
        self.assertFalse((self.folder / "seen").exists())

    def test_passwords_are_neither_in_its_environment_nor_its_input(self):
        servers = {"home": self.serve()}
        config = self.configure(servers, after_fetch="env > seen; cat >> seen; cat /proc/$PPID/cmdline >> seen", password_file=None)
        self.assert_exit(self.fetch_all(config, env={"POPKEEP_PASSWORD": PASSWORD}), 0)
        seen = (self.folder / "seen").read_text()
        self.assertIn("HOME=", seen)
        self.assertNotIn(PASSWORD, seen)

    def test_it_is_an_option_as_well(self):
        server = self.serve()
        self.assert_exit(self.fetch(server, "--after-fetch", "cat > seen"), 0)
        self.assertEqual(json.loads((self.folder / "seen").read_text())["account"], "me@example.com@127.0.0.1")


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
        config = self.configure({"home": self.serve()}, ping_url="https://hc.example.com/secret", after_fetch="true")
        for words in ((), ("--json",)):
            result = self.run_program("config", "--config", config, *words)
            self.assertIn("https://hc.example.com/", result.out)
            self.assertNotIn("secret", result.out)

    def test_the_log_has_what_went_wrong(self):
        service = self.service(uuid=404)
        log = self.folder / "log"
        self.assert_exit(self.fetch_all(self.pinged(service), "--log", log), 0)
        self.assertIn("at the end: the answer was 404", log.read_text())


class Metrics(Several):
    def setUp(self):
        super().setUp()
        self.path = self.folder / "popkeep.prom"

    def figures(self):
        """{(name, account): value}, by parsers of both formats, which must agree."""
        text = self.path.read_text()
        by_openmetrics = {(sample.name, sample.labels["account"]): sample.value
                          for family in openmetrics.text_string_to_metric_families(text) for sample in family.samples}
        families = list(prometheus.text_string_to_metric_families(text))
        self.assertEqual({family.type for family in families}, {"gauge"})
        by_prometheus = {(sample.name, sample.labels["account"]): sample.value
                         for family in families for sample in family.samples}
        self.assertEqual(by_openmetrics, by_prometheus)
        return by_openmetrics

    def figure(self, name, account):
        return self.figures().get(("popkeep_" + name, account))

    def test_every_figure_is_as_the_run_was(self):
        servers = {"home": self.serve(corpus.plain(5), REFUSES_ONE)}
        config = self.configure(servers, delete="keep:5")
        content = [len(message.data.replace(b"\r\n", b"\n")) for message in servers["home"].maildrop.messages]
        begin = time.time()
        self.assert_exit(self.fetch_all(config, "--metrics", self.path), 75)
        want = {"last_run_exit_code": 75, "archive_missing_messages": 0, "refused_messages": 1,
                "quarantined_messages": 0, "last_run_new_messages": 4, "archive_messages": 4, "server_messages": 5,
                "archive_bytes": sum(content) - content[1]}
        seen = self.figures()
        for name, value in want.items():
            self.assertEqual(seen["popkeep_" + name, "home"], value, name)
        self.assertIsNone(self.figure("last_success_timestamp_seconds", "home"))
        self.assertTrue(begin - 1 <= self.figure("last_run_timestamp_seconds", "home") <= time.time())
        self.assertTrue(0 < self.figure("last_run_duration_seconds", "home") < 60)
        self.assertGreater(self.figure("archive_free_bytes", "home"), 0)
        servers["home"].behaviour = Behaviour()
        self.assert_exit(self.fetch_all(config, "--metrics", self.path), 0)
        self.assertEqual(self.figure("archive_messages", "home"), 5)
        self.assertEqual(self.figure("last_run_new_messages", "home"), 1)
        self.assertEqual(self.figure("refused_messages", "home"), 0)
        self.assertTrue(begin - 1 <= self.figure("last_success_timestamp_seconds", "home") <= time.time())

    def test_deletions_are_counted(self):
        config = self.configure({"home": self.serve(corpus.plain(5))}, delete="fetched", max_delete="100%")
        self.assert_exit(self.fetch_all(config, "--metrics", self.path), 0)
        self.assertEqual(self.figure("last_run_deleted_messages", "home"), 5)

    def test_nasty_names_are_labels_like_others(self):
        names = ['a"b', "back\\slash", "braces{}, and = signs", "ümlaut ☃", "# EOF", 'x"} 1']
        config = self.folder / "popkeep.toml"
        config.write_text("".join(self.section(json.dumps(name, ensure_ascii=False)[1:-1], self.serve(), id="id %d" % n)
                                  for n, name in enumerate(names)))
        config.chmod(0o600)
        result = self.fetch_all(config, "--metrics", self.path)
        self.assert_exit(result, 0)
        self.assertEqual({account for _, account in self.figures()}, set(names))
        before = self.path.read_text()
        self.assert_exit(self.fetch_all(config, names[0], "--metrics", self.path), 0)
        self.assertEqual({account for _, account in self.figures()}, set(names))
        self.assertEqual(len(self.path.read_text().splitlines()), len(before.splitlines()))

    def test_accounts_of_other_runs_keep_their_figures(self):
        servers = self.accounts(2)
        config = self.configure(servers)
        self.assert_exit(self.fetch_all(config, "--metrics", self.path), 0)
        before = {key: value for key, value in self.figures().items() if key[1] == "box02"}
        servers["box01"].users = {}
        self.assert_exit(self.fetch_all(config, "box01", "--metrics", self.path), 77)
        self.assertEqual({key: value for key, value in self.figures().items() if key[1] == "box02"}, before)
        self.assertEqual(self.figure("last_run_exit_code", "box01"), 77)

    def test_an_archive_that_is_not_there_keeps_its_figures_and_shows_the_failure(self):
        config = self.configure(self.accounts(1))
        self.assert_exit(self.fetch_all(config, "--metrics", self.path), 0)
        before = self.figures()
        self.archive.rename(self.folder / "elsewhere")
        self.assert_exit(self.fetch_all(config, "--metrics", self.path), 73)
        self.assertEqual(self.figure("last_run_exit_code", "box01"), 73)
        for name in ("last_success_timestamp_seconds", "archive_messages", "server_messages"):
            self.assertEqual(self.figure(name, "box01"), before["popkeep_" + name, "box01"], name)

    def test_without_a_configuration_the_account_is_user_and_host(self):
        self.assert_exit(self.fetch(self.serve(corpus.plain(3)), "--metrics", self.path), 0)
        self.assertEqual(self.figure("archive_messages", "me@example.com@127.0.0.1"), 3)

    def test_everybody_may_read_it_whatever_the_umask(self):
        before = os.umask(0o077)
        try:
            self.assert_exit(self.fetch(self.serve(), "--metrics", self.path), 0)
        finally:
            os.umask(before)
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o644)

    def test_what_cannot_be_written_is_a_warning(self):
        result = self.fetch(self.serve(), "--metrics", self.folder / "missing" / "popkeep.prom")
        self.assert_exit(result, 0)
        self.assertIn("popkeep: the metrics could not be written: ", result.err)
        self.assertEqual(len(result.err.splitlines()), 1)

    def test_a_file_of_somebody_else_stays(self):
        self.path.write_text("my notes\n")
        result = self.fetch(self.serve(), "--metrics", self.path)
        self.assert_exit(result, 0)
        self.assertIn("left as it is", result.err)
        self.assertEqual(self.path.read_text(), "my notes\n")

    def test_a_dry_run_writes_none(self):
        self.assert_exit(self.fetch(self.serve(), "--metrics", self.path, "--dry-run"), 0)
        self.assertFalse(self.path.exists())

    def test_the_certificates_end_is_known(self):
        self.assert_exit(self.fetch(self.serve(tls="implicit", certificate="ending"), "--metrics", self.path), 0)
        left = self.figure("certificate_expiry_timestamp_seconds", "me@example.com@127.0.0.1") - time.time()
        self.assertAlmostEqual(left / 86400, 6, delta=0.1)


class EarlyWarnings(Several):
    def ledger(self, sql):
        with contextlib.closing(sqlite3.connect(self.archive / ".popkeep" / "ledger.db")) as database, database:
            return database.execute(sql).fetchall()

    def let_a_day_pass(self):
        yesterday = time.time() - 86400
        for note in (self.archive / ".popkeep").glob("told-*"):
            os.utime(note, (yesterday, yesterday))

    def quiet(self, server, *words):
        result = self.fetch(server, *words)
        self.assert_exit(result, 0)
        self.assertEqual(result.err, "")

    def warned(self, server, what, *words):
        result = self.fetch(server, *words)
        self.assert_exit(result, 0)
        self.assertRegex(result.err, r"\Apopkeep: [^\n]*%s[^\n]*\n\Z" % what)
        return result.err

    def test_a_certificate_near_its_end_is_told_once_for_a_while(self):
        server = self.serve(tls="implicit", certificate="ending")
        self.assertIn("(CN = ending)", self.warned(server, "expires at"))
        self.quiet(server)
        self.let_a_day_pass()
        self.quiet(server)

    def test_one_of_several_accounts_is_warned_of_by_its_name(self):
        servers = {"home": self.serve(), "work": self.serve(tls="implicit", certificate="ending")}
        config = self.folder / "popkeep.toml"
        config.write_text(self.section("home", servers["home"]) +
                          self.section("work", servers["work"], tls="on", ca=certificates().ca))
        config.chmod(0o600)
        result = self.fetch_all(config)
        self.assert_exit(result, 0)
        self.assertRegex(result.err, r"\Apopkeep: work: \S+: the server's certificate expires .*\n\Z")

    def test_a_certificate_with_time_left_is_not_told(self):
        self.quiet(self.serve(tls="implicit"))

    def test_a_dry_run_leaves_the_warning_to_the_next_run(self):
        server = self.serve(tls="implicit", certificate="ending")
        self.assertIn("expires at", self.fetch(server, "--dry-run").err)
        self.warned(server, "expires at")

    def remove(self, server, count):
        for message in server.maildrop.present()[:count]:
            server.maildrop.remove(message)

    def full(self, count=40, **behaviour):
        return self.serve(corpus.plain(count), Behaviour(**behaviour), hook=lambda *_: None)

    def test_a_mailbox_that_somebody_emptied_is_told_once(self):
        server = self.full()
        self.quiet(server)
        self.quiet(server)
        self.remove(server, 30)
        self.assertIn("at least 40 were to be expected", self.warned(server, "lists 10 messages"))
        self.let_a_day_pass()
        self.quiet(server)

    def test_a_few_messages_less_are_none_of_our_business(self):
        server = self.full()
        self.quiet(server)
        self.quiet(server)
        self.remove(server, 19)
        self.quiet(server)

    def test_what_this_program_deleted_is_not_missed(self):
        server = self.full()
        self.quiet(server)
        self.quiet(server, "--delete", "keep:5", "--max-delete", "100%")
        self.assertEqual(len(server.maildrop.present()), 5)
        self.quiet(server)

    def test_a_provider_that_hides_what_was_fetched_is_not_suspected(self):
        server = self.full(hide_retrieved=True)
        for _ in range(3):
            self.quiet(server)

    def test_an_archive_without_memos_is_read_by_all_and_stays_as_it_is(self):
        server = self.full(5)
        self.quiet(server)
        self.ledger("DROP TABLE memo")
        for words in (("list",), ("show", "1"), ("verify",), ("status",), ("export", "--to", self.folder / "out"), ("deletions",)):
            self.assert_exit(self.run_program(words[0], self.archive, *words[1:]), 0)
        self.assert_exit(self.fetch(server, "--dry-run"), 0)
        self.assertEqual(self.ledger("SELECT count(*) FROM sqlite_schema WHERE name = 'memo'"), [(0,)])
        self.quiet(server)
        self.assertEqual(self.ledger("PRAGMA user_version"), [(1,)])


if __name__ == "__main__":
    unittest.main()
