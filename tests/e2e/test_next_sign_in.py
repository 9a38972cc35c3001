"""Sign-ins behind the first one of a run: refused, too soon, or announced for much later."""

import json
import signal
import subprocess
import unittest

from harness import Case
from popserver import Behaviour, Rule, corpus
from popserver.behaviour import Body


class NextSignIn(Case):
    def refused_in(self, session, answer, **body):
        """Message 3 breaks sessions, and the server refuses one sign-in."""
        rule = Rule("PASS", sessions=(session,), reply=b"-ERR %s\r\n" % answer)
        return self.serve(behaviour=Behaviour(bodies={3: Body(cut="mid-line", **body)}, rules=(rule,)))

    def test_a_drain_that_was_refused_once_as_too_soon_and_brought_everything_is_0(self):
        server = self.refused_in(3, b"[LOGIN-DELAY] too soon", sessions=(1,))
        self.assert_exit(self.fetch(server, "--drain"), 0)
        self.assertTrue(any(event["status"].startswith("-ERR") for event in server.log.commands("PASS")))
        self.assert_archived(server.maildrop)

    def test_what_came_before_it_was_refused_is_counted(self):
        result = self.fetch(self.refused_in(2, b"[IN-USE] locked"), "--json")
        self.assert_exit(result, 75)
        self.assertEqual(json.loads(result.out.splitlines()[-1])["archived"], 2)

    def test_a_drain_waits_an_hour_at_most_whatever_pause_is_announced(self):
        server = self.serve(corpus.plain(8), Behaviour(show=5, hide_retrieved=True, extra=(b"LOGIN-DELAY 604800",)))
        with subprocess.Popen(self.command(*self.fetch_words(server, "--drain", "--json")), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=self.environment,
                              cwd=self.folder) as process:
            session = next(event for event in map(json.loads, process.stdout) if event["type"] == "session")
            process.send_signal(signal.SIGINT)
        self.assertLessEqual(session["wait"], 3601)


if __name__ == "__main__":
    unittest.main()
