"""Providers that show their mail in portions, hide what was fetched, want pauses and have daily limits."""

import json
import shlex
import signal
import subprocess
import time
import unittest

from harness import DELETING, PASSWORD, Case, checker, faked
from popserver import Behaviour, Maildrop, Rule, corpus
from proxies import relay_command

GMAIL = {"show": 250, "hide_retrieved": True, "dele": "ignored", "pipelining": False}


class Drain(Case):
    def test_250_at_a_time_come_whole(self):
        server = self.serve(corpus.plain(620), Behaviour(**GMAIL))
        result = self.fetch(server, "--drain", "--json")
        self.assert_exit(result, 0)
        self.assert_archived(server.maildrop)
        lines = [json.loads(line) for line in result.out.splitlines()]
        sessions = [line for line in lines if line["type"] == "session"]
        self.assertEqual([line["archived"] for line in sessions], [250, 250, 120])
        self.assertEqual(sessions[-1]["archived_so_far"], 620)
        self.assertEqual(sessions[-1]["bytes_so_far"], sum(line["bytes"] for line in sessions))
        self.assertEqual((lines[-1]["sessions"], lines[-1]["unlisted"]), (4, 620))

    def test_without_drain_a_run_is_one_portion(self):
        server = self.serve(corpus.plain(12), Behaviour(**{**GMAIL, "show": 5}))
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(len(server.log.commands("RETR")), 5)

    def test_a_provider_that_ignores_dele_still_comes_whole(self):
        server = self.serve(corpus.plain(12), Behaviour(**{**GMAIL, "show": 5}))
        self.assert_exit(self.fetch(server, "--drain", *DELETING), 0)
        self.assert_archived(server.maildrop)
        self.assert_no_bad_delete(server)

    def test_portions_that_deleting_brings_on_come_whole(self):
        server = self.serve(corpus.plain(12), Behaviour(show=5))
        self.assert_exit(self.fetch(server, "--drain", *DELETING), 0)
        self.assert_archived(server.maildrop)
        self.assertEqual(server.maildrop.present(), [])

    def test_a_mailbox_that_stays_listed_ends_after_one_more_session(self):
        server = self.serve(corpus.plain(5), Behaviour())
        self.assert_exit(self.fetch(server, "--drain"), 0)
        self.assertEqual(server.connections, 2)

    def test_what_it_was_asked_to_delete_is_not_hidden_by_a_provider_that_does_not_confirm_it(self):
        unconfirmed = Rule("QUIT", sessions=(1,), reply=b"-ERR some may remain\r\n", acts=True)
        result = self.fetch(self.serve(behaviour=Behaviour(rules=(unconfirmed,))), "--drain", "--json", *DELETING)
        self.assert_exit(result, 75)
        summary = json.loads(result.out.splitlines()[-1])
        self.assertEqual((summary["unconfirmed"], summary["unlisted"]), (5, 0))

    def test_a_limit_ends_it_without_a_further_login(self):
        server = self.serve(corpus.plain(12), Behaviour(**{**GMAIL, "show": 5}))
        self.assert_exit(self.fetch(server, "--drain", "--limit", "7"), 0)
        self.assertEqual((server.connections, len(server.log.commands("RETR"))), (2, 7))

    def told_at_gmail(self, *words):
        (self.home / ".netrc").write_text("machine pop.gmail.com login me@example.com password \"%s\"\n" % PASSWORD)
        (self.home / ".netrc").chmod(0o600)
        result = self.run_at_terminal("fetch", *words, "--drain")
        self.assert_exit(result, 0)
        return " ".join(result.out.split())

    def gmail_account(self, name):
        config = self.folder / "popkeep.toml"
        config.write_text('[account."%s"]\nurl = "pop3://pop.gmail.com"\nid = "mine"\narchive = "archive"\n'
                          'tls = "off"\ntunnel = %s\n' %
                          (name, json.dumps(relay_command(self.folder, self.serve(corpus.plain(2)).port))))
        return config

    def test_a_person_is_told_how_recent_mail_is_listed_again(self):
        self.assertIn("popkeep fetch old --user recent:me@example.com --id mine --delete never",
                      self.told_at_gmail("old", "--config", self.gmail_account("old")))

    def test_a_person_is_told_what_is_never_listed(self):
        self.assertIn("Gmail never lists spam", self.told_at_gmail("old", "--config", self.gmail_account("old")))

    def test_an_account_whose_name_has_a_blank_is_told_in_quotes(self):
        told = self.told_at_gmail("my old", "--config", self.gmail_account("my old"))
        self.assertIn("popkeep fetch 'my old' --user", told)

    def test_who_came_by_url_is_told_how_recent_mail_is_listed_again_by_url(self):
        tunnel = shlex.join(relay_command(self.folder, self.serve(corpus.plain(2)).port))
        told = self.told_at_gmail("pop3://pop.gmail.com", "--to", self.archive, "--tls", "off", "--tunnel", tunnel)
        self.assertIn("popkeep fetch pop3://pop.gmail.com --to %s --user recent:me@example.com"
                      " --id me@example.com@pop.gmail.com --delete never" % self.archive, told)

    def test_a_person_is_told_how_it_goes_and_what_is_hidden(self):
        server = self.serve(corpus.plain(12), Behaviour(**{**GMAIL, "show": 5}))
        result = self.fetch_at_terminal(server, "--drain")
        self.assert_exit(result, 0)
        self.assertIn("session 1: 5 messages", result.out)
        self.assertIn("10 messages so far", result.out)
        self.assertIn("the end is near", result.out)
        self.assertIn("in 4 sessions", result.out)
        self.assertIn("at least 12 of these the server does not list any more", " ".join(result.out.split()))

    def test_with_a_limit_the_rest_is_known(self):
        server = self.serve(corpus.plain(30), Behaviour(**{**GMAIL, "show": 5}))
        result = self.fetch_at_terminal(server, "--drain", "--limit", "20")
        self.assert_exit(result, 0)
        self.assertIn("at most 15 messages to come, about 3 sessions", " ".join(result.out.split()))


class Portions(Case):
    """What was given out without being hidden stands in a portion, and must not stay there."""
    BEHAVIOUR = {**GMAIL, "show": 5}
    EXPIRING = {**BEHAVIOUR, "extra": (b"EXPIRE 0",)}

    def without_quit(self, behaviour, *words):
        """A server whose first portion was archived in a session that didn't end well."""
        lost = Rule("DELE" if words else "QUIT", reply=b"", then="close")
        server = self.serve(corpus.plain(12), Behaviour(**behaviour, rules=(lost,)))
        self.fetch(server, *words)
        server.behaviour = Behaviour(**behaviour)
        self.assertEqual(self.run_program("list", self.archive).out.count("\n"), 5)
        self.assertFalse(any(message.popped for message in server.maildrop.messages))
        return server

    def test_a_drain_comes_past_them(self):
        server = self.without_quit(self.BEHAVIOUR)
        self.assert_exit(self.fetch(server, "--drain"), 0)
        self.assert_archived(server.maildrop)

    def come_past_in_few_sessions(self, *words, portion):
        lost = Rule("QUIT", times=1, reply=b"", then="close")
        server = self.serve(corpus.plain(portion + 10), Behaviour(**{**GMAIL, "show": portion}, rules=(lost,)))
        self.fetch(server, *words)
        result = self.fetch(server, "--drain", "--json", *words)
        self.assert_archived(server.maildrop)
        self.assertLess(json.loads(result.out.splitlines()[-1])["sessions"], 6)

    def test_a_large_portion_of_them_is_come_past_in_few_sessions(self):
        self.come_past_in_few_sessions(portion=140)

    def test_a_large_portion_of_them_is_come_past_in_few_sessions_that_delete(self):
        self.come_past_in_few_sessions(*DELETING, portion=40)

    def test_runs_of_one_session_come_past_them_where_nothing_may_stay(self):
        server = self.without_quit(self.EXPIRING)
        for _ in range(5):
            self.assert_exit(self.fetch(server), 0)
        self.assert_archived(server.maildrop)

    def test_runs_that_delete_come_past_them(self):
        server = self.without_quit(self.EXPIRING, *DELETING)
        for _ in range(7):
            self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assert_archived(server.maildrop)
        self.assert_no_bad_delete(server)

    def test_what_a_broken_session_of_the_same_run_brought_is_come_past(self):
        lost = Rule("RETR", message=5, times=1, reply=b"", then="close")
        server = self.serve(corpus.plain(12), Behaviour(**self.BEHAVIOUR, rules=(lost,)))
        self.assert_exit(self.fetch(server, "--drain"), 0)
        self.assert_archived(server.maildrop)
        self.assertEqual([message.number for message in server.maildrop.messages if not message.popped], [])

    def test_a_stop_before_all_of_them_came_again_proves_nothing(self):
        server = self.without_quit(self.EXPIRING)
        self.assert_exit(self.fetch(server), 0)
        server.behaviour = Behaviour(**self.EXPIRING, rules=(Rule("RETR", delay=0.5),))
        asked = len(server.log.commands("RETR"))
        process = subprocess.Popen(self.command(*self.fetch_words(server, timeout=20)), env=self.environment,
                                   cwd=self.folder, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(server.log.commands("RETR")) == asked:
            self.assertIsNone(process.poll())
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(20), 130)
        server.behaviour = Behaviour(**self.EXPIRING)
        for _ in range(6):
            self.assert_exit(self.fetch(server), 0)
        self.assert_archived(server.maildrop)
        self.assertTrue(all(message.popped for message in server.maildrop.messages))

    def test_a_session_that_breaks_again_proves_nothing(self):
        server = self.without_quit(self.EXPIRING)
        server.behaviour = Behaviour(**self.EXPIRING, rules=(Rule("QUIT", reply=b"", then="close"),))
        self.assert_exit(self.fetch(server), 0)
        server.behaviour = Behaviour(**self.EXPIRING)
        self.assert_exit(self.fetch(server, "--drain"), 0)
        self.assert_archived(server.maildrop)

    def test_portions_that_are_listed_once_more_are_come_past(self):
        server = self.serve(corpus.plain(12), Behaviour(**self.BEHAVIOUR))
        self.assert_exit(self.fetch(server, "--drain"), 0)
        for message in server.maildrop.messages:
            message.popped = False
        for number, data in enumerate(corpus.plain(15)[12:]):
            server.maildrop.add(data, b"late-%d" % number)
        self.assert_exit(self.fetch(server, "--drain"), 0)
        self.assert_archived(server.maildrop)

    def test_portions_under_other_uids_are_come_past_without_top(self):
        server = self.serve(corpus.plain(12), Behaviour(**self.BEHAVIOUR, top=False))
        self.assert_exit(self.fetch(server, "--drain"), 0)
        for message in server.maildrop.messages:
            message.popped = False
        server.maildrop.renew_uids(lambda number, uid: b"new-%d" % number)
        for number, data in enumerate(corpus.plain(15)[12:]):
            server.maildrop.add(data, b"late-%d" % number)
        self.assert_exit(self.fetch(server, "--drain"), 0)
        self.assert_archived(server.maildrop)

    def asked_once_more(self, server, *words):
        self.assert_exit(self.fetch(server), 0)
        for _ in range(3):
            self.assert_exit(self.fetch(server, *words), 0)
            self.assertEqual(len(server.log.commands("RETR")), 6)

    def test_what_stays_listed_though_it_may_not_is_asked_for_once_more_and_never_again(self):
        self.asked_once_more(self.serve(corpus.plain(5), Behaviour(extra=(b"EXPIRE 0",))))

    def test_what_stays_listed_in_a_drain_is_asked_for_once_more_and_never_again(self):
        self.asked_once_more(self.serve(corpus.plain(5), Behaviour()), "--drain")

    def test_a_drain_that_brings_mail_asks_for_none_twice_where_it_stays_listed(self):
        server = self.serve(corpus.plain(5), Behaviour())
        for _ in range(3):
            self.assert_exit(self.fetch(server, "--drain"), 0)
            self.assertEqual(len(server.log.commands("RETR")), 5)


class Delays(Case):
    def test_the_announced_pause_is_kept(self):
        behaviour = Behaviour(**GMAIL | {"show": 5, "login_delay": 2, "extra": (b"LOGIN-DELAY 2",)})
        server = self.serve(corpus.plain(12), behaviour)
        self.assert_exit(self.fetch(server, "--drain"), 0)
        self.assert_archived(server.maildrop)
        refused = [event for event in server.log.commands("PASS") if event["status"].startswith("-ERR")]
        self.assertEqual(refused, [])

    def test_a_pause_that_is_too_short_is_made_longer(self):
        behaviour = Behaviour(**GMAIL | {"show": 5, "login_delay": 4, "extra": (b"LOGIN-DELAY 1",)})
        server = self.serve(corpus.plain(7), behaviour)
        self.assert_exit(self.fetch(server, "--drain"), 0)
        self.assert_archived(server.maildrop)
        self.assertTrue(any(event["status"].startswith("-ERR [LOGIN-DELAY]") for event in server.log.commands("PASS")))

    def drained_past(self, answer, sessions):
        """A drain of two portions whose sign-ins are refused like that in these sessions; its clock runs fast."""
        refused = Rule("PASS", sessions=sessions, reply=answer)
        server = self.serve(corpus.plain(7), Behaviour(**GMAIL | {"show": 5}, extra=(b"LOGIN-DELAY 1",), rules=(refused,)))
        quick = {**faked("+0 x20"), "FAKETIME_DONT_FAKE_MONOTONIC": "0"}
        words = self.fetch_words(server, "--drain", "--limit", "7", timeout=60)
        return server, self.run_program(*words, env=quick, timeout=20)

    def test_a_drain_outwaits_the_lock_of_its_last_session(self):
        server, result = self.drained_past(b"-ERR [IN-USE] locked by another session\r\n", (2,))
        self.assert_exit(result, 0)
        self.assert_archived(server.maildrop)

    def test_a_drain_whose_sign_ins_are_all_refused_for_now_ends(self):
        _, result = self.drained_past(b"-ERR [SYS/TEMP] not now\r\n", range(2, 99))
        self.assert_exit(result, 75)

    def test_five_minutes_can_be_stopped_and_gone_on_with(self):
        behaviour = Behaviour(**GMAIL | {"show": 5, "login_delay": 300, "extra": (b"LOGIN-DELAY 300",)})
        server = self.serve(corpus.plain(8), behaviour)
        process = subprocess.Popen(self.command(*self.fetch_words(server, "--drain", "--json")),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=self.environment,
                                   cwd=self.folder)
        for line in process.stdout:
            event = json.loads(line)
            if event["type"] == "session":
                break
        self.assertGreater(event["wait"], 290)
        self.assertLessEqual(event["wait"], 301)
        stopped = time.monotonic()
        process.send_signal(signal.SIGINT)
        summary = json.loads(process.stdout.read().splitlines()[-1])
        process.stdout.close()
        self.assertEqual(process.wait(10), 130)
        self.assertLess(time.monotonic() - stopped, 5)
        self.assertEqual((summary["archived"], summary["exit"]), (5, 130))
        # Five minutes later.
        self.let_minutes_pass(server)
        server.behaviour = Behaviour(**GMAIL | {"show": 5})
        self.assert_exit(self.fetch(server, "--drain"), 0)
        self.assert_archived(server.maildrop)

    def let_minutes_pass(self, server):
        server.maildrop.last_login = None
        checker.let_time_pass(self.archive, 301)

    def sign_ins(self, server):
        return [event["status"] for event in server.log.commands("PASS")]

    def test_without_drain_a_refusal_for_now_is_75(self):
        server = self.serve(corpus.plain(3), Behaviour(login_delay=300))
        self.assert_exit(self.fetch(server), 0)
        self.assert_exit(self.fetch(server), 75)

    def test_a_run_too_soon_behind_another_one_asks_nobody_and_is_a_silent_75(self):
        server = self.serve(corpus.plain(3), Behaviour(login_delay=300, extra=(b"LOGIN-DELAY 300",)))
        self.assert_exit(self.fetch(server), 0)
        self.assert_exit(self.fetch(server), 75)
        connections = server.connections
        early = self.fetch(server, "--json")
        self.assert_exit(early, 75)
        self.assertEqual((early.err, server.connections), ("", connections))
        self.assertIn("the server wants more time between two sign-ins", json.loads(early.out.splitlines()[-2])["what"])
        server.maildrop.add(corpus.plain(4)[3], b"new")
        self.let_minutes_pass(server)
        self.assert_exit(self.fetch(server), 0)
        self.assert_archived(server.maildrop)

    def test_a_run_a_little_too_soon_waits_once_the_server_has_refused_one(self):
        server = self.serve(corpus.plain(3), Behaviour(login_delay=3, extra=(b"LOGIN-DELAY 3",)))
        exits = [self.fetch(server).code for _ in range(4)]
        self.assertEqual(exits, [0, 75, 0, 0])
        self.assertEqual([status[:3] for status in self.sign_ins(server)], ["+OK", "-ER", "+OK", "+OK"])

    def test_a_server_that_announces_a_delay_and_does_not_mind_is_asked_at_once(self):
        server = self.serve(corpus.plain(3), Behaviour(extra=(b"LOGIN-DELAY 300",)))
        for _ in range(3):
            self.assert_exit(self.fetch(server), 0)
        self.assertEqual(len(self.sign_ins(server)), 3)

    def test_with_drain_a_run_waits_however_long_and_can_be_stopped(self):
        server = self.serve(corpus.plain(3), Behaviour(login_delay=300, extra=(b"LOGIN-DELAY 300",)))
        self.assert_exit(self.fetch(server), 0)
        self.environment["TERM"] = "xterm"
        result = self.fetch_at_terminal(server, "--drain", typed=[("next session in 4 min", "\x03")])
        self.assert_exit(result, 130)
        self.assertEqual(len(self.sign_ins(server)), 1)

    def test_a_person_tries_at_once_and_sees_what_the_server_says(self):
        server = self.serve(corpus.plain(3), Behaviour(extra=(b"LOGIN-DELAY 300",)))
        self.assert_exit(self.fetch(server), 0)
        self.assert_exit(self.fetch_at_terminal(server), 0)
        self.assert_exit(self.fetch(server, "--dry-run"), 0)
        self.assertEqual(len(self.sign_ins(server)), 3)

    def test_a_clock_that_was_set_back_holds_nothing_up(self):
        server = self.serve(corpus.plain(3), Behaviour(login_delay=300, extra=(b"LOGIN-DELAY 300",)))
        self.assert_exit(self.fetch(server), 0)
        self.assert_exit(self.fetch(server), 75)
        server.maildrop.last_login = None
        checker.let_time_pass(self.archive, -checker.DAY)
        self.assert_exit(self.fetch(server), 0)

    def test_a_session_that_broke_is_followed_by_another_one_all_the_same(self):
        server = self.serve(corpus.plain(3), Behaviour(
            extra=(b"LOGIN-DELAY 300",), rules=(Rule("RETR", message=2, reply=b"+OK\r\nhalf", then="close", times=1),)))
        self.assert_exit(self.fetch(server), 0)
        self.assert_archived(server.maildrop)
        self.assertGreater(len(self.sign_ins(server)), 1)


class DailyLimits(Case):
    def test_what_came_before_the_limit_is_kept_and_the_rest_comes_another_day(self):
        drop = Maildrop(corpus.plain(12))
        server = self.serve(drop, Behaviour(**GMAIL | {"show": 5, "daily": 7}))
        result = self.fetch(server, "--drain")
        self.assert_exit(result, 75)
        self.assertEqual(len([m for m in drop.messages if m.popped]), 7)
        drop.given_out = 0
        server.behaviour = Behaviour(**GMAIL | {"show": 5})
        self.assert_exit(self.fetch(server, "--drain"), 0)
        self.assert_archived(drop)

    def test_a_login_refused_for_the_day_is_not_taken_for_a_wrong_password(self):
        refusal = Rule("PASS", reply=b"-ERR Exceeded the login limit for a 15 minute period.\r\n")
        server = self.serve(corpus.plain(3), Behaviour(auth_resp_code=False, rules=(refusal,)))
        self.assert_exit(self.fetch(server), 75)


if __name__ == "__main__":
    unittest.main()
