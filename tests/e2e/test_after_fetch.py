"""The command that is told of a run. It may not hurt the run."""

import json
import os
import signal
import time
import unittest

from harness import PASSWORD
from popserver import Behaviour, Rule
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
        config = self.configure(servers, after_fetch="sleep 8; echo done >> seen")
        result = self.fetch_all(config, "--jobs", 1)
        self.assert_exit(result, 0)
        self.assertLess(result.seconds, 2 * 8)
        self.assertEqual((self.folder / "seen").read_text(), 3 * "done\n")
        self.assert_all_archived(servers)

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

    def test_who_asks_for_all_is_told_of_each_failure(self):
        _, config = self.hooked("exit 3")
        for _ in range(2):
            self.assertIn("exit status 3", self.fetch_all(config, "--verbose").err)

    def test_a_stop_gives_one_that_hangs_a_few_seconds(self):
        _, config = self.hooked("touch begun; sleep 1000")
        process = self.start("fetch", "--config", config)
        self.wait_until((self.folder / "begun").exists)
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        err = process.communicate(timeout=30)[1].decode()
        self.assertLess(time.monotonic() - begin, 6)
        self.assertEqual(process.returncode, 0)
        self.assertIn("after_fetch had not ended soon after the request to stop and was killed", err)

    def test_a_dry_run_runs_none(self):
        servers, config = self.hooked("touch seen")
        self.assert_exit(self.fetch_all(config, "--dry-run"), 0)
        self.assertEqual(servers["home"].log.verbs()[-1], "QUIT")
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


if __name__ == "__main__":
    unittest.main()
