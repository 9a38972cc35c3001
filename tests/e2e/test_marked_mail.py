"""Mail that a reader has marked in its mbox, while the ledger doesn't know it: it is neither doubled nor lost."""

import shutil
import unittest

from harness import DELETING, checker
from popserver import Behaviour, Maildrop, corpus
from test_other_programs import OthersCase


class MarkedCase(OthersCase):
    def mark(self, mbox, fields=b"Status: RO\n"):
        mbox.write_bytes(mbox.read_bytes().replace(b"\nSubject:", b"\n" + fields + b"Subject:"))

    def lose_ledger(self):
        for path in (self.archive / ".popkeep").glob("ledger.db*"):
            path.unlink()

    def retrieved(self, server):
        return len(server.log.commands("RETR"))

    def comes(self, server, *, downloads):
        before = self.retrieved(server)
        result = self.fetch(server)
        self.assert_exit(result, 0)
        self.assertEqual(self.retrieved(server) - before, downloads, result)
        self.stands(server)
        self.emptied(server)
        self.assert_exit(self.run_program("verify", self.archive), 0)


class Thunderbird(MarkedCase):
    def test_what_it_marks_stays_known_and_is_deleted_on_the_server(self):
        server = self.fetched()
        self.mark(self.mbox, b"X-Mozilla-Status: 0001\nX-Mozilla-Status2: 00800000\nX-Mozilla-Keys: $label1\n")
        before = self.retrieved(server)
        self.emptied(server)
        self.assertEqual(self.retrieved(server), before, "nothing is downloaded again")


class LostLedger(MarkedCase):
    def marked_and_lost(self, fields=b"Status: RO\n", behaviour=None):
        server = self.fetched()
        if behaviour:
            server.behaviour = behaviour
        self.mark(self.mbox, fields)
        self.lose_ledger()
        return server

    def test_with_top_nothing_is_downloaded(self):
        self.comes(self.marked_and_lost(), downloads=0)

    def test_fields_of_several_lines_and_programs_are_left_out_of_the_size(self):
        fields = b"X-Keywords: a\n\tb\nX-UID: 17\nContent-Length: 12345\nStatus: O\n"
        self.comes(self.marked_and_lost(fields), downloads=0)

    def test_without_top_contents_tell(self):
        self.comes(self.marked_and_lost(behaviour=Behaviour(top=False)), downloads=5)

    def test_an_older_ledger_that_knows_half_of_it(self):
        self.restored_older(server := self.fetched(4), new=4)
        self.comes(server, downloads=0)

    def test_an_older_ledger_that_knows_most_of_it(self):
        self.restored_older(server := self.fetched(5), new=2)
        self.comes(server, downloads=2)

    def restored_older(self, server, new):
        old = self.folder / "old"
        shutil.copytree(self.archive / ".popkeep", old)
        for number in range(new):
            server.maildrop.add(b"Subject: later %d\r\n\r\nlater\r\n" % number, b"later-%d" % number)
        self.assert_exit(self.fetch(server), 0)
        self.mark(self.mbox)
        shutil.rmtree(self.archive / ".popkeep")
        shutil.move(old, self.archive / ".popkeep")

    def test_an_mbox_that_a_reader_used_is_adopted(self):
        server = self.fetched()
        self.mark(self.mbox)
        shutil.rmtree(self.archive / ".popkeep")
        self.found()
        self.comes(server, downloads=0)


class StatusOfTheServer(MarkedCase):
    """The server's own messages differ in their status fields only: they are several, marked or not."""

    ALIKE = [b"From: a@example.org\r\n%sSubject: alike\r\n\r\nbody\r\n" % status
             for status in (b"", b"Status: RO\r\n", b"Status: O\r\nX-Status: A\r\n")]

    def alike(self, *, stand, top, marked, order):
        """Of them, those of `stand` are in an archive without ledger; the server lists them in `order`."""
        drop = Maildrop([self.ALIKE[i] for i in stand])
        server = self.serve(drop, Behaviour(top=top))
        self.assert_exit(self.fetch(server), 0)
        if marked:
            self.mark(next(self.archive.glob("*.mbox")), b"X-Keywords: seen\n")
        self.lose_ledger()
        server.maildrop = Maildrop([self.ALIKE[i] for i in order])
        return server

    def test_each_stands_once_whatever_stood_before(self):
        for stand, order in (((0, 1, 2), (2, 1, 0)), ((1,), (0, 1, 2)), ((0,), (2, 1, 0)), ((2, 0), (1, 0, 2))):
            for top in (True, False):
                for marked in (True, False):
                    with self.subTest(stand=stand, order=order, top=top, marked=marked):
                        shutil.rmtree(self.archive)
                        self.found()
                        server = self.alike(stand=stand, top=top, marked=marked, order=order)
                        self.assert_exit(self.fetch(server), 0)
                        self.stands(server)
                        self.emptied(server)

    def test_what_stands_byte_for_byte_is_not_taken_for_another_one(self):
        """The one that stands, unmarked, is listed last: those before it have its header, and other status fields."""
        for top in (True, False):
            with self.subTest(top=top):
                shutil.rmtree(self.archive)
                self.found()
                server = self.alike(stand=(1,), top=top, marked=False, order=(0, 2, 1))
                self.assert_exit(self.fetch(server, *DELETING), 0)
                self.assertEqual(server.maildrop.present(), [])
                self.assertEqual(checker.exactly_once(self.archive, server.maildrop), [])
                self.assert_no_bad_delete(server)


if __name__ == "__main__":
    unittest.main()
