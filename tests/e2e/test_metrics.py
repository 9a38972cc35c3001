"""The file of metrics."""

import fcntl
import json
import os
import time
import unittest

from harness import faked
from several import Several
from popserver import Behaviour, Rule, corpus
from prometheus_client import parser as prometheus
from prometheus_client.openmetrics import parser as openmetrics

REFUSES_ONE = Behaviour(rules=(Rule("RETR", message=2, reply=b"-ERR gone bad\r\n"),))


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

    def test_a_folder_that_another_program_keeps_locked_holds_no_run_up_for_long(self):
        folder = os.open(self.folder, os.O_RDONLY)
        self.addCleanup(os.close, folder)
        fcntl.flock(folder, fcntl.LOCK_EX)
        quick = {**faked("+0 x20"), "FAKETIME_DONT_FAKE_MONOTONIC": "0"}
        words = self.fetch_words(self.serve(), "--metrics", self.path, timeout=60)
        result = self.run_program(*words, env=quick, timeout=20)
        self.assert_exit(result, 0)
        self.assertIn("locked", result.err)

    def test_a_message_that_is_refused_again_and_again_counts_as_quarantined(self):
        server = self.serve(corpus.plain(3), REFUSES_ONE)
        for _ in range(3):
            self.fetch(server, "--metrics", self.path)
        self.assertEqual(self.figure("quarantined_messages", "me@example.com@127.0.0.1"), 1)

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


if __name__ == "__main__":
    unittest.main()
