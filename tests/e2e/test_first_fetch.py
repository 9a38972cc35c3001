"""A first fetch, a second one, and what lies on the disk afterwards."""

import stat
import unittest

from harness import DELETING, PASSWORD, Case, checker, mboxrd
from popserver import Behaviour, corpus


class FirstFetch(Case):
    def fetched(self, messages=None, behaviour=None, **more):
        server = self.serve(messages, behaviour, **more)
        result = self.fetch(server)
        self.assert_exit(result, 0)
        self.assert_archived(server.maildrop)
        self.assertEqual(server.log.verbs()[-1], "QUIT")
        return server, result

    def test_a_copy_with_other_status_fields_under_another_uid_is_archived_as_well(self):
        server = self.serve([b"Subject: a\r\nStatus: RO\r\n\r\nbody\r\n"])
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.remove(server.maildrop.by_number(1))
        server.maildrop.add(b"Subject: a\r\nStatus: O\r\n\r\nbody\r\n", b"another")
        self.assert_exit(self.fetch(server), 0)
        self.assert_archived(server.maildrop)

    def test_all_messages_come_over_plain_text(self):
        server, _ = self.fetched()
        self.assert_archived(server.maildrop)

    def test_all_messages_come_over_implicit_tls(self):
        server, _ = self.fetched(tls="implicit")
        self.assert_archived(server.maildrop)

    def test_all_messages_come_over_stls_and_the_password_only_behind_it(self):
        server, _ = self.fetched(tls="stls")
        self.assert_archived(server.maildrop)
        self.assertEqual([event["line"] for event in server.log.commands("PASS") if not event["tls"]], [])

    def test_all_messages_come_over_ipv6(self):
        server, _ = self.fetched(ipv6=True)
        self.assert_archived(server.maildrop)

    def test_nasty_messages_come_byte_for_byte(self):
        server, _ = self.fetched(corpus.messages("nasty"))
        self.assert_archived(server.maildrop)

    def test_nasty_messages_come_byte_for_byte_in_lock_step(self):
        server, _ = self.fetched(corpus.messages("nasty"), Behaviour(pipelining=False))
        self.assert_archived(server.maildrop)

    def test_a_thousand_messages_come_in_the_order_of_the_listing(self):
        server, _ = self.fetched(corpus.sized(1000, 4096))
        wanted = [mboxrd.expected(message.data) for message in server.maildrop.messages]
        self.assertEqual(mboxrd.archive(self.archive) == wanted, True)

    def test_a_thousand_messages_take_few_round_trips(self):
        server, _ = self.fetched(corpus.sized(1000, 4096))
        asked = server.log.commands("RETR")
        self.assertEqual(len(asked), 1000)
        self.assertLess(len([event for event in asked if not event["pipelined"]]), 100)

    def test_nothing_is_said_without_a_terminal(self):
        _, result = self.fetched()
        self.assertEqual((result.out, result.err), ("", ""))

    def test_nothing_is_deleted_by_default(self):
        server, _ = self.fetched()
        self.assertEqual(server.log.commands("DELE"), [])

    def test_the_session_ends_with_quit(self):
        server, _ = self.fetched()
        self.assertEqual(server.log.verbs()[-1], "QUIT")

    def test_utf8_is_asked_for_before_user_where_it_is_offered(self):
        server, _ = self.fetched()
        verbs = server.log.verbs()
        self.assertLess(verbs.index("UTF8"), verbs.index("USER"))

    def test_utf8_is_not_asked_for_where_it_is_not_offered(self):
        server, _ = self.fetched(behaviour=Behaviour(utf8=False))
        self.assertNotIn("UTF8", server.log.verbs())

    def test_rset_is_never_sent(self):
        server, _ = self.fetched()
        self.assertNotIn("RSET", server.log.verbs())

    def test_files_are_for_their_owner_alone(self):
        self.fetched()
        modes = {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in self.archive.rglob("*")}
        self.assertEqual(modes, {0})

    def test_the_ledger_is_one_file_afterwards(self):
        self.fetched()
        self.assertEqual(sorted(path.name for path in (self.archive / ".popkeep").glob("ledger.db*")), ["ledger.db"])

    def test_an_empty_mailbox_is_no_error(self):
        server, _ = self.fetched([])
        self.assertNotIn("RETR", server.log.verbs())

    def test_the_file_template_makes_folders(self):
        server = self.serve()
        self.assert_exit(self.fetch(server, "--file", "{account}/%Y-%m.mbox"), 0)
        self.assertEqual(len(list(self.archive.glob("*/????-??.mbox"))), 1)

    def test_the_mbox_is_named_after_user_and_host(self):
        self.fetched()
        self.assertEqual([path.name for path in self.archive.glob("*.mbox")], ["me@example.com@127.0.0.1.mbox"])


class SecondFetch(Case):
    def test_a_second_run_retrieves_nothing(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(len(server.log.commands("RETR")), 5)
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(len(server.log.commands("RETR")), 5)
        self.assertEqual(len(server.log.commands("QUIT")), 2)

    def test_a_second_run_leaves_the_mbox_untouched(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        (mbox,) = self.archive.glob("*.mbox")
        before = mbox.read_bytes()
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(mbox.read_bytes() == before, True)

    def test_only_new_mail_is_retrieved(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.add(b"A: new\r\n\r\nnew\r\n", b"brand-new")
        before = len(server.log.commands("RETR"))
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual([event["uid"] for event in server.log.commands("RETR")[before:]], ["brand-new"])
        self.assert_archived(server.maildrop)

    def test_limit_takes_some_now_and_the_rest_later(self):
        server = self.serve()
        self.fetch(server, "--limit", "2")
        self.assertEqual(len(mboxrd.archive(self.archive)), 2)
        self.assert_exit(self.fetch(server), 0)
        self.assert_archived(server.maildrop)

    def test_limit_goes_by_new_ones_where_only_the_content_tells_which_those_are(self):
        server = self.serve(corpus.plain(6), Behaviour(uidl=False, top=False))
        for archived in (2, 4, 6, 6):
            self.assert_exit(self.fetch(server, "--limit", "2"), 0)
            self.assertEqual(len(mboxrd.archive(self.archive)), archived)
        self.assert_archived(server.maildrop)

    def test_a_drain_goes_by_new_ones_as_well(self):
        server = self.serve(corpus.plain(6), Behaviour(uidl=False, top=False))
        self.assert_exit(self.fetch(server, "--limit", "2"), 0)
        self.assert_exit(self.fetch(server, "--drain", "--limit", "3"), 0)
        self.assertEqual(len(mboxrd.archive(self.archive)), 5)

    def test_a_lost_ledger_doubles_nothing(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        for path in (self.archive / ".popkeep").glob("ledger.db*"):
            path.unlink()
        self.assert_exit(self.fetch(server), 0)
        have = checker.counted(mboxrd.archive(self.archive))
        self.assertEqual(have, checker.counted(mboxrd.expected(m.data) for m in server.maildrop.messages))

    def test_mail_of_an_mbox_that_is_gone_is_not_deleted_on_the_server(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        (mbox,) = self.archive.glob("*.mbox")
        mbox.unlink()
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assertEqual(len(server.maildrop.present()), 5)

    def test_repair_lets_mail_of_an_mbox_that_is_gone_be_fetched_again(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        (mbox,) = self.archive.glob("*.mbox")
        mbox.unlink()
        self.assert_exit(self.run_program("repair", self.archive, "--refetch"), 0)
        self.assert_exit(self.fetch(server), 0)
        self.assert_archived(server.maildrop)

    def test_two_mailboxes_of_a_host_are_two_files_also_where_no_url_names_the_user(self):
        for user in ("one", "two"):
            server = self.serve([b"Subject: of %s\r\n\r\nbody\r\n" % user.encode()])
            server.users = {user: PASSWORD}
            words = self.fetch_words(server, "--user", user)
            words[1] = words[1].replace("me@example.com@", "")
            self.assert_exit(self.run_program(*words), 0)
        self.assertEqual({path.name for path in self.archive.glob("*.mbox")}, {"one@127.0.0.1.mbox", "two@127.0.0.1.mbox"})

    def test_an_archive_can_be_moved(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        moved = self.folder / "elsewhere"
        self.archive.rename(moved)
        self.assert_exit(self.fetch(server, to=moved), 0)
        self.assertEqual(len(server.log.commands("RETR")), 5)
        self.assertEqual(len(server.log.commands("QUIT")), 2)

    def test_mail_appended_by_another_program_is_kept(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        (mbox,) = self.archive.glob("*.mbox")
        with open(mbox, "ab") as file:
            file.write(b"From x@example.org Tue Mar  3 10:00:00 2026\nA: other\n\nby another program\n\n")
        server.maildrop.add(b"A: new\r\n\r\nnew\r\n", b"brand-new")
        self.assert_exit(self.fetch(server), 0)
        self.assertIn(b"A: other\n\nby another program\n", mboxrd.archive(self.archive))
        self.assertEqual(len(mboxrd.archive(self.archive)), 7)


if __name__ == "__main__":
    unittest.main()
