"""The judge of the crash sweeps itself: what is planted in an archive or a log must be told, in its words."""

import contextlib
import io
import sqlite3
import sys
import unittest
from unittest import mock

from harness import HERE, mboxrd

sys.path.insert(0, str(HERE.parent / "crash"))
from sweep import judge, local_failure, points, report, stopped, strikes, tear, workload  # noqa: E402
from sweep.books import Books  # noqa: E402
from sweep.case import Outcome  # noqa: E402
from sweep.place import Place, Ran  # noqa: E402

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

    def test_success_with_something_left_to_do_is_told(self):
        with Place(DELETE) as place:
            before = Books(place.archive)
            place.fetch()
            self.assertEqual(judge.after_success(place, before), [])
            change(place, "UPDATE deletion SET outcome = 'unknown' WHERE id = 3")
            self.assert_told(judge.after_success(place, before), "what became of its DELEs is not noted")
            change(place, "UPDATE message SET state = 'prepared' WHERE id = 3")
            self.assert_told(judge.after_success(place, before), "exit 0, but prepared rows stay")

    def test_a_witness_that_cant_look_has_seen_nothing(self):
        with mock.patch("sweep.witness.Books", side_effect=sqlite3.DatabaseError("malformed")):
            with Place(DELETE) as place:
                place.fetch()
                self.assert_told(judge.right_after(place), "DELE of message 1: no look into the archive")

    def test_a_server_that_fails_proves_nothing(self):
        with self.assertRaisesRegex(AssertionError, "(?s)the server failed: .*KeyError"), Place(KEEP) as place:
            with mock.patch.object(place.maildrop, "present", side_effect=KeyError("odd")):
                place.fetch()


class LocalFailure(unittest.TestCase):
    FAILED = ' = -1 EIO (Input/output error) (INJECTED)'
    SAID = ('1 sendto(11<socket:[5]>, "RETR 1\\r\\nRETR 2\\r\\n", 16, MSG_NOSIGNAL, NULL, 0) = 16',
            '1 sendto(11<socket:[5]>, "DELE 1\\r\\nDELE 2\\r\\nQUIT\\r\\n", 22, MSG_NOSIGNAL, NULL, 0) = 22')

    def judged(self, code, *lines, told=()):
        return local_failure.judged(Ran(code, b"", "\n".join(lines), list(told)), "/a")

    def test_each_call_upon_the_archive_counts(self):
        for call in ('openat(AT_FDCWD</home>, "/a/x.mbox", O_RDWR|O_CLOEXEC)', 'mkdir("/a/b", 0700)',
                     'link("/a/.popkeep/1", "/a/.popkeep/2")', 'unlink("/a/.popkeep/ledger.db-wal")',
                     'fsync(12</a>)', 'pwritev(8</a/x.mbox>, [{iov_base="x", iov_len=1}], 1, 0)'):
            self.assertEqual(self.judged(74, "1 " + call + self.FAILED), [])
            self.assertEqual(len(self.judged(0, "1 " + call + self.FAILED)), 1, call)
            self.assertEqual(len(self.judged(74, "1 " + call + self.FAILED, self.SAID[1])), 2, call)

    def test_what_is_no_part_of_the_archive_or_passed_over_does_not(self):
        for call in ('read(9</etc/ssl/openssl.cnf>, 0x1, 4096)', 'write(2</dev/null>, "/a: no", 6)',
                     'fdatasync(9</a/.popkeep>)', 'link("/a/.lk1x", "/a/x.mbox.lock")', 'unlink("/a/x.mbox.lock")'):
            self.assertEqual(self.judged(0, "1 " + call + self.FAILED, *self.SAID), [], call)

    def test_a_write_that_lies_or_writes_something_else_has_failed(self):
        for told in " = 9 (INJECTED)", " = 9 (INJECTED: args)":
            line = '1 pwritev(8</a/x.mbox>, [{iov_base="x", iov_len=1}], 1, 0)' + told
            self.assertEqual(len(self.judged(0, line, *self.SAID)), 3)

    def test_a_write_that_lies_is_cut_off_with_its_rest_where_the_file_may_not_grow(self):
        call = '1 pwritev(8</a/x.mbox>, [{iov_base="x", iov_len=1}], 1, 0)'
        lies, grown, full = call + " = 9 (INJECTED)", call + " = 9", call + " = -1 EFBIG (File too large)"
        self.assertEqual(self.judged(0, lies, full, *self.SAID), [])
        self.assertEqual(len(self.judged(0, lies, grown, full, *self.SAID)), 3)
        self.assertEqual(len(self.judged(0, lies, full.replace("/a/x", "/a/y"), *self.SAID)), 3)

    def test_the_order_of_failure_and_quit_counts(self):
        line = '1 pwrite64(6</a/.popkeep/ledger.db-wal>, "x", 4096, 4152)' + self.FAILED
        self.assertEqual(len(self.judged(0, self.SAID[0], line, self.SAID[1])), 3)
        self.assertEqual(self.judged(0, *self.SAID, line), ["exit 0 though a pwrite64 failed behind QUIT"])
        self.assertEqual(self.judged(74, *self.SAID, line), [])
        self.assertEqual(self.judged(0, *self.SAID, line.replace("db-wal", "db")), [])  # the close

    def test_beside_the_main_thread_nothing_may_be_said_at_all(self):
        line = "2 fdatasync(8</a/x.mbox>)" + self.FAILED
        self.assertEqual(self.judged(74, line, told=["QUIT"]), ["QUIT was said though a fdatasync failed"])

    def test_a_password_that_may_not_be_read_has_an_exit_code_of_its_own(self):
        password = '1 openat(AT_FDCWD</home>, "/password", O_RDONLY) = -1 %s (INJECTED)'
        archive = '1 openat(AT_FDCWD</home>, "/a/.popkeep/told", O_RDONLY) = -1 %s (INJECTED)'
        self.assertEqual(self.judged(77, password % "EACCES", archive % "EACCES"), [])
        self.assertEqual(len(self.judged(77, password % "EMFILE", archive % "EMFILE")), 1)

    def test_what_may_not_be_looked_through_has_it_too(self):
        line = '1 openat(AT_FDCWD</h>, "/a", O_RDONLY|O_CLOEXEC|O_DIRECTORY) = -1 EACCES (Permission denied) (INJECTED)'
        self.assertEqual(self.judged(77, line), [])
        self.assertEqual(len(self.judged(0, line, *self.SAID)), 3)


class Sweep(unittest.TestCase):
    def complaints(self, *outcomes):
        tally = strikes.Tally()
        for fault, struck in outcomes:
            outcome = Outcome("x")
            outcome.strikes.append((fault, struck))
            tally.add(outcome)
        return tally.complaints()

    def test_a_kind_of_fault_that_never_happens_is_told(self):
        happened = [(points.fail(points.Call("openat"), "EIO", 1, False), True)] * 500
        never = [(points.fail(points.Call("pwritev"), "EIO", 1, False), False)]
        self.assertEqual(self.complaints(*happened, *never), [])  # one point may miss
        self.assertEqual(self.complaints(*happened, *never * 2), ["pwritev EIO was meant 2 times and never happened"])
        by_chance = [(points.fail(points.Call("recvfrom"), "ECONNRESET", 1, False), False)]
        self.assertEqual(self.complaints(*happened, *by_chance * 2), [])
        self.assertEqual(len(self.complaints(*happened, *by_chance * 3)), 1)

    def test_more_than_a_few_that_miss_are_told_but_not_those_meant_to(self):
        point = points.kill(points.Call("pwrite64"), 1)
        self.assertEqual(self.complaints(*[(point, True)] * 490, *[(point, False)] * 10), [])
        self.assertEqual(len(self.complaints(*[(point, True)] * 490, *[(point, False)] * 11)), 1)
        self.assertEqual(self.complaints((point, True), *[(strikes.Beyond(point), False)] * 11), [])
        chance = points.kill(points.Call("poll"), 9)
        self.assertEqual(self.complaints((chance, True), *[(chance, False)] * 11), [])

    def test_a_tear_that_tore_nothing_is_told_whatever_comes_behind_it(self):
        point = points.kill(points.Call("pwrite64"), 1)
        tally = strikes.Tally()
        for torn in tear.half, tear.half, tear.zeroed:
            outcome = Outcome("x")
            outcome.strikes = [(point, True), (torn, False), (point, True)]
            tally.add(outcome)
        self.assertEqual(tally.complaints(), ["half was meant 2 times and tore nothing"])

    def test_a_full_disk_that_nobody_ever_felt_is_told(self):
        tally, point = strikes.Tally(), stopped.Filled(points.stop(points.Call("pwrite64"), 1), 0)
        ran = [Ran(0, b"", log, []) for log in ("1 fdatasync(6) = 0", "1 pwrite64(6) = -1 ENOSPC (No space left on device)")]
        ran.append(Ran(74, b"there is no room", "", []))
        self.assertEqual([point.felt(each) for each in ran], [False, True, True])
        for disk, felt in ("tmpfs", False), ("tmpfs", True), ("ext4", False), ("ext4", False):
            outcome = Outcome("x")
            outcome.strikes, outcome.shortages = [(point, True)], [(disk, felt)]
            self.assertEqual(outcome.happened, felt)
            tally.add(outcome)
        self.assertEqual(tally.complaints(), ["ext4, 2 times, was never felt"])

    def test_an_error_without_points_is_told(self):
        cases = [(KEEP, [points.fail(points.Call(call), error, 1, False)], False)
                 for call in points.ERRORS if call not in points.ABSENT for error in points.ERRORS[call]]
        self.assertEqual(strikes.without_points(cases), [])
        with mock.patch.dict(points.ERRORS, {"ftruncate": ("EIO", "EROFS"), "statx": ("EIO",)}):
            self.assertEqual(strikes.without_points(cases), ["ftruncate EROFS", "statx EIO"])

    def test_one_strike_doesnt_make_a_sweep_good(self):
        def played(load, faults, _):
            outcome = Outcome("x")
            outcome.strikes, outcome.state = [(faults[0], number.pop())], len(number)
            return outcome

        for number, good in [[True] * 5, True], [[True] + [False] * 4, False]:
            with mock.patch.object(report, "play", played), contextlib.redirect_stdout(io.StringIO()):
                cases = [(KEEP, [points.kill(points.Call("pwrite64"), 1)], False)] * 5
                self.assertEqual(report.sweep("kill", cases, 1), good)


if __name__ == "__main__":
    unittest.main()
