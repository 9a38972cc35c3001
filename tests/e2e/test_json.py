"""--json: lines of JSON and nothing else on standard output, a summary at the end."""

import json
import unittest

from harness import DELETING, Case
from popserver import Behaviour, Rule

KEYS = {"type", "account", "listed", "new", "archived", "refused", "deleted", "bytes", "seconds", "exit"}


class Json(Case):
    def lines(self, server, *extra, code=0):
        result = self.fetch(server, "--json", *extra)
        self.assert_exit(result, code)
        return [json.loads(line) for line in result.out.splitlines()]

    def test_the_last_line_is_a_summary_with_all_its_keys(self):
        last = self.lines(self.serve())[-1]
        self.assertEqual(last["type"], "summary")
        self.assertLessEqual(KEYS, set(last))

    def test_the_summary_counts_right(self):
        last = self.lines(self.serve(), *DELETING)[-1]
        self.assertEqual([last[key] for key in ("listed", "new", "archived", "refused", "deleted", "exit")],
                         [5, 5, 5, 0, 5, 0])

    def test_the_summary_of_a_second_run_has_nothing_new(self):
        server = self.serve()
        self.lines(server)
        last = self.lines(server)[-1]
        self.assertEqual([last[key] for key in ("listed", "new", "archived", "bytes")], [5, 0, 0, 0])

    def test_every_line_has_a_type(self):
        lines = self.lines(self.serve())
        self.assertGreater(len(lines), 1)
        self.assertTrue(all("type" in line for line in lines))

    def test_a_refused_message_is_counted_and_the_exit_code_told(self):
        rules = (Rule("RETR", message=2, reply=b"-ERR Can't get the letter\r\n"),)
        last = self.lines(self.serve(behaviour=Behaviour(rules=rules)), code=75)[-1]
        self.assertEqual([last[key] for key in ("archived", "refused", "exit")], [4, 1, 75])

    def test_what_a_limit_leaves_is_counted(self):
        self.assertEqual(self.lines(self.serve(), "--limit", "2")[-1]["left"], 3)

    def test_a_deletion_that_the_server_did_not_confirm_is_counted(self):
        server = self.serve(behaviour=Behaviour(rules=(Rule("QUIT", reply=b"", then="close"),)))
        self.assertEqual(self.lines(server, *DELETING, code=75)[-1]["unconfirmed"], 5)

    def test_a_failed_login_still_ends_with_a_summary(self):
        self.password.write_text("wrong\n")
        last = self.lines(self.serve(), code=77)[-1]
        self.assertEqual([last[key] for key in ("type", "archived", "exit")], ["summary", 0, 77])

    def test_hostile_uids_come_as_valid_json(self):
        server = self.serve()
        server.maildrop.renew_uids(lambda number, uid: b'\xff"\x1b[2J\\%d' % number)
        self.assertEqual(self.lines(server)[-1]["archived"], 5)

    def test_a_dry_run_lists_what_it_would_do(self):
        lines = self.lines(self.serve(), "--dry-run", *DELETING)
        self.assertEqual(len([line for line in lines if line["type"] == "would_fetch"]), 5)

    def test_a_command_that_fails_at_once_has_the_line_start_as_well(self):
        nowhere = self.folder / "nowhere"
        server = self.serve()
        for words in (["status", nowhere], ["list", nowhere], ["show", nowhere, 1], ["deletions", nowhere],
                      ["export", nowhere, "--to", self.folder / "files"], ["verify", nowhere], ["repair", nowhere],
                      ["init", "/proc/nowhere"], ["fetch", self.url(server), "--to", nowhere]):
            with self.subTest(words[0]):
                result = self.run_program(*words, "--json")
                self.assertNotEqual(result.code, 0)
                self.assertEqual(json.loads(result.out.splitlines()[0]),
                                 {"type": "start", "format": 1, "command": words[0]})

    def test_a_wrong_configuration_has_the_line_start_as_well(self):
        config = self.folder / "popkeep.toml"
        config.write_text("[account")
        result = self.run_program("config", "--json", "--config", config)
        self.assert_exit(result, 78)
        self.assertEqual([json.loads(line)["type"] for line in result.out.splitlines()], ["start", "error"])


if __name__ == "__main__":
    unittest.main()
