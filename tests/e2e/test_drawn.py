"""Several defects at once, drawn by a seed: up to three runs against a server that is wrong in many ways, keeping or
deleting, while UIDs change and messages come and go; then a good server. Whatever happened, nothing is deleted that
doesn't stand in the archive, and in the end each message stands there once and the maildrop is empty."""

import os
import random
import unittest

from harness import DELETING, Case, checker
from popserver import Behaviour, Body, Maildrop, Rule

FIRST = int(os.environ.get("POPKEEP_FIRST_DRAW", "1"))
DRAWS = int(os.environ.get("POPKEEP_DRAWS", "60"))
DIES = {"cut": ("after-status", "after-line", "mid-line", "before-last-lf", "mid-terminator"), "how": ("close", "reset")}
# Not what breaks the promises by itself: a server that says it has deleted what it keeps, or that cuts messages short
# where no size shows it.
ORDINARY_EXITS = (0, 65, 74, 75, 76)


class Draw:
    """One seed's mail and servers. What stays the same for all of its runs is drawn first."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.chance = lambda probability: self.random.random() < probability
        self.pick = self.random.choice
        self.sizes = self.pick(("octets", "octets", "octets", "lf", "rounded"))
        self.lf = self.chance(0.08)
        self.written = 0

    def letters(self, most):
        return [self.letter() for _ in range(self.random.randint(1, most))]

    def letter(self):
        """No two are the same, but many have the same header and the same size."""
        self.written += 1
        # Where sizes are rounded, only headers tell.
        header = b"From: a@example.org\r\nSubject: m%d\r\n\r\n" % (self.written if self.sizes == "rounded" else 0)
        last = b"%03d\r\n" % self.written
        return self.pick((header + b"line\r\n" * self.random.randint(0, 3), header + b".\r\n..\r\n.x\r\n\r\n.\r\n",
                          header + b"From here\r\n>From there\r\n\r\nFrom \r\n", header + b"a\nb\rc\n\r\n",
                          header + b"0123456789abcdef" * 4000 + b"\r\n", header + bytes(range(128, 256)) + b"\r\n",
                          b"\r\nno header\r\n")) + last

    def behaviour(self, count, run):
        places, top = range(1, count + 1), self.chance(0.75)
        # Not that of another run: a UID that names another message of the same header and size betrays everyone.
        same = b"%%d same-%d" % run
        features = {"sizes": self.sizes, "lf": self.lf, "pipelining": self.chance(0.6), "top": top}
        for probability, name, values in (
                (0.15, "order", ("reversed",)), (0.15, "rotate", (True,)), (0.15, "hide_retrieved", (True,)),
                (0.1, "split", ("walk",)), (0.1, "dele", ("at-once",)), (0.1, "show", (self.pick(places),)),
                (0.15, "pipeline", ("first-only", "interleaved", "disconnects", "small-window")),
                (0.15, "uidl", (False,)), (0.1, "list_lines", ({self.pick(places): None},)),
                (0.15, "uidl_lines", ({self.pick(places): None}, {self.pick(places): same})),
                (0.1, "uidl_lines", (dict.fromkeys(places, same), dict.fromkeys(places, b"%d %d")))):
            if self.chance(probability):
                features[name] = self.pick(values)
        sized = self.sizes == "octets" and "list_lines" not in features and not self.lf
        if sized and self.chance(0.1):
            features["short_after_top"] = self.pick((5, 40))
        bodies = {place: body for place in places if (body := self.body(sized))}
        return Behaviour(bodies=bodies, rules=tuple(self.rules(places)), **features)

    def body(self, sized):
        sessions = self.pick((None, (1,), (2,), (1, 2), (1, 3)))
        drawn = self.random.random()
        if drawn < 0.1:
            return Body(cut=self.pick(DIES["cut"]), how=self.pick(DIES["how"]), sessions=sessions)
        if drawn < 0.14:
            return Body(after=b"+OK stray\r\n", sessions=sessions)
        if drawn < 0.17:
            return Body(cut="mid-line", pipelined_only=True)
        if drawn < 0.2 and sized:
            return Body(lengths=(3, 30, 60), sessions=sessions)
        if drawn < 0.23 and sized:
            return Body(stuff=False, sessions=sessions)
        return None

    def rules(self, places):
        for place in places:
            for verb, probability in (("RETR", 0.1), ("TOP", 0.06), ("DELE", 0.05)):
                if self.chance(probability):
                    # Not for ever: after three refusals a message is rightly not asked to go any more.
                    times = 1 if verb == "DELE" else self.pick((None, 1, 2))
                    how = self.pick(({"reply": b"-ERR no\r\n"}, {"reply": b"", "then": "close"}))
                    yield Rule(verb, message=place, times=times, **how)
        if self.chance(0.2):
            yield self.pick((Rule("QUIT", times=1, reply=b"", then="close"), Rule("LIST", times=1, reply=b"", then="close"),
                             Rule("UIDL", times=1, reply=b"-ERR\r\n"),
                             Rule("QUIT", times=1, reply=b"-ERR some not removed\r\n", acts=True)))

    def between(self, maildrop, run):
        drawn = self.random.random()
        if drawn < 0.2:
            maildrop.renew_uids(lambda number, uid: b"new-%d-%d" % (run, number))
        elif drawn < 0.4 and maildrop.present():
            maildrop.remove(self.pick(maildrop.present()))
        elif drawn < 0.6:
            for letter in self.letters(2):
                maildrop.add(letter, b"later-%d" % len(maildrop.messages))


class Drawn(Case):
    founded = False

    def test_several_defects_at_once_lose_double_and_delete_nothing(self):
        for seed in range(FIRST, FIRST + DRAWS):
            with self.subTest(seed=seed):
                self.archive = self.folder / str(seed)
                self.found()
                self.play(Draw(seed))

    def play(self, draw):
        drop = Maildrop(draw.letters(7))
        server, told = self.serve(drop), []
        for run in range(draw.random.randint(1, 3)):
            server.behaviour = draw.behaviour(len(drop.messages), run)
            told += [server.behaviour, self.fetch(server, *(DELETING if draw.chance(0.6) else ()), timeout=1)]
            self.assertIn(told[-1].code, ORDINARY_EXITS, told)
            self.judge_deletes(server, told)
            draw.between(drop, run)
            if draw.chance(0.3):
                checker.let_time_pass(self.archive)
        server.behaviour = Behaviour(sizes=draw.sizes, lf=draw.lf)
        checker.let_time_pass(self.archive)
        told += [self.fetch(server, *DELETING), self.fetch(server, *DELETING)]
        self.assertEqual(told[-1].code, 0, told)
        self.judge_deletes(server, told)
        self.assertEqual(drop.present(), [], told)
        deleted = {event["message"] for event in server.log.of("applied")}
        self.assertEqual(checker.complaints(self.archive, drop, deleted), [], told)
        server.stop()

    def judge_deletes(self, server, told):
        self.assertEqual(server.hook.violations, [], told)
        self.assertEqual(checker.lost_deletes(self.archive, server.log, server.maildrop), [], told)


if __name__ == "__main__":
    unittest.main()
