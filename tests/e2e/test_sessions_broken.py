"""Messages that break the session when they, or their headers, are asked for: the others aren't kept waiting. And those
behind whose end something stood that nobody asked for: they may be cut short by a dot that the server forgot to stuff."""

import time
import unittest

from harness import DELETING, Case, checker
from popserver import Behaviour, Maildrop, corpus
from popserver.behaviour import Body, Rule

HEADER_2_BREAKS = (Rule("TOP", message=2, reply=b"", then="close"),)


class SessionsBroken(Case):
    def test_more_messages_that_break_it_than_a_run_has_sessions_keep_the_others_for_one_run_only(self):
        bad = range(1, 9)
        server = self.serve(corpus.plain(10), Behaviour(bodies={n: Body(cut="mid-line") for n in bad}))
        self.assert_exit(self.fetch(server), 75)
        result = self.fetch(server)
        self.assert_exit(result, 75)
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop, without=bad), [], result)

    def test_two_that_keep_silent_keep_the_others_for_one_run_only(self):
        server = self.serve(behaviour=Behaviour(bodies={n: Body(cut="mid-line", how="stall") for n in (1, 2)}))
        self.assert_exit(self.fetch(server, timeout=1), 75)
        result = self.fetch(server, timeout=1)
        self.assert_exit(result, 75)
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop, without=(1, 2)), [], result)

    def test_one_that_broke_it_comes_although_the_server_wants_a_pause_between_two_sign_ins(self):
        server = self.serve(behaviour=Behaviour(login_delay=1.5, bodies={2: Body(cut="mid-line", sessions=(1,))}))
        for _ in range(5):
            self.fetch(server)
            time.sleep(1.6)
        self.assert_exit(self.fetch(server), 0)
        self.assert_archived(server.maildrop)

    def listed_no_more(self, **behaviour):
        """Behind a run in which message 1 broke two sessions, one whose listing is empty."""
        server = self.serve(behaviour=Behaviour(bodies={1: Body(cut="mid-line")}))
        self.assert_exit(self.fetch(server), 75)
        server.behaviour = Behaviour(listing="empty", **behaviour)
        time.sleep(1.6)
        before = server.connections
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(server.connections - before, 1)
        return server

    def test_one_that_broke_it_is_not_looked_for_in_an_empty_mailbox_and_not_forgotten(self):
        server = self.listed_no_more()
        server.maildrop.add(b"Subject: new\r\n\r\nnew\r\n", b"new")
        server.behaviour = Behaviour()
        before = len(server.log.commands("RETR"))
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual([event["message"] for event in server.log.commands("RETR")][before:], [6, 1])
        self.assert_archived(server.maildrop)

    def test_one_that_broke_it_does_not_make_each_run_75_where_the_server_wants_a_pause(self):
        self.listed_no_more(login_delay=1.5)

    def test_a_run_that_leaves_it_to_the_next_for_that_pause_is_a_silent_75(self):
        server = self.serve(behaviour=Behaviour(login_delay=1.5, bodies={2: Body(cut="mid-line")}))
        self.fetch(server)
        time.sleep(1.6)
        result = self.fetch(server)
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop, without=(2,)), [], result)
        self.assertEqual((result.code, result.err), (75, ""))

    def test_a_run_that_begins_with_it_and_leaves_new_mail_to_the_next_is_a_silent_75(self):
        server = self.serve(behaviour=Behaviour(login_delay=1.5, bodies={2: Body(cut="mid-line", sessions=(1,))}))
        for _ in range(2):
            self.fetch(server)
            time.sleep(1.6)
        server.maildrop.add(b"Subject: new\r\n\r\nnew\r\n", b"new")
        result = self.fetch(server)
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop, without=(6,)), [], result)
        self.assertEqual((result.code, result.err), (75, ""))

    def test_one_that_always_breaks_it_keeps_new_mail_for_one_run_only_where_the_server_wants_a_pause(self):
        server = self.serve(behaviour=Behaviour(login_delay=300, bodies={2: Body(cut="mid-line")}))
        for _ in range(2):
            self.fetch(server)
            server.maildrop.last_login = None
        server.maildrop.add(b"Subject: new\r\n\r\nnew\r\n", b"new")
        for _ in range(2):
            self.fetch(server)
            server.maildrop.last_login = None
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop, without=(2,)), [])

    def test_a_drain_waits_before_it_tries_one_that_broke_it(self):
        server = self.serve(behaviour=Behaviour(login_delay=1.5, extra=(b"LOGIN-DELAY 2",),
                                                bodies={2: Body(cut="mid-line", sessions=(1,))}))
        self.fetch(server)
        time.sleep(1.6)
        self.assert_exit(self.fetch(server, "--drain"), 0)
        self.assert_archived(server.maildrop)

    def test_one_that_broke_it_comes_although_the_brake_is_on(self):
        server = self.serve(corpus.plain(10), Behaviour(bodies={2: Body(cut="mid-line", sessions=(1,))}))
        for _ in range(2):
            self.assert_exit(self.fetch(server, "--delete", "fetched", "--max-delete", "1"), 75)
        self.assert_archived(server.maildrop)

    def test_one_that_is_cut_short_differently_each_time_comes_although_the_server_hides_what_it_sent(self):
        short = Body(lengths=(900, 700, 500, 300) * 5, sessions=(1, 2, 3))
        server = self.serve(corpus.sized(5, 2000), Behaviour(pipelining=False, hide_retrieved=True, bodies={2: short}))
        result = self.fetch(server)
        self.assert_exit(result, 75)
        self.assertIn("cut short, differently each time", result.err)
        self.assert_exit(self.fetch(server), 0)
        self.assert_archived(server.maildrop)

    def test_one_that_is_refused_in_one_round_of_a_drain_and_comes_in_the_next_has_not_failed(self):
        refused = Rule("RETR", message=2, reply=b"-ERR [SYS/TEMP] not now\r\n", times=1)
        server = self.serve(behaviour=Behaviour(show=3, hide_retrieved=True, rules=(refused,)))
        self.assert_exit(self.fetch(server, "--drain"), 0)
        self.assert_archived(server.maildrop)

    def test_an_outage_of_the_servers_storage_is_no_messages_fault(self):
        away = Rule("RETR", reply=b"-ERR [SYS/TEMP] storage is away\r\n")
        server = self.serve(corpus.plain(25), Behaviour(rules=(away,)))
        for _ in range(3):
            self.assert_exit(self.fetch(server), 75)
        self.assertNotIn("uid-", self.run_program("status", self.archive).out)
        server.behaviour = Behaviour()
        self.assert_exit(self.fetch(server), 0)
        self.assert_archived(server.maildrop)

    def test_a_few_that_are_refused_for_now_are_named(self):
        away = Rule("RETR", reply=b"-ERR [SYS/TEMP] storage is away\r\n")
        result = self.fetch(self.serve(corpus.plain(5), Behaviour(rules=(away,))))
        self.assert_exit(result, 75)
        self.assertIn("uid-000005", result.err)

    def test_one_that_is_refused_in_each_round_of_a_drain_has_failed_once(self):
        refused = Rule("RETR", message=2, reply=b"-ERR broken\r\n")
        server = self.serve(corpus.plain(8), Behaviour(show=3, hide_retrieved=True, rules=(refused,)))
        self.assert_exit(self.fetch(server, "--drain"), 75)
        self.assertIn("failed 1 time since", self.run_program("status", self.archive).out)

    def test_what_only_came_when_a_session_broke_has_not_failed(self):
        server = self.serve(behaviour=Behaviour(bodies={n: Body(cut="mid-line", how="stall") for n in (1, 2)}))
        self.assertEqual(self.fetch(server, timeout=1).err, "")
        status = self.run_program("status", self.archive)
        self.assertIn("uid-000001: came when a session broke; it is tried last", status.out)

    def test_one_that_breaks_it_does_not_hide_that_the_next_is_whole(self):
        server = self.serve(behaviour=Behaviour(bodies={1: Body(cut="mid-line"), 2: Body(cut="mid-line", sessions=(2,))}))
        result = self.fetch(server)
        self.assert_exit(result, 75)
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop, without=(1,)), [], result)

    def test_after_a_header_that_breaks_it_the_content_tells_that_the_message_is_known(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.renew_uids(lambda number, uid: b"new-%d" % number)
        server.behaviour = Behaviour(rules=HEADER_2_BREAKS)
        result = self.fetch(server)
        self.assert_exit(result, 0)
        again = [event["message"] for event in server.log.commands("RETR")][5:]
        self.assertEqual(again, [2], result)
        self.assert_archived(server.maildrop)

    def test_a_header_that_breaks_it_keeps_its_own_message_on_the_server_and_no_other(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        server.behaviour = Behaviour(rules=HEADER_2_BREAKS)
        result = self.fetch(server, *DELETING)
        self.assert_exit(result, 0)
        self.assertEqual([message.number for message in server.maildrop.present()], [2], result)
        self.assert_no_bad_delete(server)

    def test_one_that_breaks_it_when_it_is_retrieved_again_stays_on_the_server_and_no_other(self):
        server = self.serve(behaviour=Behaviour(top=False))
        self.assert_exit(self.fetch(server), 0)
        server.behaviour = Behaviour(top=False, bodies={2: Body(cut="mid-line")})
        result = self.fetch(server, *DELETING)
        self.assertEqual([message.number for message in server.maildrop.present()], [2], result)
        self.assert_no_bad_delete(server)

    def test_one_that_is_refused_when_it_is_retrieved_again_is_not_asked_for_twice_in_a_session(self):
        server = self.serve(behaviour=Behaviour(top=False))
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.add(corpus.plain(6)[-1], b"longer-than-listed")
        refused = Rule("RETR", message=2, reply=b"-ERR not now\r\n")
        server.behaviour = Behaviour(top=False, rules=(refused,), list_lines={6: b"6 100"})
        before = len(server.log.commands("RETR"))
        self.assert_exit(self.fetch(server, *DELETING), 75)
        self.assertEqual([event["message"] for event in server.log.commands("RETR")[before:]].count(2), 1)

    def test_one_that_brings_little_more_than_the_one_before_is_followed_by_one_in_lock_step(self):
        bodies = {15: Body(cut="mid-line", sessions=(1,)), 18: Body(cut="mid-line", sessions=(2,))}
        server = self.serve(corpus.plain(25), Behaviour(bodies=bodies))
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual({event["connection"] for event in server.log.commands() if event["pipelined"]}, {1, 2})

    def test_headers_that_all_break_it_leave_new_mail_to_its_content(self):
        self.new_mail_comes_although_top(then="close")

    def test_headers_that_all_keep_silent_leave_new_mail_to_its_content(self):
        self.new_mail_comes_although_top(then="stall")

    def new_mail_comes_although_top(self, then):
        server = self.serve(corpus.plain(1))
        self.assert_exit(self.fetch(server), 0)
        for n, message in enumerate(corpus.plain(11)[1:], 2):
            server.maildrop.add(message, b"new-%d" % n)
        server.behaviour = Behaviour(rules=(Rule("TOP", reply=b"", then=then),))
        self.assert_exit(self.fetch(server, timeout=1), 0)
        self.assert_archived(server.maildrop)

    def test_one_without_an_end_is_left_and_the_others_come(self):
        endless = Rule("RETR", message=2, reply=b"+OK\r\n", then="long-lines")
        server = self.serve(behaviour=Behaviour(rules=(endless,)))
        result = self.fetch(server)
        self.assert_exit(result, 75)
        self.assertIn("message 2", result.err)
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop, without=(2,)), [], result)

    def test_a_header_without_an_end_is_left_and_the_message_comes(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.renew_uids(lambda number, uid: b"new-%d" % number)
        server.behaviour = Behaviour(rules=(Rule("TOP", message=2, reply=b"+OK\r\n", then="long-lines"),))
        self.assert_exit(self.fetch(server), 0)
        self.assert_archived(server.maildrop)

    def test_a_large_one_that_list_makes_a_little_smaller_is_not_taken_for_one_without_an_end(self):
        large = b"Subject: large\r\n\r\n" + (2**16 * b"x" + b"\r\n") * 1030
        server = self.serve([large], Behaviour(list_lines={1: b"1 67108000"}), hook=None)
        self.assert_exit(self.fetch(server, timeout=20), 0)
        self.assertEqual(self.run_program("list", self.archive).out.count("\n"), 1)


class LookingAlike(Case):
    """Messages of one UID, or of none: what one of them does is not laid at the others' door."""

    def test_one_of_two_with_the_same_uid_breaks_the_session_and_the_other_comes(self):
        drop = Maildrop(corpus.plain(4), uids={2: b"same", 3: b"same"})
        self.others_come(drop, Behaviour(bodies={2: Body(cut="mid-line")}))

    def test_one_of_many_without_uid_and_size_breaks_the_session_and_the_others_come(self):
        self.others_come(Maildrop(corpus.plain(5)), Behaviour(**NAMELESS, bodies={2: Body(cut="mid-line")}))

    def others_come(self, drop, behaviour):
        server = self.serve(drop, behaviour)
        result = self.fetch(server)
        self.assert_exit(result, 75)
        self.assertEqual(checker.exactly_once(self.archive, drop, without=(2,)), [], result)

    def test_one_of_many_without_uid_and_size_is_refused_again_and_again_and_new_mail_comes(self):
        refused = Rule("RETR", message=2, reply=b"-ERR broken\r\n")
        server = self.serve(corpus.plain(3), Behaviour(**NAMELESS, rules=(refused,)))
        for _ in range(3):
            self.fetch(server)
        server.maildrop.add(b"Subject: new\r\n\r\nnew\r\n", b"new")
        self.fetch(server)
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop, without=(2,)), [])


NAMELESS = {"uidl": False, "top": False, "list_lines": {n: b"%d -1" % n for n in range(1, 9)}}
BEHIND = b"behind\r\n.\r\n"


class Doubted(Case):
    """Message 5, the last one, ends where LIST says, and the rest of it comes behind its dot."""

    def retrieved_again(self, server):
        """A deleting run of a server that is good again asks for message 5 before it deletes it."""
        server.behaviour = Behaviour()
        before = len(server.log.commands("RETR"))
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assertEqual([event["message"] for event in server.log.commands("RETR")][before:], [5])
        self.assertEqual(server.maildrop.present(), [])

    def test_it_is_named_and_stays_on_the_server_as_long_as_that_happens(self):
        for pipelining in (True, False):
            with self.subTest(pipelining=pipelining):
                server = self.serve(behaviour=Behaviour(pipelining=pipelining, bodies={5: Body(after=BEHIND)}))
                results = [self.fetch(server, *DELETING) for _ in range(3)]
                self.assertEqual([message.number for message in server.maildrop.present()], [5], results[0])
                self.assertEqual([result.code for result in results], [75, 75, 65])
                self.assertIn("uid-000005", results[0].err)
                self.assertEqual(checker.complaints(self.archive, server.maildrop, (1, 2, 3, 4), (5,)), [])
                self.found(self.folder / "another")
                self.archive = self.folder / "another"

    def test_it_is_retrieved_again_before_it_goes_if_that_came_instead_of_the_answer_to_quit(self):
        server = self.serve(behaviour=Behaviour(rules=(Rule("QUIT", reply=BEHIND, then="close"),)))
        result = self.fetch(server)
        self.assert_exit(result, 0)
        self.assertIn("message 5 (UID uid-000005) may be cut short", result.err)
        self.retrieved_again(server)

    def test_it_is_retrieved_again_before_it_goes_if_the_connection_ended_behind_that(self):
        ends = Rule("RETR", message=5, times=1, after=b"behind\r\n", then="close")
        server = self.serve(behaviour=Behaviour(rules=(ends,)))
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assertEqual([event["message"] for event in server.log.commands("RETR")].count(5), 2)
        self.assertEqual(server.maildrop.present(), [])

    def test_it_is_retrieved_again_before_it_goes_if_that_came_instead_of_the_answer_to_dele(self):
        server = self.serve(behaviour=Behaviour(pipelining=False, rules=(Rule("DELE", reply=BEHIND),)))
        self.assert_exit(self.fetch(server, *DELETING), 75)
        self.retrieved_again(server)

    def test_it_is_retrieved_again_before_it_goes_if_that_came_instead_of_the_answer_to_top(self):
        server = self.serve(corpus.plain(4))
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.add(corpus.plain(5)[4], b"uid-000005")
        server.behaviour = Behaviour(pipelining=False, rules=(Rule("TOP", reply=BEHIND),))
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assertIn(5, [message.number for message in server.maildrop.present()])
        self.retrieved_again(server)

    def test_it_is_retrieved_again_before_it_goes_if_only_its_header_was_known(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        (self.archive / ".popkeep" / "ledger.db").unlink()
        self.assert_exit(self.fetch(server), 0)
        server.behaviour = Behaviour(bodies={5: Body(after=BEHIND)})
        self.fetch(server, *DELETING)
        self.assertEqual([message.number for message in server.maildrop.present()], [5])
        self.retrieved_again(server)

    def test_it_stays_on_the_server_if_it_was_committed_when_that_came(self):
        """Message 2 here: the server rests before it goes on, for longer than a batch waits."""
        server = self.serve(behaviour=Behaviour(
            pipelining=False, bodies={2: Body(after=BEHIND, sessions=(4, 6))},
            rules=(Rule("RETR", message=3, sessions=(1,), delay=11, reply=BEHIND),)))
        self.assert_exit(self.fetch(server, *DELETING, timeout=20), 0)
        self.assertEqual([message.number for message in server.maildrop.present()], [2])
        for _ in range(2):
            self.assert_exit(self.fetch(server, *DELETING), 0)
            self.assertEqual([message.number for message in server.maildrop.present()], [2])


class BetweenDeletions(Case):
    def test_what_nobody_asked_for_ends_the_session_before_quit_could_delete(self):
        stray = Rule("DELE", message=2, times=1, reply=b"+OK\r\n+OK what?\r\n", acts=True)
        server = self.serve(behaviour=Behaviour(pipelining=False, rules=(stray,)))
        self.assert_exit(self.fetch(server, *DELETING), 75)
        self.assertEqual(len(server.maildrop.present()), 5)
        self.assertNotIn("QUIT", server.log.verbs())


class Remembered(Case):
    """What runs have learned of a server."""

    muddle = Rule("UIDL", times=1, reply=b"what?\r\n")

    def test_that_its_sizes_are_inexact_is_known_behind_a_muddle(self):
        server = self.serve(behaviour=Behaviour(sizes="lf"))
        self.assert_exit(self.fetch(server), 0)
        server.behaviour = Behaviour(sizes="lf", rules=(self.muddle,))
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.add(corpus.plain(6)[-1], b"new")
        before = len(server.log.commands("RETR"))
        self.assert_exit(self.fetch(server), 0)
        self.assertEqual(len(server.log.commands("RETR")) - before, 1)

    def test_that_it_got_in_a_muddle_is_known_behind_inexact_sizes(self):
        server = self.serve(behaviour=Behaviour(sizes="lf", rules=(self.muddle,)))
        for _ in range(2):
            self.assert_exit(self.fetch(server), 0)
        self.assertEqual({event["connection"] for event in server.log.commands() if event["pipelined"]}, {1})


class Unsized(Case):
    """Where sizes don't tell whether an answer belongs to its question, one message is asked for at a time."""

    def is_not_taken_for_an_answer(self, **sizes):
        server = self.serve(behaviour=Behaviour(bodies={2: Body(after=b"+OK stray\r\n")}, **sizes))
        result = self.fetch(server, *DELETING)
        self.assert_exit(result, 75)
        self.assert_no_bad_delete(server)
        self.assertEqual(checker.complaints(self.archive, server.maildrop, (1, 3, 4, 5)), [], result)

    def test_what_was_not_asked_for_is_not_taken_for_an_answer_where_list_is_inexact(self):
        self.is_not_taken_for_an_answer(sizes="lf")

    def test_what_was_not_asked_for_is_not_taken_for_an_answer_where_list_lacks_a_size(self):
        self.is_not_taken_for_an_answer(list_lines={3: None})


if __name__ == "__main__":
    unittest.main()
