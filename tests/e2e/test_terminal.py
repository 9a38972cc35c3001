"""What people see: progress at every width, colours, summaries; what logs and the journal get."""

import os
import unittest

from harness import DELETING, PROGRAM
from popserver import Behaviour, Rule, corpus
from several import Several, slow
from terminal import ESCAPE, Terminal, cells, drawn_lines

WIDE = "郵便箱と長い名前の口座その一番目のもの"


class Widths(Several):
    def show(self, columns, *words, rows=24, environment=None):
        terminal = Terminal([PROGRAM, *words], {**self.environment, **(environment or {})}, columns, rows, self.folder)
        self.addCleanup(terminal.close)
        return terminal

    def three(self, delay=0.15):
        behaviour = slow(delay)
        servers = self.accounts(2, behaviour, messages=6)
        servers[WIDE] = self.serve(corpus.plain(6), behaviour, hook=lambda *_: None)
        return servers

    def test_nothing_is_wider_than_the_window(self):
        servers = self.three()
        config = self.configure(servers)
        for columns in (40, 80, 200):
            with self.subTest(columns):
                archive = self.folder / str(columns)
                self.found(archive)
                text = self.show(columns, "fetch", "--config", config, "--to", archive).read()
                for line in drawn_lines(text):
                    # Neither a path nor a name has a place to be broken at.
                    if str(self.folder) not in line and line != "  %s:" % WIDE:
                        self.assertLessEqual(cells(line), columns, line)
                self.assertTrue(any("%" in line for line in drawn_lines(text)), text)

    def test_a_progress_line_has_share_messages_bytes_rate_and_time_left(self):
        servers = {"home": self.serve(corpus.sized(60, 20000), slow(0.1), hook=lambda *_: None)}
        text = self.show(100, "fetch", "--config", self.configure(servers)).read(timeout=90)
        self.assertRegex(text, r"home +\d+ %  +\d+/60  +[\d.]+ KiB  +[\d.]+ [KM]iB/s  +0:\d\d left")

    def test_after_the_window_was_narrowed_the_lines_are_narrow(self):
        servers = self.three(0.3)
        terminal = self.show(120, "fetch", "--config", self.configure(servers))
        terminal.read(until="2/6")
        before = len(terminal.pieces)
        terminal.resize(40)
        terminal.read()
        # The first redraw may have been under way.
        later = b"".join(data for _, data in terminal.pieces[before + 2:]).decode("utf-8", "replace")
        progress = [line for line in drawn_lines(later) if "%" in line]
        self.assertTrue(progress)
        self.assertLessEqual(max(map(cells, progress)), 40)

    def test_more_accounts_than_rows_stay_within_the_window(self):
        servers = self.accounts(12, slow(0.5), messages=2)
        config = self.configure(servers, "[defaults]\njobs = 12\nper_host = 12\n")
        text = self.show(80, "fetch", "--config", config, rows=8).read()
        self.assertIn("more", text)
        # The terminal makes \r\n of the program's \n.
        for block in text.replace("\r\n", "\n").split("\r"):
            self.assertLess(block.count("\x1b[K\n"), 8)

    def test_no_more_than_ten_redraws_a_second(self):
        servers = {"home": self.serve(corpus.plain(600), slow(0.003), hook=lambda *_: None)}
        terminal = self.show(80, "fetch", "--config", self.configure(servers))
        text = terminal.read()
        seconds = terminal.pieces[-1][0] - terminal.pieces[0][0]
        self.assertLessEqual(text.count("/600"), 10 * seconds + 3)

    def test_one_summary_says_what_came_from_when_to_when_where_and_how_long(self):
        servers = self.accounts(3, messages=2)
        servers["box03"].users = {"me@example.com": "another"}
        text = ESCAPE.sub("", self.show(100, "fetch", "--config", self.configure(servers)).read())
        self.assertRegex(text, r"All accounts: 4 messages archived \([\d.]+ \S+\), received 2026-03-03; 3 accounts in")
        self.assertIn("box01: 2 messages archived", text)
        self.assertIn("mbox: %s/box01.mbox" % self.archive, text.replace("\r\n    ", " "))
        self.assertIn("box03: failed (77)", text)

    def test_the_progress_makes_way_for_a_question(self):
        servers = self.accounts(2, slow(0.1))
        asks = self.section("box02", servers["box02"], password_file=None)
        terminal = self.show(80, "fetch", "--config", self.configure({"box01": servers["box01"]}, asks), "--jobs", "1")
        self.assertRegex(terminal.read(until="Password of"), r"of 2 accounts done.*\r\x1b\[1A\x1b\[JPassword of")

    def test_a_dumb_terminal_gets_plain_lines(self):
        text = self.show(80, "fetch", "--config", self.configure(self.three(0)), environment={"TERM": "dumb"}).read()
        self.assertNotIn("\x1b", text)
        self.assertIn("All accounts", text)

    def test_colour_is_for_terminals_that_want_it(self):
        config = self.configure(self.accounts(2))
        for environment, words, wanted in (({}, (), True), ({"NO_COLOR": "1"}, (), False),
                                           ({"NO_COLOR": "1"}, ("--color", "always"), True),
                                           ({}, ("--color", "never"), False), ({"NO_COLOR": ""}, (), True)):
            with self.subTest(environment=environment, words=words):
                text = self.show(80, "fetch", "--config", config, *words, environment=environment).read()
                self.assertEqual("\x1b[1m" in text, wanted)

    def test_a_word_that_is_no_time_for_colours_is_64(self):
        self.assert_exit(self.run_program("list", self.archive, "--color", "sometimes"), 64)

    def test_a_message_that_could_not_be_had_is_told_within_the_window(self):
        rules = (Rule("RETR", message=2, reply=b"-ERR the message store has lost this letter for good, sorry\r\n"),)
        servers = {"home": self.serve(corpus.plain(3), Behaviour(rules=rules), hook=lambda *_: None)}
        text = self.show(40, "fetch", "--config", self.configure(servers)).read()
        told = [line for line in drawn_lines(text) if "/" not in line]
        self.assertIn("could not be had", " ".join(line.strip() for line in told))
        self.assertLessEqual(max(map(cells, told)), 40)


class Elsewhere(Several):
    def test_verbose_masks_the_password_and_escapes_control_characters(self):
        servers = {"home": self.serve(behaviour=Behaviour(greeting=b"+OK \x1b[2Jhello\r\n"), hook=lambda *_: None)}
        result = self.fetch_all(self.configure(servers), "--verbose")
        self.assert_exit(result, 0)
        self.assertIn("> QUIT", result.err.splitlines())
        self.assertNotIn("secret pass", result.err + result.out)
        self.assertNotIn("\x1b", result.err)

    def test_verbose_lines_of_several_accounts_say_whose_they_are(self):
        servers = self.accounts(2)
        result = self.fetch_all(self.configure(servers), "--verbose")
        self.assert_exit(result, 0)
        self.assertIn("box01: > QUIT", result.err)
        self.assertIn("box02: > QUIT", result.err)
        self.assertNotIn("secret pass", result.err + result.out)

    def test_the_journal_gets_priorities(self):
        servers = self.accounts(2)
        servers["box01"].users = {"me@example.com": "another"}
        path = self.folder / "journal"
        with open(path, "wb") as stream:
            status = os.fstat(stream.fileno())
            code = self.run_into(stream, "fetch", "--config", self.configure(servers),
                                 JOURNAL_STREAM="%d:%d" % (status.st_dev, status.st_ino))
        self.assertEqual(code, 77)
        self.assertTrue(path.read_text().startswith("<3>popkeep: box01: "), path.read_text())

    def test_each_line_of_an_error_has_a_priority_in_the_journal(self):
        config = self.folder / "popkeep.toml"
        config.write_text("[account.one]\nurl = 5\n")
        path = self.folder / "journal"
        with open(path, "wb") as stream:
            status = os.fstat(stream.fileno())
            self.run_into(stream, "fetch", "--config", config, JOURNAL_STREAM="%d:%d" % (status.st_dev, status.st_ino))
        lines = path.read_text().splitlines()
        self.assertGreater(len(lines), 1)
        self.assertEqual([line[:3] for line in lines], ["<3>"] * len(lines))

    def test_a_file_that_is_not_the_journal_gets_none(self):
        servers = self.accounts(2)
        servers["box01"].users = {"me@example.com": "another"}
        path = self.folder / "file"
        with open(path, "wb") as stream:
            self.run_into(stream, "fetch", "--config", self.configure(servers), JOURNAL_STREAM="1:2")
        self.assertTrue(path.read_text().startswith("popkeep: box01: "), path.read_text())

    def run_into(self, stream, *words, **environment):
        import subprocess

        return subprocess.run(self.command(*words), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stream,
                              env={**self.environment, **environment}, cwd=self.folder, timeout=60).returncode

    def test_a_deletion_that_the_server_did_not_confirm_is_told(self):
        server = self.serve(behaviour=Behaviour(rules=(Rule("QUIT", reply=b"", then="close"),)))
        result = self.fetch_at_terminal(server, *DELETING, typed=[('"yes"', "yes")])
        self.assertIn("the server didn't confirm it", " ".join((result.out + result.err).split()))

    def test_the_summary_has_what_an_account_archived_before_it_failed(self):
        servers = self.accounts(2)
        failing = self.section("box02", servers["box02"], delete="fetched", max_delete="1")
        result = self.run_at_terminal("fetch", "--config", self.configure({"box01": servers["box01"]}, failing))
        self.assertRegex(" ".join((result.out + result.err).split()), r"box02: failed \(75\): [^:]* 3 messages archived")

    def test_a_folder_with_other_things_in_it_becomes_no_archive_unless_a_person_says_yes(self):
        folder = self.folder / "full"
        folder.mkdir()
        (folder / "notes").write_text("mine")
        result = self.fetch_at_terminal(self.serve(hook=None), to=folder, typed=[("other things", "no")])
        self.assert_exit(result, 73)
        self.assertEqual([path.name for path in folder.iterdir()], ["notes"])

    def test_a_lock_that_is_held_does_not_pass_for_nothing_new(self):
        servers = {"home": self.serve(hook=lambda *_: None)}
        config = self.configure(servers)
        (self.archive / "home.mbox.lock").write_text("1\n")
        result = self.run_at_terminal("fetch", "--config", config, timeout=100)
        self.assert_exit(result, 75)
        self.assertNotIn("nothing new", result.out)
        self.assertIn("none of 5 new messages fetched", result.out)


if __name__ == "__main__":
    unittest.main()
