"""init, check, status, verify, list, show, export: what they tell about an archive."""

import email
import json
import mailbox
import unittest

from harness import PASSWORD, Case, mboxrd
from popserver import Behaviour, Maildrop, corpus


class Commands(Case):
    def setUp(self):
        super().setUp()
        self.server = self.serve(corpus.messages("nasty"))
        self.assert_exit(self.fetch(self.server), 0)
        (self.mbox,) = self.archive.glob("*.mbox")

    def tell(self, *words, code=0):
        result = self.run_program(*words)
        self.assert_exit(result, code)
        return result

    def test_verify_of_a_sound_archive_is_0(self):
        self.assertIn("every byte is explained", self.tell("verify", self.archive).out)

    def test_verify_doesnt_explain_what_nobody_has_looked_at(self):
        with open(self.mbox, "ab") as mbox:
            mbox.write(bytes(500))
        told = self.tell("verify", self.archive).out
        self.assertIn("added to it", told)
        self.assertNotIn("every byte is explained", told)

    def test_verify_doesnt_send_to_repair_what_repair_has_left_alone(self):
        with open(self.mbox, "ab") as mbox:
            mbox.write(bytes(500))
        self.assertIn("500 bytes that belong to no message", self.tell("repair", self.archive).out)
        told = self.tell("verify", self.archive, code=65).err
        self.assertIn("500 bytes unexplained", told)
        self.assertIn("cut out with an editor", told)
        self.assertNotIn("bring the archive in order", told)

    def test_verify_changes_no_byte(self):
        before = {path: path.read_bytes() for path in self.archive.rglob("*") if path.is_file()}
        self.tell("verify", self.archive)
        self.assertEqual({path: path.read_bytes() for path in self.archive.rglob("*") if path.is_file()} == before, True)

    def test_verify_finds_one_flipped_bit(self):
        data = bytearray(self.mbox.read_bytes())
        data[data.index(b"the same bytes twice")] ^= 1
        self.mbox.write_bytes(data)
        self.tell("verify", self.archive, code=65)

    def test_verify_tells_programs_that_an_archive_is_not_sound(self):
        self.mbox.write_bytes(self.mbox.read_bytes().replace(b"the same bytes twice", b"the same bytes TWICE", 1))
        lines = [json.loads(line) for line in self.tell("verify", self.archive, "--json", code=65).out.splitlines()]
        self.assertEqual([line["sound"] for line in lines if "sound" in line], [False])

    def test_verify_names_what_is_damaged_also_when_it_is_to_be_quiet(self):
        self.mbox.write_bytes(self.mbox.read_bytes().replace(b"the same bytes twice", b"the same bytes TWICE", 1))
        told = self.tell("verify", self.archive, "--quiet", code=65).err
        self.assertIn("damage: %s: " % self.mbox.name, told)

    def test_a_word_too_many_is_64(self):
        self.tell("verify", self.archive, self.folder / "another", code=64)

    def test_a_second_url_is_64(self):
        self.tell("fetch", self.url(self.server), "pop3://other.example", "--to", self.archive, code=64)

    def test_verify_finds_a_removed_mbox(self):
        self.mbox.unlink()
        self.tell("verify", self.archive, code=65)

    def test_list_has_a_line_for_each_message(self):
        text = self.tell("list", self.archive).out
        self.assertIn("no empty line", text)
        self.assertGreaterEqual(len(text.splitlines()), len(self.server.maildrop.messages))

    def test_list_has_a_line_also_for_each_message_that_can_not_be_read(self):
        self.mbox.unlink()
        self.assertEqual(len(self.tell("list", self.archive).out.splitlines()), len(self.server.maildrop.messages))

    def test_show_gives_a_message_by_its_number(self):
        text = self.tell("show", self.archive, "1").out
        self.assertIn("from", text)

    def test_where_no_message_can_be_decoded_show_says_what_to_install_and_fetch_works(self):
        (self.folder / "libgmime-3.0.so.0").write_text("no library")
        without = {"LD_LIBRARY_PATH": str(self.folder)}
        shown = self.run_program("show", self.archive, "1", env=without)
        self.assert_exit(shown, 70)
        self.assertIn("install libgmime-3.0-0", shown.err)
        self.server.maildrop.add(b"Subject: later\r\n\r\nx\r\n", b"later")
        self.assert_exit(self.fetch(self.server, env=without), 0)
        self.assert_archived(self.server.maildrop)

    def test_list_never_gives_control_characters_to_the_terminal(self):
        self.server.maildrop.add(b"Subject: \x1b[2J\x07evil\r\n\r\nx\r\n", b"evil")
        self.assert_exit(self.fetch(self.server), 0)
        text = self.tell("list", self.archive).out
        self.assertIn("evil", text)
        self.assertNotIn("\x1b[2J", text)

    def test_status_does_not_connect(self):
        before = self.server.log.connections()
        self.tell("status", self.archive)
        self.assertEqual(self.server.log.connections(), before)

    def test_check_retrieves_nothing(self):
        before = len(self.server.log.commands("RETR"))
        self.tell("check", self.url(self.server), "--tls", "off", "--password-file", self.password, "--timeout", "5")
        self.assertEqual(len(self.server.log.commands("RETR")), before)

    def test_check_says_what_a_fetch_would_delete(self):
        told = self.tell("check", *self.fetch_words(self.server)[1:], "--delete", "keep:1").out
        self.assertIn("%d messages on the server" % (len(self.server.maildrop.messages) - 1), told)

    def test_export_to_maildir_gives_the_contents(self):
        target = self.folder / "maildir"
        self.tell("export", self.archive, "--format", "maildir", "--to", target)
        have = sorted(path.read_bytes() for name in ("new", "cur") for path in (target / name).iterdir())
        self.assertEqual(have == sorted(mboxrd.archive(self.archive)), True)

    def test_export_of_one_account_gives_the_mail_of_no_other(self):
        other = self.serve(corpus.plain(2))
        other.users = {"other": PASSWORD}
        self.assert_exit(self.fetch(other, user="other"), 0)
        self.tell("export", self.archive, "--to", self.folder / "files", "--account", "other@127.0.0.1")
        have = sorted(path.read_bytes() for path in (self.folder / "files").rglob("*.eml"))
        self.assertEqual(have, sorted(mboxrd.expected(message.data) for message in other.maildrop.messages))

    def test_export_of_an_account_that_the_archive_does_not_have_writes_nothing(self):
        self.tell("export", self.archive, "--to", self.folder / "files", "--account", "typo", code=64)
        self.assertFalse((self.folder / "files").exists())

    def test_init_of_an_archive_that_is_there_harms_nothing(self):
        before = self.mbox.read_bytes()
        self.run_program("init", self.archive)
        self.assertEqual(self.mbox.read_bytes() == before, True)

    def test_pythons_mailbox_reads_the_same_number_of_messages(self):
        box = mailbox.mbox(self.mbox, create=False)
        self.addCleanup(box.close)
        self.assertEqual(len(box), len(self.server.maildrop.messages))

    def test_pythons_mailbox_reads_the_subjects(self):
        box = mailbox.mbox(self.mbox, create=False)
        self.addCleanup(box.close)
        subjects = {str(email.message_from_bytes(bytes(message))["Subject"]) for message in box}
        self.assertLessEqual({"from", "dots", "nul", "crcrlf", "twin", "mbox"}, subjects)

    def test_every_command_has_help_with_exit_codes(self):
        for name in ("init", "fetch", "check", "status", "verify", "repair", "list", "show", "export", "deletions", "config"):
            with self.subTest(name):
                self.assertIn("Exit codes", self.tell(name, "--help").out)

    def test_version_names_libcurl_and_sqlite(self):
        text = self.tell("--version").out
        self.assertIn("libcurl", text)
        self.assertIn("SQLite", text)


class VerifyWithServer(Case):
    def verify(self, server, keys=""):
        config = self.folder / "popkeep.toml"
        config.write_text('[account."me@example.com@127.0.0.1"]\nurl = "%s"\narchive = "archive"\ntls = "off"\n'
                          'password_file = "password"\n%s' % (self.url(server), keys))
        return self.run_program("verify", "me@example.com@127.0.0.1", "--config", config, "--server")

    def test_a_message_that_came_since_is_named_as_lacking(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.add(corpus.plain(6)[-1], b"new")
        result = self.verify(server)
        self.assert_exit(result, 65)
        self.assertIn("1 message on the server is not in the archive; `popkeep fetch` brings it", result.err)

    def test_what_is_wrong_with_the_archive_is_the_exit_code_whatever_is_wrong_with_the_server(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        (mbox,) = self.archive.glob("*.mbox")
        mbox.write_bytes(mbox.read_bytes().replace(b"This is message 3.", b"This is MESSAGE 3."))
        server.stop()
        result = self.verify(server)
        self.assert_exit(result, 65)
        self.assertIn("1 message missing or damaged", result.err)
        self.assertIn("127.0.0.1:%d" % server.port, result.err)

    def test_what_is_due_for_deletion_or_beyond_a_limit_is_not_called_lacking(self):
        server = self.serve(behaviour=Behaviour(top=False))
        self.assert_exit(self.fetch(server), 0)
        self.assert_exit(self.verify(server, 'delete = "fetched"\nmax_delete = "100%"\n'), 0)
        for number in (6, 7):
            server.maildrop.add(corpus.plain(number)[-1], b"new-%d" % number)
        self.assertIn("2 messages on the server are not in the archive", self.verify(server, "limit = 1\n").err)

    def test_twins_that_only_their_content_could_tell_are_not_called_lacking(self):
        for server in (self.serve(Maildrop(corpus.plain(), {1: b"same", 2: b"same"}), Behaviour(top=False)),
                       self.serve(Maildrop([b"\r\nno header\r\n"] * 2, {1: b"same", 2: b"same"}))):
            with self.subTest(top=server.behaviour.top):
                self.assert_exit(self.fetch(server), 0)
                result = self.verify(server)
                self.assert_exit(result, 65)
                self.assertIn("2 messages on the server can only be compared by retrieving them", result.err)


if __name__ == "__main__":
    unittest.main()
