"""Which mail an account's name means, in an archive that knows several mailboxes or several names, and what a word
means that is an account and a folder."""

import json
import unittest

from harness import DELETING
from several import Several
from popserver import corpus


class Named(Several):
    def digests(self, *words):
        result = self.run_program("list", *words, "--json", "--config", self.folder / "popkeep.toml")
        self.assert_exit(result, 0)
        return sorted(json.loads(line)["digest"] for line in result.out.splitlines()[1:])

    def exported(self, name):
        to = self.folder / ("out-" + name)
        self.assert_exit(self.run_program("export", name, "--to", to, "--config", self.folder / "popkeep.toml"), 0)
        return sorted(file.read_bytes() for file in to.iterdir())

    def receipts(self, name):
        result = self.run_program("deletions", name, "--json", "--config", self.folder / "popkeep.toml")
        self.assert_exit(result, 0)
        return len(result.out.splitlines()) - 1

    @staticmethod
    def mail(*servers):
        return sorted(message.data.replace(b"\r\n", b"\n") for server in servers for message in server.maildrop.messages)

    def sections(self, **accounts):
        """popkeep.toml with a section for each name: server, identity."""
        path = self.folder / "popkeep.toml"
        path.write_text("".join(self.section(name, server, id=identity) for name, (server, identity) in accounts.items()))
        path.chmod(0o600)
        return path

    def rename(self):
        """Account box01, fetched and deleted on its server, is "private" now."""
        config = self.configure(self.accounts(1))
        self.assert_exit(self.fetch_all(config, *DELETING), 0)
        config.write_text(config.read_text().replace('box01"]', 'private"]'))

    def swap(self):
        """Account "work" is named "old" now, and there is a new "work"."""
        old, new = self.accounts(2).values()
        self.assert_exit(self.fetch_all(self.sections(work=(old, "ida"))), 0)
        return old, new, self.sections(old=(old, "ida"), work=(new, "idb"))


class Renamed(Named):
    def test_a_renamed_account_is_found(self):
        self.rename()
        self.assertEqual(len(self.digests("private")), 3)
        self.assertEqual(len(self.exported("private")), 3)
        self.assertEqual(self.receipts("private"), 3)

    def test_a_name_that_went_to_another_mailbox_means_that_one(self):
        old, new, config = self.swap()
        self.assert_exit(self.fetch_all(config, *DELETING), 0)
        self.assertEqual(self.exported("work"), self.mail(new))
        self.assertEqual(self.exported("old"), self.mail(old))
        self.assertEqual(len(self.digests("work")), 3)
        self.assertFalse(set(self.digests("work")) & set(self.digests("old")))
        self.assertEqual(self.receipts("work"), 3)

    def test_the_status_of_a_mailbox_never_fetched_is_not_that_of_the_one_that_had_its_name(self):
        self.swap()
        result = self.run_program("status", "work", "--max-age", "1h", "--config", self.folder / "popkeep.toml")
        self.assert_exit(result, 75)
        self.assertIn("work (never)", result.err)

    def test_a_mailbox_that_nobody_is_named_for_goes_by_the_name_it_had(self):
        old, new, _ = self.swap()
        config = self.sections(work=(new, "idb"))
        self.assert_exit(self.fetch_all(config), 0)
        self.assertEqual(self.exported("work"), self.mail(old, new))


class Moved(Named):
    """An account without `id`, whose server's name changed and whose mail came since."""

    def setUp(self):
        super().setUp()
        self.server = self.serve(corpus.plain(3), hook=lambda *_: None)
        config = self.sections(mine=(self.server, None))
        self.assert_exit(self.fetch_all(config, *DELETING), 0)
        for number in range(2):
            self.server.maildrop.add(b"Subject: new %d\r\n\r\nnew\r\n" % number, b"new-%d" % number)
        config.write_text(config.read_text().replace("127.0.0.1", "localhost"))
        self.assert_exit(self.fetch_all(config), 0)

    def test_its_name_means_the_mail_from_both(self):
        self.assertEqual(self.exported("mine"), self.mail(self.server))
        self.assertEqual(len(self.digests("mine")), 5)
        self.assertEqual(self.receipts("mine"), 3)

    def test_its_name_in_the_archive_means_both_and_an_identity_one(self):
        self.assertEqual(len(self.digests(self.archive, "--account", "mine")), 5)
        self.assertEqual(len(self.digests(self.archive, "--account", "me@example.com@127.0.0.1")), 3)
        self.assertEqual(len(self.digests("mine", "--account", "me@example.com@localhost")), 2)

    def test_a_name_that_is_not_there_is_answered_with_those_that_are(self):
        result = self.run_program("list", self.archive, "--account", "nobody")
        self.assert_exit(result, 64)
        self.assertIn("it has: mine (me@example.com@127.0.0.1), mine (me@example.com@localhost)", result.err)


class BesideAFolder(Named):
    """The working directory has something that is called like an account."""

    def setUp(self):
        super().setUp()
        self.server = self.serve(corpus.plain(3), hook=lambda *_: None)
        self.config = self.sections(home=(self.server, "me"))
        self.assert_exit(self.fetch_all(self.config), 0)
        self.place = self.folder / "place"
        (self.place / "home").mkdir(parents=True)

    def here(self, *words):
        return self.run_program(*words, "--config", self.config, cwd=self.place)

    def test_the_account_is_meant(self):
        for words in (("status",), ("list",), ("verify",), ("verify", "--server"), ("export", "--to", "out"), ("repair",),
                      ("deletions",)):
            with self.subTest(words[0]):
                self.assert_exit(self.here(words[0], "home", *words[1:]), 0)
        self.assertEqual(len(list((self.place / "out").iterdir())), 3)

    def test_an_archive_of_its_own_is_refused_and_can_be_named(self):
        self.assert_exit(self.run_program("init", self.place / "home"), 0)
        result = self.here("list", "home")
        self.assert_exit(result, 64)
        self.assertIn('"home" is an account, and another archive in this folder; ./home is the archive', result.err)
        self.assertEqual(self.here("list", "./home").out, "")

    def test_the_accounts_own_archive_is_no_other(self):
        (self.place / "home").rmdir()
        (self.place / "home").symlink_to(self.archive)
        self.assertEqual(len(self.here("list", "home").out.splitlines()), 3)

    def test_an_archive_is_looked_at_also_if_the_configuration_cannot_be(self):
        self.assert_exit(self.run_program("init", self.place / "home"), 0)
        self.config.write_text("no configuration")
        self.assert_exit(self.here("verify", "home"), 0)

    def test_what_is_neither_is_told_as_the_folder_that_it_is(self):
        (self.place / "letters").mkdir()
        result = self.here("list", "letters")
        self.assert_exit(result, 73)
        self.assertIn("there is no archive here", result.err)


if __name__ == "__main__":
    unittest.main()
