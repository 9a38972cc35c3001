"""status: the page, the monitor's line, JSON, and accounts whose archive is not there."""

import json
import unittest

from harness import PASSWORD, USER, checker
from several import Several
from popserver import Behaviour, Rule, corpus


class Status(Several):
    def status(self, config, *words, code=0):
        result = self.run_program("status", "--config", config, *words)
        self.assert_exit(result, code)
        return result

    def lines(self, config, *words, code=0):
        return [json.loads(line) for line in self.status(config, "--json", *words, code=code).out.splitlines()]

    def fetched(self, count=2, **keys):
        config = self.configure(self.accounts(count), **keys)
        self.assert_exit(self.fetch_all(config), 0)
        return config

    def test_the_page_says_when_what_where_and_what_is_next(self):
        config = self.fetched(delete="keep:1")
        # The first run deleted two; they are one on the server now, and the listing is from before.
        text = self.status(config).out
        self.assertIn("box01\n  archive       %s" % self.archive, text)
        self.assertRegex(text, r"last success +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d, \S+ s ago")
        self.assertRegex(text, r"archived +3 messages, ")
        self.assertRegex(text, r"on the server +3 messages, .* as listed")

    def test_what_the_next_run_will_delete_follows_the_policy(self):
        servers = self.accounts(1)
        self.assert_exit(self.fetch_all(self.configure(servers)), 0)
        for policy, count in (("never", 0), ("fetched", 3), ("keep:1", 2), ("keep:9", 0), ("after:1d", 0)):
            with self.subTest(policy):
                status = self.lines(self.configure(servers, delete=policy, max_delete="100%"))[-1]
                self.assertEqual((status["delete"], status["next_delete"], status["next_braked"]), (policy, count, False))

    def test_what_was_deleted_is_not_announced_again(self):
        servers = self.accounts(1)
        config = self.configure(servers, delete="fetched", max_delete="100%")
        self.assert_exit(self.fetch_all(config), 0)
        self.assertEqual(self.lines(config)[-1]["next_delete"], 0)

    def test_what_the_server_keeps_is_shown_and_not_announced(self):
        config = self.configure({"home": self.serve(behaviour=Behaviour(dele="ignored"))}, delete="fetched", max_delete="100%")
        for _ in range(4):
            self.fetch_all(config)
        page = " ".join(self.status(config).out.split())
        self.assertIn("left alone up to 5 messages that the server keeps", page)
        self.assertIn("deletes nothing", page)
        status = self.lines(config)[-1]
        self.assertEqual((status["left_alone"], status["next_delete"]), (5, 0))

    def test_a_run_that_the_brake_will_stop_is_announced(self):
        servers = self.accounts(1)
        self.assert_exit(self.fetch_all(self.configure(servers)), 0)
        text = self.status(self.configure(servers, delete="fetched", max_delete="1")).out
        self.assertIn("more than max_delete", " ".join(text.split()))

    def test_of_several_mailboxes_of_one_name_the_one_that_was_fetched_last_is_told_of(self):
        servers = {name: self.serve(corpus.plain(count), hook=lambda *_: None) for name, count in (("one", 3), ("two", 2))}
        for name, server in servers.items():
            server.users = {name: PASSWORD}
            nameless = self.section("home", server, url=self.url(server).replace(USER + "@", ""), id=None)
            config = self.configure({}, nameless)
            self.fetch_all(config, "--user", name)
        self.assertEqual(self.lines(config)[1]["archived"], 2)

    def test_a_missing_archive_stops_no_other_account(self):
        config = self.fetched()
        missing = self.section("lost", self.serve(), archive=self.folder / "nowhere")
        config.write_text(missing + config.read_text())
        text = self.status(config, code=73).out
        self.assertIn("lost", text)
        self.assertIn("no archive", text)
        self.assertIn("box02", text)
        lines = self.lines(config, code=73)
        self.assertEqual([line["account"] for line in lines if line["type"] == "status"], ["lost", "box01", "box02"])
        self.assertEqual([line["exit"] for line in lines if line["type"] == "error"], [73])

    def test_a_monitor_gets_one_line_with_all_that_is_wrong(self):
        config = self.fetched()
        self.assertEqual(self.status(config, "--max-age", "1h").err, "")
        missing = self.section("lost", self.serve(), archive=self.folder / "nowhere")
        config.write_text(config.read_text() + missing)
        result = self.status(config, "--max-age", "1h", code=73)
        self.assertEqual(result.out, "")
        self.assertEqual(len(result.err.splitlines()), 1)
        self.assertIn("lost (", result.err)

    def test_quarantined_messages_are_shown_with_the_time_of_the_next_try(self):
        rules = (Rule("RETR", message=2, reply=b"-ERR gone bad\r\n"),)
        servers = {"home": self.serve(corpus.plain(3), Behaviour(rules=rules), hook=lambda *_: None)}
        config = self.configure(servers)
        for _ in range(3):
            self.fetch_all(config)
        text = " ".join(self.status(config).out.split())
        self.assertRegex(text, r"quarantined UID uid-000002: failed 3 times since .*gone bad; asked for again after \d{4}-")
        lines = self.lines(config)
        self.assertEqual((lines[1]["refused"], lines[1]["quarantined"]), (1, 1))
        self.assertEqual((lines[2]["type"], lines[2]["failures"]), ("refusal", 3))

    def test_a_message_that_fails_has_done_so_since_it_failed_first(self):
        rules = (Rule("RETR", message=2, reply=b"-ERR gone bad\r\n"),)
        config = self.configure({"home": self.serve(corpus.plain(3), Behaviour(rules=rules), hook=lambda *_: None)})
        self.fetch_all(config)
        checker.let_time_pass(self.archive, checker.DAY)
        since = self.lines(config)[2]["since"]
        self.fetch_all(config)
        refusal = self.lines(config)[2]
        self.assertEqual((refusal["failures"], refusal["since"]), (2, since))

    def test_a_message_that_could_be_had_at_last_is_no_trouble_any_more(self):
        rules = (Rule("RETR", message=2, reply=b"-ERR gone bad\r\n"),)
        servers = {"home": self.serve(corpus.plain(3), Behaviour(rules=rules), hook=lambda *_: None)}
        config = self.configure(servers)
        self.fetch_all(config)
        self.assertEqual(self.lines(config)[1]["refused"], 1)
        servers["home"].behaviour = Behaviour()
        self.assert_exit(self.fetch_all(config), 0)
        self.assertEqual(self.lines(config)[1]["refused"], 0)

    def test_an_empty_listing_leaves_a_quarantined_message_quarantined(self):
        rules = (Rule("RETR", message=2, reply=b"-ERR gone bad\r\n"),)
        server = self.serve(corpus.plain(3), Behaviour(rules=rules), hook=lambda *_: None)
        config = self.configure({"home": server})
        for _ in range(3):
            self.fetch_all(config)
        server.behaviour = Behaviour(listing="empty")
        self.assert_exit(self.fetch_all(config), 0)
        self.assertEqual(self.lines(config)[1]["quarantined"], 1)

    def test_a_monitor_is_not_told_of_an_account_that_is_not_enabled(self):
        config = self.fetched(1)
        config.write_text(config.read_text() + self.section("left", self.serve()) + "enabled = false\n")
        self.status(config, "--max-age", "1h")

    def test_an_account_under_a_new_name_is_the_one_that_was_fetched(self):
        server = self.serve(hook=lambda *_: None)
        self.assert_exit(self.fetch_all(self.configure({"old": server}, id="mine")), 0)
        status = self.lines(self.configure({"new": server}, id="mine"))[-1]
        self.assertIsNotNone(status["last_success"])

    def test_programs_are_told_how_much_the_server_listed(self):
        servers = self.accounts(1)
        config = self.configure(servers)
        self.assert_exit(self.fetch_all(config), 0)
        status = self.lines(config)[-1]
        octets = sum(len(message.data) for message in servers["box01"].maildrop.messages)
        self.assertEqual((status["listed"], status["listed_octets"]), (3, octets))

    def test_what_is_missing_is_told_to_people_and_to_programs(self):
        config = self.fetched(1)
        (self.archive / "box01.mbox").unlink()
        self.assert_exit(self.fetch_all(config), 0)
        self.assertRegex(self.status(config).out, r"missing +3 messages")
        self.assertEqual(self.lines(config)[-1]["missing"], 3)

    def test_an_archives_folder_tells_of_all_that_it_holds(self):
        self.fetched()
        text = self.run_program("status", self.archive).out
        self.assertIn("box01", text)
        self.assertIn("box02", text)
        self.assertNotIn("next run", text)

    def test_an_account_that_was_never_fetched_says_so(self):
        config = self.configure(self.accounts(1))
        self.assertIn("never", self.status(config).out)
        self.status(config, "--max-age", "1h", code=75)


if __name__ == "__main__":
    unittest.main()
