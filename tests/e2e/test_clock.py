"""Clocks that are wrong, are set right, or jump in the middle of a run: nothing is deleted early, put off for years
or kept silent."""

import subprocess
import time
import unittest

from harness import DELETING, Case, faked
from popserver import Behaviour, Rule, corpus


class Clock(Case):
    def test_a_clock_set_back_a_year_deletes_nothing_by_age(self):
        self.jump("-365d")

    def test_a_clock_set_forward_ten_years_deletes_nothing_by_age(self):
        self.jump("+3650d")

    def test_what_came_under_a_clock_that_was_set_back_is_no_older_for_that(self):
        """Plan: two runs see the clock a year back, and in the middle of a third one it falls back: all that they
        bring is a few seconds old when the clock is right again."""
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        for number in (6, 7):
            server.maildrop.add(corpus.plain(number)[-1], b"back-%d" % number)
            self.assert_exit(self.fetch(server, env=faked("-365d")), 0)
        self.jump_in_the_middle("-365d", "--delete", "after:30d", server=server)
        for _ in range(3):
            self.assert_exit(self.fetch(server, "--delete", "after:30d", "--max-delete", "100%"), 0)
        self.assertEqual(server.log.commands("DELE"), [])
        self.nothing_went_wrong(server)

    def test_what_came_under_a_clock_that_was_set_back_is_no_older_where_nothing_older_is_listed(self):
        server = self.serve()
        self.assert_exit(self.fetch(server, *DELETING), 0)
        server.maildrop.add(corpus.plain(6)[-1], b"back")
        self.assert_exit(self.fetch(server, env=faked("-365d")), 0)
        before = len(server.log.commands("DELE"))
        for _ in range(2):
            self.assert_exit(self.fetch(server, "--delete", "after:30d", "--max-delete", "100%"), 0)
        self.assertEqual(len(server.log.commands("DELE")), before)

    def test_what_came_first_of_all_before_the_clock_fell_back_is_no_older_for_that(self):
        server = self.jump_in_the_middle("-365d", "--delete", "after:30d")
        for _ in range(3):
            self.assert_exit(self.fetch(server, "--delete", "after:30d", "--max-delete", "100%"), 0)
        self.assertEqual(server.log.commands("DELE"), [])

    def test_what_came_under_a_clock_that_was_set_forward_grows_as_old_as_what_came_next(self):
        server = self.serve()
        self.assert_exit(self.fetch(server, env=faked("+3650d")), 0)
        # The first run behind it can't know which of the two times is wrong.
        for number in (6, 7):
            server.maildrop.add(corpus.plain(number)[-1], b"next-%d" % number)
            self.assert_exit(self.fetch(server), 0)
        for days, left in ((29, 7), (31, 0)):
            self.assert_exit(self.fetch(server, "--delete", "after:30d", "--max-delete", "100%", env=faked("+%dd" % days)), 0)
            self.assertEqual(len(server.maildrop.present()), left)

    def test_what_is_listed_behind_younger_mail_is_as_old_as_it_is(self):
        server = self.serve(corpus.plain(1))
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.add(corpus.plain(2)[-1], b"younger")
        server.behaviour = Behaviour(numbers=(2, 1))
        self.assert_exit(self.fetch(server, env=faked("+20d")), 0)
        self.assert_exit(self.fetch(server, "--delete", "after:30d", "--max-delete", "100%", env=faked("+31d")), 0)
        self.assertEqual([message.uid for message in server.maildrop.present()], [b"younger"])

    def test_a_clock_that_falls_back_in_the_middle_of_a_deleting_run_changes_no_message(self):
        self.nothing_went_wrong(self.jump_in_the_middle("-365d", *DELETING))

    def test_a_clock_that_leaps_ahead_in_the_middle_of_a_deleting_run_changes_no_message(self):
        self.nothing_went_wrong(self.jump_in_the_middle("+3650d", *DELETING))

    def test_a_trouble_that_lasts_is_told_although_the_last_success_lies_years_ahead(self):
        server = self.jump_in_the_middle("+3650d")
        server.stop()
        result = self.fetch(server)
        self.assert_exit(result, 69)
        self.assertIn("connect", result.err)
        self.assertEqual(self.fetch(server).err, "", "but once a day")
        result = self.run_program("status", self.archive, "--max-age", "26h")
        self.assert_exit(result, 75)
        self.assertIn("in the future", result.err)

    def test_a_message_put_off_until_years_ahead_is_asked_for(self):
        refuses = (Rule("RETR", message=2, reply=b"-ERR not now\r\n"),)
        server = self.serve(behaviour=Behaviour(rules=refuses))
        for _ in range(3):
            self.assert_exit(self.fetch(server, env=faked("+3650d")), 65, 75)
        server.behaviour = Behaviour()
        self.assert_exit(self.fetch(server), 0)
        self.assert_archived(server.maildrop)

    def test_a_message_whose_refusal_was_told_years_ahead_is_told_of_again(self):
        server = self.serve(behaviour=Behaviour(rules=(Rule("RETR", message=2, reply=b"-ERR not now\r\n"),)))
        self.assertIn("message 2", self.fetch(server, env=faked("+3650d")).err)
        self.assertIn("message 2", self.fetch(server).err)

    def jump_in_the_middle(self, offset, *words, server=None):
        """A run in which the clock jumps as soon as the first message was asked for."""
        clock = self.folder / "clock"
        clock.write_text("+0\n")
        server = server or self.serve()
        server.maildrop.add(corpus.plain(9)[-1], b"of this run")
        server.behaviour = Behaviour(pipelining=False, rules=(Rule("RETR", delay=0.2),))
        before = len(server.log.commands("RETR"))
        process = subprocess.Popen(self.command(*self.fetch_words(server, *words)), cwd=self.folder,
                                   stdin=subprocess.DEVNULL, env={**self.environment, **faked(file=clock)})
        while len(server.log.commands("RETR")) == before:
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        jumped = self.folder / "jumped"
        jumped.write_text(offset + "\n")
        jumped.rename(clock)  # in one step: it is read all the time
        self.assertEqual(process.wait(60), 0)
        server.behaviour = Behaviour()
        return server

    def jump(self, offset):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        result = self.fetch(server, "--delete", "after:30d", "--verbose", env=faked(offset))
        self.assert_exit(result, 0)
        self.assertEqual((result.out + result.err).count("nothing is deleted by age"), 1, result)
        self.assertEqual(server.log.commands("DELE"), [])
        self.nothing_went_wrong(server)


if __name__ == "__main__":
    unittest.main()
