"""What nobody at a terminal is told again: ../cron shows a month of it, this what a month doesn't."""

import os
import shutil
import unittest

from several import Several


class Silence(Several):
    def said(self, config, *extra, code):
        result = self.fetch_all(config, *extra)
        self.assert_exit(result, code)
        return result.err

    def test_a_mistake_in_the_configuration_is_told_once_a_day_and_another_at_once(self):
        config = self.configure({})
        config.write_text("[account.one]\nurl = 5\n")
        self.assertIn(":2:", self.said(config, code=78))
        self.assertEqual(self.said(config, code=78), "")
        config.write_text("[account.one]\ntypo = 5\n")
        self.assertIn("typo", self.said(config, code=78))

    def test_programs_are_told_of_a_mistake_in_the_configuration_each_time(self):
        config = self.configure({})
        config.write_text("[account.one]\nurl = 5\n")
        for _ in range(2):
            self.assertIn('"type":"error"', self.fetch_all(config, "--json").out)

    def test_a_dry_run_is_told_what_a_run_was_told_today(self):
        config = self.configure(self.accounts(1), archive=self.folder / "unmounted")
        self.said(config, code=73)
        self.assertIn("no archive is there", self.said(config, "--dry-run", code=73))

    def test_a_run_is_told_what_a_dry_run_was_told(self):
        config = self.configure(self.accounts(1), archive=self.folder / "unmounted")
        self.said(config, "--dry-run", code=73)
        self.assertIn("no archive is there", self.said(config, code=73))

    def test_each_of_several_accounts_is_told_of_once_a_day(self):
        config = self.configure(self.accounts(2), archive=self.folder / "unmounted")
        self.assertEqual(self.said(config, code=73).count("no archive is there"), 2)
        self.assertEqual(self.said(config, code=73), "")

    def test_who_asks_for_all_is_told_all(self):
        config = self.configure(self.accounts(1), archive=self.folder / "unmounted")
        for _ in range(2):
            self.assertIn("no archive is there", self.said(config, "--verbose", code=73))

    def test_who_sits_at_a_terminal_is_told_all(self):
        config = self.configure(self.accounts(1), password_file=self.folder / "nowhere")
        for _ in range(2):
            self.assertIn("nowhere", self.run_at_terminal("fetch", "--config", config).err)

    def test_what_fails_again_within_the_day_after_it_was_mended_is_not_told_again(self):
        config = self.configure(self.accounts(1))
        hidden = self.folder / "hidden"
        self.archive.rename(hidden)
        self.assertNotEqual(self.said(config, code=73), "")
        hidden.rename(self.archive)
        self.assertEqual(self.said(config, code=0), "")
        self.archive.rename(hidden)
        self.assertEqual(self.said(config, code=73), "")

    def names(self, folder):
        return {path.name for path in folder.iterdir() if not path.name.startswith("told-")}

    def test_what_is_noted_tidies_nothing_away_but_old_notes(self):
        for folder in (self.archive / ".popkeep", self.home / ".local" / "state" / "popkeep"):
            with self.subTest(folder):
                folder.mkdir(parents=True, exist_ok=True)
                (folder / "token").write_text("")
                before = self.names(folder)
                for path in folder.iterdir():
                    os.utime(path, (0, 0))
                config = self.configure(self.accounts(1), password_file=self.folder / "nowhere")
                self.assertNotEqual(self.fetch_all(config).err, "")
                self.assertTrue(any(path.name.startswith("told-") for path in folder.iterdir()))
                self.assertEqual(self.names(folder), before)
                shutil.rmtree(self.archive, ignore_errors=True)  # then it is noted in the home

    def test_what_can_be_noted_nowhere_is_told_each_time(self):
        config = self.configure(self.accounts(1), archive=self.folder / "unmounted")
        shutil.rmtree(self.home)
        self.home.write_text("no folder")
        for _ in range(2):
            self.assertNotEqual(self.said(config, code=73), "")


if __name__ == "__main__":
    unittest.main()
