"""Messages of the same bytes, of which one is deleted while the other is still to be fetched."""

import unittest

from harness import DELETING, Case, checker
from popserver import Behaviour, Maildrop, Rule
from popserver.behaviour import Body
from popserver.maildrop import Message

TWIN = b"From: a@example.org\r\nSubject: twin\r\n\r\nthe same\r\n"
OTHER = b"From: b@example.org\r\nSubject: other\r\n\r\nother\r\n"
CUT_ONCE = {1: Body(cut="mid-line", how="reset", sessions=(1,))}
# So many a run, which leaves the others behind.
ONE = (*DELETING, "--limit", "1")


def drop(*uids):
    first, second = uids
    return Maildrop([Message(TWIN, first), Message(OTHER, b"other"), Message(TWIN, second)])


class Twins(Case):
    def assert_all_came_and_went(self, server):
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop), [])
        self.assertEqual(server.maildrop.present(), [])
        self.assert_no_bad_delete(server)

    def fetch_all(self, server):
        for _ in range(2):
            self.assert_exit(self.fetch(server, *DELETING), 0)

    def test_one_that_broke_the_session_is_not_the_one_of_the_same_uid_that_was_deleted_meanwhile(self):
        server = self.serve(drop(b"same", b"same"), Behaviour(bodies=CUT_ONCE))
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assert_all_came_and_went(server)

    def test_one_that_broke_the_session_is_not_the_one_of_the_same_uid_whose_deletion_was_not_answered(self):
        server = self.serve(drop(b"same", b"same"), Behaviour(
            bodies=CUT_ONCE, rules=(Rule("QUIT", times=1, acts=True, reply=b"", then="reset"),)))
        self.fetch(server, *DELETING)
        self.fetch_all(server)
        self.assert_all_came_and_went(server)

    def test_one_that_was_left_to_another_run_is_not_the_one_of_the_same_uid_that_went(self):
        server = self.serve(drop(b"same", b"same"))
        self.assert_exit(self.fetch(server, *ONE), 0)
        self.fetch_all(server)
        self.assert_all_came_and_went(server)

    def test_one_that_was_left_behind_stays_so_when_another_message_goes(self):
        server = self.serve(drop(b"same", b"same"))
        for _ in range(3):
            self.assert_exit(self.fetch(server, *ONE), 0)
        self.assert_all_came_and_went(server)

    def test_one_that_was_left_to_another_run_is_not_one_of_another_uid_whose_deletion_was_not_answered(self):
        server = self.serve(drop(b"first", b"second"),
                            Behaviour(rules=(Rule("QUIT", times=1, acts=True, reply=b"", then="reset"),)))
        self.fetch(server, *ONE)
        self.fetch_all(server)
        self.assert_all_came_and_went(server)

    def test_a_refused_one_is_not_one_of_another_uid_whose_deletion_was_not_answered(self):
        server = self.serve(drop(b"first", b"second"), Behaviour(rules=(
            Rule("RETR", message=3, times=1, reply=b"-ERR [SYS/TEMP] later\r\n"),
            Rule("QUIT", times=1, acts=True, reply=b"", then="reset"))))
        self.fetch(server, *DELETING)
        self.fetch_all(server)
        self.assert_all_came_and_went(server)

    def test_what_an_earlier_session_asked_to_go_is_recognised_though_others_went_beside_it_meanwhile(self):
        server = self.serve([TWIN, TWIN.replace(b"twin", b"next")], Behaviour(
            rules=(Rule("DELE", message=2, times=1, reply=b"", then="close"),)))
        self.fetch(server, *DELETING)
        server.maildrop.renew_uids(lambda number, uid: b"new-%d" % number)
        server.behaviour = Behaviour(top=False, rules=(Rule("RETR", message=1, reply=b"-ERR not now\r\n"),))
        self.fetch(server, *DELETING)
        server.behaviour = Behaviour()
        self.fetch_all(server)
        self.assert_all_came_and_went(server)

    def test_none_comes_twice_where_the_deletion_did_not_happen(self):
        for uids in ((b"same", b"same"), (b"first", b"second")):
            with self.subTest(uids):
                server = self.serve(drop(*uids), Behaviour(rules=(Rule("QUIT", times=1, reply=b"", then="reset"),)))
                archive = self.folder / str(uids[1], "ascii")
                self.assert_exit(self.run_program("init", archive), 0)
                self.fetch(server, *ONE, to=archive)
                for _ in range(2):
                    self.assert_exit(self.fetch(server, *DELETING, to=archive), 0)
                self.assertEqual(checker.exactly_once(archive, server.maildrop), [])
                self.assertEqual(server.maildrop.present(), [])


if __name__ == "__main__":
    unittest.main()
