"""Which listed message is which archived one, where a UID alone doesn't tell."""

import shutil
import unittest

from harness import DELETING, Case, checker, faked, mboxrd
from popserver import Behaviour, Maildrop, Rule, corpus
from popserver.scenarios import by_id

WITHOUT_SIZES = by_id("D10-list-refused").behaviour


class Identity(Case):
    def test_a_message_that_comes_again_after_it_was_deleted_is_another_one(self):
        server = self.serve(corpus.plain(1))
        self.assert_exit(self.fetch(server, *DELETING), 0)
        server.maildrop.add(server.maildrop.by_number(1).data, b"another")
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop), [])

    def test_without_its_size_a_message_with_the_header_of_another_is_fetched(self):
        server = self.serve([b"Subject: daily report\r\n\r\nMonday\r\n"])
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.remove(server.maildrop.by_number(1))
        server.maildrop.add(b"Subject: daily report\r\n\r\nTuesday\r\n", b"another")
        server.behaviour = WITHOUT_SIZES
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop), [])

    def test_without_its_size_an_earlier_runs_message_is_not_deleted(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        server.behaviour = WITHOUT_SIZES
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assertEqual(server.log.commands("DELE"), [])

    def test_a_message_that_gets_the_uid_of_one_still_listed_is_fetched(self):
        server = self.serve([b"Subject: one\r\n\r\nfirst\r\n", b"Subject: other\r\n\r\nother\r\n"])
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.add(b"Subject: two\r\n\r\nlater\r\n", server.maildrop.by_number(1).uid)
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop), [])

    def test_a_message_without_a_header_is_told_from_another_by_its_content(self):
        server = self.serve([b"\r\nMonday\r\n"])
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.remove(server.maildrop.by_number(1))
        server.maildrop.add(b"\r\nFriday\r\n", b"another")
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop), [])

    def test_a_message_with_the_uid_and_the_header_of_another_is_told_from_it_by_its_content(self):
        server = self.serve([b"Subject: daily report\r\n\r\nMonday\r\n"])
        self.assert_exit(self.fetch(server), 0)
        old = server.maildrop.by_number(1)
        server.maildrop.remove(old)
        server.maildrop.add(b"Subject: daily report\r\n\r\nTuesday, the second\r\n", old.uid)
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop), [])

    def followed_by_one_alike(self, **behaviour):
        """A server whose only message was archived; another one with its header and its size has come in its place."""
        server = self.serve([b"Subject: daily report\r\n\r\nMonday\r\n"], Behaviour(**behaviour))
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.remove(server.maildrop.by_number(1))
        server.maildrop.add(b"Subject: daily report\r\n\r\nFriday\r\n", b"another")
        return server

    def test_a_message_is_not_deleted_because_its_header_and_its_size_are_those_of_another(self):
        for behaviour in ({}, {"uidl": False}, {"uidl_lines": {1: b"1 1", 2: b"2 1"}}):
            with self.subTest(**behaviour):
                self.nothing_went_wrong(self.followed_by_one_alike(**behaviour))
                shutil.rmtree(self.archive)
                self.found()

    def test_a_message_is_not_deleted_because_an_earlier_run_took_it_for_another(self):
        server = self.followed_by_one_alike()
        self.assert_exit(self.fetch(server), 0)
        self.nothing_went_wrong(server)

    def come_back(self, server, *letters):
        """Everything is listed anew, in this order and under other UIDs."""
        for message in server.maildrop.present():
            server.maildrop.remove(message)
        for number, letter in enumerate(letters):
            server.maildrop.add(letter, b"again-%d" % number)

    def test_one_alike_that_is_listed_before_the_archived_one_is_fetched_and_the_archived_one_not(self):
        monday, friday = (b"Subject: daily report\r\n\r\n%s\r\n" % day for day in (b"Monday", b"Friday"))
        server = self.serve([monday])
        self.assert_exit(self.fetch(server), 0)
        self.come_back(server, friday, monday)
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(checker.complaints(self.archive, server.maildrop, {2, 3}), [])

    def changed_places(self, *earlier_runs):
        monday, friday = (b"Subject: daily report\r\n\r\n%s\r\n" % day for day in (b"Monday", b"Friday"))
        server = self.serve([monday, friday])
        self.assert_exit(self.fetch(server), 0)
        self.come_back(server, friday, monday)
        for earlier in earlier_runs:
            self.assert_exit(self.fetch(server, *earlier), 0)
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assert_no_bad_delete(server)
        self.assertEqual(server.maildrop.present(), [])
        self.assertEqual(sorted(mboxrd.archive(self.archive)), sorted(map(mboxrd.expected, (monday, friday))))

    def test_two_alike_that_changed_their_places_are_deleted_and_not_doubled(self):
        self.changed_places()

    def test_two_alike_that_an_earlier_run_took_for_each_other_are_deleted_and_not_doubled(self):
        self.changed_places(())

    def test_one_that_an_earlier_run_took_for_an_older_one_is_as_young_as_it_is(self):
        monday, friday = (b"Subject: daily report\r\n\r\n%s\r\n" % day for day in (b"Monday", b"Friday"))
        server = self.serve([monday])
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.add(friday, b"friday")
        self.assert_exit(self.fetch(server, env=faked("+20d")), 0)
        self.come_back(server, friday, monday)
        self.assert_exit(self.fetch(server, env=faked("+20d")), 0)
        self.assert_exit(self.fetch(server, "--delete", "after:30d", "--max-delete", "100%", env=faked("+31d")), 0)
        self.assertEqual([message.data for message in server.maildrop.present()], [friday])

    def marked_differently(self, *words, **behaviour):
        """Two alike but for a reader's marks, the second of which stands in the archive, behind a lost ledger."""
        unread, read = (b"Subject: report\r\nStatus: %s\r\n\r\nMonday\r\n" % marks for marks in (b"OU", b"RO"))
        server = self.serve([read], hook=None)
        self.assert_exit(self.fetch(server), 0)
        (self.archive / ".popkeep" / "ledger.db").unlink()
        self.come_back(server, unread, read)
        server.behaviour = Behaviour(**behaviour)
        self.assert_exit(self.fetch(server, *words), 0)
        self.assertEqual(sorted(mboxrd.archive(self.archive)), sorted(map(mboxrd.expected, (unread, read))))

    def test_two_alike_but_for_their_marks_are_both_archived_once(self):
        self.marked_differently(top=False)

    def test_two_alike_but_for_their_marks_are_both_archived_once_before_they_are_deleted(self):
        self.marked_differently(*DELETING)

    def without_the_first(self):
        """A server whose first message was archived, and removed from the mbox by a reader."""
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        (mbox,) = self.archive.glob("*.mbox")
        data = mbox.read_bytes()
        mbox.write_bytes(data[data.index(b"\n\nFrom ") + 2:])
        return server

    def test_a_message_with_the_uid_of_one_that_a_reader_removed_is_fetched(self):
        server = self.without_the_first()
        old = server.maildrop.by_number(1)
        server.maildrop.remove(old)
        server.maildrop.add(b"Subject: another\r\n\r\nof another size\r\n", old.uid)
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(checker.complaints(self.archive, server.maildrop, {2, 3, 4, 5, 6}, {1}), [])

    def test_what_a_reader_removed_stays_removed_though_the_server_marked_it_as_read(self):
        server = self.without_the_first()
        first = server.maildrop.by_number(1)
        first.data = first.data.replace(b"\r\n\r\n", b"\r\nStatus: RO\r\n\r\n", 1)
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(len(server.log.commands("RETR")), 5)

    def test_one_as_long_in_the_place_of_one_of_two_with_the_same_uid_is_fetched(self):
        drop = Maildrop(corpus.plain(), {4: b"same", 5: b"same"})
        server = self.serve(drop)
        for _ in range(2):
            self.assert_exit(self.fetch(server), 0)
        old = drop.by_number(5)
        drop.remove(old)
        drop.add(old.data.replace(b"number", b"numbar"), b"same")
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(checker.exactly_once(self.archive, drop), [])

    def test_a_twin_that_comes_as_all_uids_change_is_another_message(self):
        server = self.serve(corpus.plain(3))
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.renew_uids(lambda number, uid: b"new-%d" % number)
        server.maildrop.add(server.maildrop.by_number(2).data, b"twin")
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop), [])
        # Which of the two is the archived one, their contents alone can tell.
        self.assertEqual(len(server.log.commands("RETR")), 3 + 2)

    def test_a_refused_top_shifts_no_header_to_another_message(self):
        server = self.serve(corpus.sized(5, 2000))
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.renew_uids(lambda number, uid: b"new-%d" % number)
        server.behaviour = Behaviour(rules=(Rule("TOP", message=2, reply=b"-ERR not now\r\n"),))
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual([event["message"] for event in server.log.commands("RETR") if event["connection"] == 2], [2])
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop), [])


if __name__ == "__main__":
    unittest.main()
