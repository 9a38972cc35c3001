"""The judge of the crash sweeps itself: what is planted in an archive or a log must be told, in its words."""

import contextlib
import sqlite3
import sys
import unittest
from unittest import mock

from harness import HERE, mboxrd

sys.path.insert(0, str(HERE.parent / "crash"))
from sweep import judge, workload  # noqa: E402
from sweep.place import Place  # noqa: E402

KEEP, DELETE, LATER_DELETE = workload.ALL[0], workload.ALL[1], workload.ALL[2]


def change(place, *statements):
    with contextlib.closing(sqlite3.connect(place.archive / ".popkeep" / "ledger.db")) as database, database:
        for statement in statements:
            database.execute(statement)


def quoted(content):
    return b"".join(b">" * line.lstrip(b">").startswith(b"From ") + line for line in content.splitlines(True))


def rewrite(place, order=None, old=b"", new=b""):
    """The mbox with its messages in another order, or one text in place of another."""
    pieces = [postmark + b"\n" + quoted(content) + b"\n"
              for postmark, content in mboxrd.entries(place.mbox.read_bytes())]
    place.mbox.write_bytes(b"".join(pieces[at] for at in order or range(len(pieces))).replace(old, new))


class AfterARun(unittest.TestCase):
    @contextlib.contextmanager
    def played(self, load, before=()):
        with Place(load) as place:
            change(place, *before)
            ran = place.fetch()
            self.assertEqual(ran.code, 0, ran.said)
            if not before:
                self.assertEqual(judge.right_after(place) + judge.after_recovery(place), [])
            yield place

    def assert_told(self, wrong, words):
        self.assertTrue(any(words in line for line in wrong), wrong)

    def test_a_dele_without_a_receipt_is_told_at_once_and_afterwards(self):
        gone = "CREATE TRIGGER gone AFTER INSERT ON deletion WHEN NEW.uid = x'%s' BEGIN DELETE FROM deletion; END"
        with self.played(LATER_DELETE, [gone % b"uid-8".hex()]) as place:
            self.assert_told(place.witness.violations, "DELE of message 1 without a receipt")
            self.assert_told(judge.right_after(place), "deleted without a receipt")

    def test_a_receipt_under_another_uid_is_none(self):
        with self.played(DELETE) as place:
            change(place, "UPDATE deletion SET uid = x'00' WHERE uid = x'%s'" % b"uid-8".hex())
            self.assert_told(judge.right_after(place), "deleted without a receipt")

    def test_a_twin_doesnt_stand_for_its_sibling(self):
        for load, words in (KEEP, "QUIT though message 7 or 8"), (DELETE, "deleted without committed bytes"):
            with self.played(load) as place:
                change(place, "DELETE FROM message WHERE uid = x'%s'" % b"uid-8".hex())
                self.assert_told(judge.right_after(place), words)

    def test_two_rows_of_one_place_are_one_message(self):
        with self.played(KEEP) as place:
            change(place, "UPDATE message SET start = (SELECT start FROM message WHERE uid = x'%s') WHERE uid = x'%s'"
                   % (b"uid-7".hex(), b"uid-8".hex()))
            self.assert_told(judge.right_after(place), "1 rows say archived without their bytes")

    def test_another_order_is_told(self):
        with self.played(KEEP) as place:
            rewrite(place, [0, 1, 2, 3, 4, 5, 6, 7])
            self.assertEqual(judge.after_recovery(place), [])
            rewrite(place, [0, 1, 2, 3, 5, 4, 6, 7])
            self.assert_told(judge.after_recovery(place), "not in the order in which they came")

    def test_another_postmark_is_told(self):
        for old, new in (b"From a2@", b"From b2@"), (b"Mar  3 09:00:02", b"Mar  3 10:00:02"):
            with self.played(KEEP) as place:
                rewrite(place, old=old, new=new)
                self.assert_told(judge.after_recovery(place), "not the postmark of its message")

    def test_a_witness_that_cant_look_has_seen_nothing(self):
        with mock.patch("sweep.witness.Books", side_effect=sqlite3.DatabaseError("malformed")):
            with Place(DELETE) as place:
                place.fetch()
                self.assert_told(judge.right_after(place), "DELE of message 1: no look into the archive")

    def test_a_server_that_fails_proves_nothing(self):
        with self.assertRaisesRegex(AssertionError, "(?s)the server failed: .*KeyError"), Place(KEEP) as place:
            with mock.patch.object(place.maildrop, "present", side_effect=KeyError("odd")):
                place.fetch()


if __name__ == "__main__":
    unittest.main()
