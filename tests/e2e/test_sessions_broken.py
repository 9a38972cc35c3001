"""Messages that break the session when they, or their headers, are asked for: the others aren't kept waiting."""

import unittest

from harness import DELETING, Case, checker
from popserver import Behaviour, corpus
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


if __name__ == "__main__":
    unittest.main()
