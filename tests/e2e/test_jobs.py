"""fetch over several accounts: processes, limits, failures, signals, exit codes."""

import json
import os
import signal
import subprocess
import time
import unittest

from harness import PASSWORD, USER
from popserver import Behaviour, Rule
from several import Several, letters, slow
from terminal import Terminal


class Jobs(Several):
    def test_twelve_accounts_share_an_archive(self):
        servers = self.accounts(12)
        result = self.fetch_all(self.configure(servers), "--jobs", 6, "--per-host", 6)
        self.assert_exit(result, 0)
        self.assertEqual(result.out + result.err, "")
        self.assert_all_archived(servers)
        self.assert_exit(self.run_program("verify", self.archive), 0)

    def test_no_more_than_jobs_run_at_once(self):
        servers = self.accounts(8, slow(0.2), messages=1)
        self.assert_exit(self.fetch_all(self.configure(servers), "--jobs", 3, "--per-host", 100), 0)
        self.assertEqual(self.most_at_once(servers), 3)

    def test_a_host_sees_no_more_than_its_limit(self):
        servers = self.accounts(8, slow(0.2), messages=1)
        config = self.configure(servers, "[defaults]\njobs = 8\nper_host = 2\n")
        self.assert_exit(self.fetch_all(config), 0)
        self.assertEqual(self.most_at_once(servers), 2)

    def test_an_account_that_is_named_twice_is_fetched_once(self):
        servers = self.accounts(1)
        self.assert_exit(self.fetch_all(self.configure(servers), "box01", "box01"), 0)
        self.assertEqual(servers["box01"].connections, 1)

    def test_a_system_that_has_no_memory_to_say_who_spoke_is_asked_of_each(self):
        servers = self.accounts(3)
        words = ["strace", "-qq", "-o", os.devnull, "-e", "inject=poll:error=ENOMEM:when=4+",
                 *self.command("fetch", "--config", self.configure(servers))]
        done = subprocess.run(words, env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL, timeout=60,
                              capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assert_all_archived(servers)

    def test_failing_accounts_stop_no_other(self):
        servers = self.accounts(12)
        servers["box03"].users = {USER: "something else"}
        servers["box05"].stop()
        result = self.fetch_all(self.configure(servers))
        self.assert_exit(result, 77)
        self.assertIn("box03", result.err)
        good = {name: server for name, server in servers.items() if name not in ("box03", "box05")}
        self.assert_all_archived(good)

    def test_the_exit_code_is_the_gravest(self):
        servers = self.accounts(4)
        servers["box01"].stop()
        servers["box02"].users = {USER: "something else"}
        path = self.configure(servers)
        path.write_text(path.read_text() + self.section("lost", servers["box03"], archive=self.folder / "nowhere"))
        result = self.fetch_all(path)
        self.assert_exit(result, 73)
        self.assertIn("lost", result.err)

    def test_check_over_several_accounts_takes_the_gravest_as_well(self):
        servers = self.accounts(3)
        servers["box01"].stop()
        servers["box02"].users = {USER: "something else"}
        self.assert_exit(self.run_program("check", "--config", self.configure(servers)), 77)

    def test_check_that_is_stopped_as_it_leaves_an_account_does_not_pass_the_next_one_over_in_silence(self):
        servers = self.accounts(2)
        servers["box01"].behaviour = Behaviour(rules=(Rule("QUIT", delay=30),))
        process = self.start("check", "--config", self.configure(servers))
        self.wait_until(lambda: any(event["user"] for event in servers["box01"].log.commands("QUIT")))
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 143, err)

    def test_a_stop_as_an_account_has_just_ended_does_not_pass_the_next_one_over_in_silence(self):
        servers = self.accounts(2, slow(0.1))
        process = self.start("fetch", "--config", self.configure(servers), "--jobs", "1")
        (child,) = self.wait_until(lambda: servers["box01"].log.commands("RETR") and self.children(process))
        process.send_signal(signal.SIGSTOP)
        self.wait_until(lambda: self.gone([child]))
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        _, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 143, err)

    def test_an_account_whose_configuration_is_wrong_beside_a_good_one_is_78(self):
        servers = self.accounts(2)
        wrong = self.section("box02", servers["box02"], tunnel="/no/such/command")
        config = self.configure({"box01": servers["box01"]}, wrong)
        self.assert_exit(self.fetch_all(config), 78)

    def test_accounts_whose_mapped_file_is_taken_away_end_with_74(self):
        servers = self.accounts(2, slow(0.2))
        config = self.configure(servers)
        process = self.start("fetch", "--config", config)
        self.wait_until(lambda: all(server.log.commands("RETR") for server in servers.values()))
        os.truncate(self.archive / ".popkeep" / "ledger.db-shm", 0)
        said = process.communicate(timeout=30)[1].decode()
        self.assertEqual(process.returncode, 74, said)
        self.assertIn("mapped into memory", said)
        self.assertIn("ended by the disk", said)
        self.assert_exit(self.fetch_all(config), 0)
        self.assert_all_archived(servers)

    def test_a_killed_process_is_told_by_its_account_and_the_others_go_on(self):
        servers = self.accounts(4)
        servers["box02"].behaviour = slow(30)
        process = self.start("fetch", "--config", self.configure(servers))
        others = [server for name, server in servers.items() if name != "box02"]
        self.wait_until(lambda: all(server.log.commands("QUIT") for server in others))
        (child,) = self.wait_until(lambda: len(self.children(process)) == 1 and self.children(process))
        os.kill(child, signal.SIGKILL)
        _, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 70, err)
        self.assertIn(b"box02: the process of this account ended unexpectedly (killed by signal 9)", err)
        del servers["box02"]
        self.assert_all_archived(servers)

    def test_json_lines_are_whole_and_name_their_account(self):
        servers = self.accounts(12, messages=5)
        servers["box07"].users = {USER: "something else"}
        result = self.fetch_all(self.configure(servers), "--json", "--jobs", 12, "--per-host", 12)
        self.assert_exit(result, 77)
        lines = [json.loads(line) for line in result.out.splitlines()]
        self.assertEqual((lines[0]["type"], lines[-1]["type"]), ("start", "total"))
        self.assertEqual({line["account"] for line in lines[1:-1]}, set(servers))
        for name in servers:
            own = [line["type"] for line in lines if line.get("account") == name]
            self.assertEqual(own.count("summary"), 1)
            self.assertEqual(own[-1], "summary")
        total = lines[-1]
        self.assertEqual([total[key] for key in ("accounts", "done", "failed", "archived", "exit")], [12, 11, 1, 55, 77])

    def test_a_setting_in_an_account_is_78(self):
        path = self.configure(self.accounts(1))
        path.write_text(path.read_text() + "jobs = 3\n")
        result = self.fetch_all(path)
        self.assert_exit(result, 78)
        self.assertIn("[defaults]", result.err)

    def test_the_log_has_a_line_for_what_every_account_did(self):
        servers = self.accounts(3)
        servers["box02"].users = {USER: "something else"}
        log = self.folder / "popkeep.log"
        log.write_text("")
        log.unlink()
        self.assert_exit(self.fetch_all(self.configure(servers), "--log", log), 77)
        text = log.read_text()
        self.assertEqual(log.stat().st_mode & 0o777, 0o600)
        self.assertRegex(text, r"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} box01: 3 messages archived")
        self.assertRegex(text, r"(?m)^\S+ box02: error 77: ")
        self.assertNotIn("secret pass", text)
        size = log.stat().st_size
        self.fetch_all(self.configure(servers), "--log", log)
        self.assertGreater(log.stat().st_size, size)

    def test_the_log_names_a_message_that_could_not_be_had(self):
        server = self.serve(behaviour=Behaviour(rules=(Rule("RETR", message=2, reply=b"-ERR gone bad\r\n"),)))
        self.fetch_all(self.configure({"home": server}), "--log", self.folder / "log")
        self.assertRegex((self.folder / "log").read_text(), r"home: .*uid-000002.*gone bad")

    def test_a_log_that_cannot_be_opened_is_told_before_anything_is_fetched(self):
        servers = self.accounts(2)
        self.assert_exit(self.fetch_all(self.configure(servers), "--log", self.folder / "no" / "such"), 74)
        self.assertEqual([server.log.connections() for server in servers.values()], [0, 0])


class Stopping(Several):
    def setUp(self):
        super().setUp()
        # Of each account two messages come at once, the third one hangs.
        hangs = Behaviour(rules=(Rule("RETR", message=3, delay=60, times=1),), pipelining=False)
        self.servers = self.accounts(6, hangs, messages=4)
        self.config = self.configure(self.servers)

    def hanging(self, count):
        return sum(len(server.log.commands("RETR")) >= 3 for server in self.servers.values()) >= count

    def assert_committed_and_resumable(self, running):
        archived = self.run_program("list", self.archive, "--json").out.count('"type":"message"')
        self.assertGreaterEqual(archived, 2 * running)
        self.assert_exit(self.run_program("verify", self.archive), 0)
        for server in self.servers.values():
            server.behaviour = slow(0)
        self.assert_exit(self.fetch_all(self.config), 0)
        self.assert_all_archived(self.servers)

    def test_sigterm_to_the_parent_ends_all_within_five_seconds_with_everything_committed(self):
        process = self.start("fetch", "--config", self.config)
        self.wait_until(lambda: self.hanging(4))
        children = self.children(process)
        start = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
        self.assertLess(time.monotonic() - start, 5)
        self.assertEqual(process.returncode, 143, err)
        self.assertTrue(self.gone(children))
        self.assertIn(b"4 stopped, 2 not begun", err)
        self.assert_committed_and_resumable(4)

    def test_those_that_had_failed_are_not_told_as_done(self):
        # The first to be begun, and the first to end.
        self.servers["box01"].users = {}
        process = self.start("fetch", "--config", self.config)
        self.wait_until(lambda: self.hanging(4))
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
        self.assertIn(b"stopped on request: 0 accounts done, 1 failed, 4 stopped, 1 not begun", err)

    def test_a_signal_to_everybody_at_once_counts_once(self):
        # As systemd ends a service.
        process = self.start("fetch", "--config", self.config, start_new_session=True)
        self.wait_until(lambda: self.hanging(4))
        os.killpg(process.pid, signal.SIGTERM)
        _, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 143, err)
        self.assert_committed_and_resumable(4)

    def test_ctrl_c_on_the_terminal_is_130_with_everything_committed(self):
        self.environment["TERM"] = "xterm"
        result = self.run_at_terminal("fetch", "--config", self.config, typed=[("0 of 6 accounts done", "")],
                                      interrupt=lambda: self.hanging(4))
        self.assert_exit(result, 130)
        self.assert_committed_and_resumable(4)

    def test_the_second_signal_leaves_at_once_and_nobody_stays_behind(self):
        process = self.start("fetch", "--config", self.config)
        self.wait_until(lambda: self.hanging(4))
        children = self.children(process)
        # They can't hear the first one.
        for child in children:
            os.kill(child, signal.SIGSTOP)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=5)
        self.assertEqual(process.returncode, 130)
        self.wait_until(lambda: self.gone(children), 5)
        for server in self.servers.values():
            server.behaviour = slow(0)
        self.assert_exit(self.fetch_all(self.config), 0)
        self.assert_all_archived(self.servers)

    def test_a_killed_parent_leaves_nobody_behind(self):
        process = self.start("fetch", "--config", self.config)
        self.wait_until(lambda: self.hanging(4))
        children = self.children(process)
        process.kill()
        self.wait_until(lambda: self.gone(children), 5)


class Questions(Several):
    def test_passwords_are_asked_for_one_at_a_time(self):
        servers = self.accounts(3)
        config = self.configure(servers, password_file=None)
        typed = [("Password of", "secret pass")]
        result = self.run_at_terminal("fetch", "--config", config, "--jobs", 3,
                                      typed=typed + [("Password of", "secret pass")] * 2, anew=True)
        self.assert_exit(result, 0)
        self.assertEqual(result.err.count("Password of"), 3)
        self.assert_all_archived(servers)

    def test_commands_that_have_a_part_in_signing_in_have_the_terminal_one_at_a_time(self):
        busy, turns = self.folder / "busy", self.folder / "turns"
        script = self.folder / "ask"
        script.write_text("#!/bin/sh\nmkdir %s && echo alone >>%s || echo beside another >>%s\n"
                          "sleep 0.5\nrmdir %s\necho token\n" % (busy, turns, turns, busy))
        script.chmod(0o700)
        for keys in ({"token_command": script, "password_file": None},
                     {"proxy_password_command": script, "proxy": "http://me@127.0.0.1:1"}):
            with self.subTest(keys):
                turns.write_text("")
                servers = self.accounts(3, Behaviour(sasl=(b"XOAUTH2",)))
                for server in servers.values():
                    server.tokens = {USER: "token"}
                result = self.run_at_terminal("fetch", "--config", self.configure(servers, **keys), "--jobs", 3)
                self.assertEqual(turns.read_text(), "alone\n" * 3, result)
                if "token_command" in keys:
                    self.assert_exit(result, 0)
                    self.assert_all_archived(servers)

    def test_first_deletions_are_asked_about_one_at_a_time(self):
        servers = self.accounts(2)
        config = self.configure(servers, delete="fetched", max_delete="100%")
        result = self.run_at_terminal("fetch", "--config", config, typed=[('"yes"', "yes"), ('"yes"', "yes")], anew=True)
        self.assert_exit(result, 0)
        self.assertEqual([server.maildrop.present() for server in servers.values()], [[], []])

    def test_what_was_told_before_a_question_is_told_once(self):
        servers = self.accounts(2)
        told = self.section("box01", servers["box01"], archive=self.folder / "new")
        asks = self.section("box02", servers["box02"], delete="fetched", max_delete="100%")
        result = self.run_at_terminal("fetch", "--config", self.configure({}, told + asks), "--jobs", 1,
                                      typed=[('"yes"', "yes")])
        self.assert_exit(result, 0)
        self.assertEqual(result.out.count("is a new archive"), 1)

    def test_the_next_question_is_asked_though_the_parent_has_not_heard_of_the_end_of_the_last(self):
        servers = self.accounts(2)
        asks = self.section("box01", servers["box01"], password_file=None, delete="fetched", max_delete="100%")
        config = self.configure({"box02": servers["box02"]}, asks)
        words = self.command("fetch", "--config", config, "--jobs", 1)
        terminal = Terminal(words, self.environment, 80, cwd=self.folder)
        self.addCleanup(terminal.close)
        terminal.read(until="Password of")
        terminal.process.send_signal(signal.SIGSTOP)
        os.write(terminal.master, (PASSWORD + "\n").encode())
        self.wait_until(lambda: len(servers["box01"].log.commands("RETR")) == 3)
        time.sleep(1)
        terminal.process.send_signal(signal.SIGCONT)
        self.assertIn('"yes"', terminal.read(until='"yes"', timeout=15))


class Unanswered(Several):
    """box01 asks for its password while the others have theirs."""

    def asked(self, servers, *extra):
        sections = [self.section(name, server, **({"password_file": None} if name == "box01" else {}))
                    for name, server in servers.items()]
        words = self.command("fetch", "--config", self.configure({}, "".join(sections)), "--jobs", 2, *extra)
        terminal = Terminal(words, self.environment, 80, cwd=self.folder)
        self.addCleanup(terminal.close)
        terminal.read(until="Password of")
        return terminal

    def answer(self, terminal, code=0):
        """What is shown from the question on. Nothing else is before it is answered."""
        terminal.read(until="nothing", timeout=0.5)
        self.assertRegex(terminal.text(), r"Password of [^\r\n]*: $")
        before = len(terminal.text())
        os.write(terminal.master, (PASSWORD + "\n").encode())
        text = terminal.read()[before:]
        self.assertEqual(terminal.process.wait(10), code, text)
        return text

    def wait_for_the_others(self, servers, seconds=20):
        others = [server for name, server in servers.items() if name != "box01"]
        self.wait_until(lambda: all(server.log.commands("QUIT") for server in others), seconds)

    def test_others_are_fetched_to_their_ends_and_the_next_are_begun(self):
        servers = self.accounts(5)
        log = self.folder / "popkeep.log"
        terminal = self.asked(servers, "--log", log)
        self.wait_for_the_others(servers)
        self.wait_until(lambda: log.read_text().count("3 messages archived") == 4)
        shown = self.answer(terminal)
        self.assertIn("15 messages", shown)
        self.assert_all_archived(servers)

    def test_nothing_is_shown_behind_the_question_for_a_user_name_either(self):
        servers = self.accounts(2)
        nameless = self.section("box01", servers["box01"], url=self.url(servers["box01"]).replace(USER + "@", ""))
        log = self.folder / "popkeep.log"
        config = self.configure({}, nameless + self.section("box02", servers["box02"]))
        words = self.command("fetch", "--config", config, "--jobs", 2, "--log", log)
        terminal = Terminal(words, self.environment, 80, cwd=self.folder)
        self.addCleanup(terminal.close)
        terminal.read(until="User name at")
        self.wait_until(lambda: "3 messages archived" in log.read_text())
        terminal.read(until="nothing", timeout=0.5)
        self.assertRegex(terminal.text(), r"User name at [^\r\n]*: $")

    def test_one_that_needs_no_password_does_not_wait_for_its_turn_to_ask(self):
        servers = self.accounts(2, Behaviour(sasl=(b"GSSAPI",)))
        ticket = self.section("box02", servers["box02"], password_file=None, auth="gssapi")
        log = self.folder / "popkeep.log"
        asks = self.section("box01", servers["box01"], password_file=None)
        terminal = Terminal(self.command("fetch", "--config", self.configure({}, asks + ticket), "--jobs", 2, "--log", log),
                            {**self.environment, "KRB5CCNAME": str(self.folder / "none")}, 80, cwd=self.folder)
        self.addCleanup(terminal.close)
        terminal.read(until="Password of")
        self.wait_until(lambda: "box02: error" in log.read_text())

    def test_a_long_conversation_of_another_is_shown_afterwards(self):
        servers = {**self.accounts(1), "box02": self.serve(letters("box02", 600), slow(0), hook=lambda *_: None)}
        terminal = self.asked(servers, "--verbose")
        self.wait_for_the_others(servers)
        shown = self.answer(terminal)
        self.assertEqual([shown.count("box02: > RETR %d\r\n" % n) for n in range(1, 601)], [1] * 600)
        self.assert_all_archived(servers)

    def test_of_a_conversation_without_end_no_more_is_kept_than_has_room_but_every_warning(self):
        wordy = Behaviour(rules=(Rule("RETR", reply=b"-ERR " + b"x" * 900 + b"\r\n"),), pipelining=False)
        servers = {**self.accounts(1), "box02": self.serve(letters("box02", 1000), wordy, hook=lambda *_: None)}
        terminal = self.asked(servers, "--verbose")
        self.wait_for_the_others(servers, 60)
        shown = self.answer(terminal, 75)
        self.assertEqual(shown.count(" box02: message "), 1000)
        self.assertIn("lines of conversations left out", shown)
        self.assertIn(shown.count("box02: < -ERR x"), range(100, 1000))


if __name__ == "__main__":
    unittest.main()
