"""Turns rows of the server's table of behaviours into tests: run, judge, heal, run, judge."""

import os

from harness import DELETING, PASSWORD, Case, certificates, checker
from popserver import Behaviour
from popserver.scenarios import SCENARIOS

TLS = {"off": "in_plain_text", "stls": "over_stls", "implicit": "over_tls"}
MEMORY = 512 << 20  # of addresses; a listing of a million messages takes two thirds of it
MODES = {"keep": "while_keeping", "delete": "while_deleting"}


def tests(name, module, prefixes):
    """A test case class with a test for each row whose id begins with one of `prefixes`."""
    members = {"__module__": module}
    for row in SCENARIOS:
        if not row.id.startswith(prefixes):
            continue
        for tls in row.tls:
            for mode in row.modes:
                title = "test_%s_%s_%s" % (row.id.replace("-", "_"), TLS[tls], MODES[mode])
                members[title] = _test(row, tls, mode)
            if row.silent and row.said:
                title = "test_%s_is_explained_to_a_person_%s" % (row.id.replace("-", "_"), TLS[tls])
                members[title] = _explained(row, tls)
    return type(name, (TableCase,), members)


def _another_as_long(data):
    return data.replace(b"message", b"massage").replace(b"number", b"numbar")


def _test(row, tls, mode):
    def test(self):
        self.play(row, tls, mode)

    test.__doc__ = row.does
    return test


def _explained(row, tls):
    def test(self):
        server = self.serve(row.maildrop(), row.behaviour, tls=tls, certificate=row.certificate)
        result = self.fetch_at_terminal(server, *row.extra_args)
        self.assert_exit(result, *row.exits)
        self.assert_said(row, result)

    test.__doc__ = row.does
    return test


class TableCase(Case):
    def command(self, *words):
        """Memory is bounded, whatever a server sends. A sanitizer's shadow alone is more."""
        limit = [] if "ASAN_OPTIONS" in os.environ else ["prlimit", "--as=%d:" % MEMORY]
        return [*limit, *super().command(*words)]

    def play(self, row, tls, mode):
        drop = row.maildrop()
        server = self.serve(drop, row.behaviour, tls=tls, certificate=row.certificate)
        policy = DELETING if mode == "delete" else ()
        result = self.fetch(server, *policy, *row.extra_args, timeout=row.timeout)
        self.judge_first(row, server, result, mode)
        self.heal(row, server, policy)
        before = len(server.log.commands("RETR"))
        result = self.fetch(server, *policy, timeout=10)
        self.judge_second(row, server, result, mode, before)

    def judge_first(self, row, server, result, mode):
        drop = server.maildrop
        with self.subTest("the exit code is right"):
            self.assert_exit(result, *(row.exits_deleting if mode == "delete" and row.exits_deleting else row.exits))
        with self.subTest("it ends in time"):
            self.assertLess(result.seconds, row.patience, result)
        with self.subTest("the mbox holds whole messages, the right ones"):
            wrong = checker.complaints(self.archive, drop, row.required(len(drop.messages)), row.forbidden)
            self.assertEqual(wrong, [], result)
        with self.subTest("nothing is deleted that isn't safe"):
            self.assert_no_bad_delete(server)
            self.assertEqual(checker.lost_deletes(self.archive, server.log, drop), [], result)
            self.assertFalse({event["message"] for event in server.log.of("applied")} & set(row.kept), result)
        if mode == "delete" and row.kept and row.archived == ("but", row.kept):
            with self.subTest("what is in the way keeps nothing else on the server"):
                self.assertEqual([message.number for message in drop.present()], list(row.kept), result)
        with self.subTest("nothing is sent that must not be"):
            self.assertFalse(set(server.log.verbs()) & set(row.never), server.log.verbs())
            if mode == "keep":
                self.assertNotIn("DELE", server.log.verbs())
            if not any(row.behaviour.offers_pipelining(state)
                       for state in ("plain" if server.tls == "off" else "tls", "login")):
                early = [event["line"] for event in server.log.commands() if event["pipelined"]]
                self.assertEqual(early, [])
            if row.sign_ins is not None:
                self.assertLessEqual(len(server.log.commands("PASS")), row.sign_ins)
            self.assertEqual(self.asked_again(server), [], "refused, and asked for again in the same session")
            if "PASS" in row.never:
                self.assertNotIn(PASSWORD.encode(), server.log.wire_text())
        with self.subTest("what is said is clean, and says enough"):
            self.assertNotIn(PASSWORD, result.out + result.err)
            dirty = [char for char in result.err + result.out if ord(char) < 32 and char not in "\n\t"]
            self.assertEqual(dirty, [])
            if row.silent:
                self.assertEqual(result.err, "")
            else:
                self.assert_said(row, result)

    def asked_again(self, server):
        """(session, message) of each RETR behind one that the same session refused."""
        refused, again = set(), []
        for event in server.log.commands("RETR"):
            asked = event["connection"], event["message"]
            again += [asked] if asked in refused else []
            if (event["status"] or "").startswith("-ERR"):
                refused.add(asked)
        return again

    def assert_said(self, row, result):
        said = " ".join(result.err.lower().split())  # a terminal shows it wrapped
        for words in row.said:
            self.assertTrue(any(word.lower() in said for word in words), "%s in %s" % (words, result))

    def heal(self, row, server, policy):
        """The defect ends (unless it stays), time passes, and the maildrop may have changed."""
        drop = server.maildrop
        if row.between == "remove-2":
            drop.remove(drop.by_number(2))
        elif row.between == "new-uids":
            drop.renew_uids(lambda number, uid: b"new-%d" % number)
        elif row.between.startswith("reuse-uid-2"):
            old = drop.by_number(2)
            drop.remove(old)
            data = _another_as_long(old.data)
            drop.add(data if row.between.endswith("same-size") else data + b"more\r\n", old.uid)
        elif row.between == "replace-all":
            for old in drop.present():
                drop.remove(old)
                drop.add(_another_as_long(old.data), old.uid)
        elif row.between == "swap-1-2":
            one, two = drop.by_number(1), drop.by_number(2)
            one.uid, two.uid = two.uid, one.uid
        elif row.between == "listing-empty-once":
            server.behaviour = Behaviour(listing="empty")
            self.assert_exit(self.fetch(server, *policy), 0)
        if not row.both:
            server.behaviour = Behaviour()
        if server.tls != "off":
            server.context = certificates().context()
        checker.let_time_pass(self.archive)

    def judge_second(self, row, server, result, mode, before):
        drop = server.maildrop
        with self.subTest("afterwards a good server's mail comes without complaint"):
            self.assert_exit(result, 0)
        with self.subTest("every message stands exactly once in the end"):
            without = {2} if row.between == "remove-2" else ()
            self.assertEqual(checker.exactly_once(self.archive, drop, without), [], result)
            self.assert_no_bad_delete(server)
        with self.subTest("nothing is downloaded twice"):
            if row.new_in_second is not None:
                self.assertLessEqual(len(server.log.commands("RETR")) - before, row.new_in_second)
        with self.subTest("a deleting run leaves nothing behind"):
            if mode == "delete" and not row.both:
                self.assertEqual([message.number for message in drop.present()], [], result)
