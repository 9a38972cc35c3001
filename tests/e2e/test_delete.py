"""Deleting on the server: policies, the brake, receipts, and what a dry run leaves alone."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import time
import unittest

from harness import DELETING, PASSWORD, Case, checker, faked, mboxrd
from popserver import Behaviour, Rule, corpus
from popserver.behaviour import Body


class Delete(Case):
    def test_fetched_deletes_everything_in_the_first_run(self):
        server = self.serve()
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assertEqual(server.maildrop.present(), [])
        self.assert_no_bad_delete(server)
        self.assert_archived(server.maildrop)

    def test_fetched_deletes_what_an_earlier_run_archived(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assertEqual(server.maildrop.present(), [])
        self.assert_archived(server.maildrop)

    def test_an_earlier_runs_message_is_identified_by_top_before_dele(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        self.assert_exit(self.fetch(server, *DELETING), 0)
        asked = {event["uid"] for event in server.log.commands("TOP")} | {
            event["uid"] for event in server.log.commands("RETR") if event["connection"] > 1}
        deleted = {event["uid"] for event in server.log.commands("DELE")}
        self.assertEqual(len(deleted), 5)
        self.assertLessEqual(deleted, asked)

    def test_without_top_an_earlier_runs_message_is_retrieved_again_before_dele(self):
        server = self.serve(behaviour=Behaviour(top=False))
        self.assert_exit(self.fetch(server), 0)
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assertEqual(server.maildrop.present(), [])
        self.assertEqual(len(server.log.commands("RETR")), 2 * 5)
        self.assert_archived(server.maildrop)

    def test_where_top_is_refused_an_earlier_runs_message_is_deleted_by_the_run_behind_the_next(self):
        for title, behaviour in {"no CAPA": Behaviour(top=False, capa={"plain": None, "login": None}),
                                 "announced": Behaviour(rules=(Rule("TOP", reply=b"-ERR no\r\n"),))}.items():
            with self.subTest(title):
                server = self.serve([b"X-Case: %s\r\n" % title.encode() + data for data in corpus.plain()], behaviour)
                self.assert_exit(self.fetch(server), 0)
                said = self.fetch(server, *DELETING, "--verbose")
                self.assert_exit(said, 0)
                told = " ".join(said.out.split())
                self.assertIn("the server refuses TOP for 5 messages: the next run retrieves them", told)
                self.assertNotIn("differently", told)
                self.assert_exit(self.fetch(server, *DELETING), 0)
                self.assertEqual(server.maildrop.present(), [])
                self.assertEqual(len(server.log.commands("RETR")), 2 * 5)
                self.assert_no_bad_delete(server)

    def test_what_list_told_no_size_of_when_it_was_archived_is_retrieved_again_before_dele(self):
        server = self.serve(behaviour=Behaviour(list_lines={2: None}))
        self.assert_exit(self.fetch(server), 0)
        server.behaviour = Behaviour()
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assertEqual(server.maildrop.present(), [])
        self.assertEqual([event["message"] for event in server.log.commands("RETR")][5:], [2])

    def test_what_is_refused_when_it_is_retrieved_again_is_not_deleted(self):
        server = self.serve(behaviour=Behaviour(top=False))
        self.assert_exit(self.fetch(server), 0)
        server.behaviour = Behaviour(top=False, rules=(Rule("RETR", message=2, reply=b"-ERR not now\r\n"),))
        self.assert_exit(self.fetch(server, *DELETING), 75)
        self.assertEqual(server.maildrop.present(), [server.maildrop.by_number(2)])

    def test_another_message_of_the_same_size_under_a_known_uid_is_not_deleted(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        old = server.maildrop.by_number(2)
        server.maildrop.remove(old)
        another = server.maildrop.add(old.data.replace(b"number", b"numbar"), old.uid)
        result = self.fetch(server, *DELETING, "--verbose")
        self.assertEqual(server.maildrop.present(), [another])
        self.assertIn("1 message was not deleted", result.out)
        self.nothing_went_wrong(server)

    def test_every_dele_comes_behind_the_last_retr(self):
        server = self.serve()
        self.assert_exit(self.fetch(server, *DELETING), 0)
        verbs = server.log.verbs()
        self.assertEqual(verbs[verbs.index("DELE"):], ["DELE"] * 5 + ["QUIT"])

    def test_keep_leaves_the_highest_numbers(self):
        server = self.serve()
        self.assert_exit(self.fetch(server, "--delete", "keep:2", "--max-delete", "100%"), 0)
        self.assertEqual([message.number for message in server.maildrop.present()], [4, 5])

    def test_after_leaves_what_was_archived_today(self):
        server = self.serve()
        self.assert_exit(self.fetch(server, "--delete", "after:30d", "--max-delete", "100%"), 0)
        self.assertEqual(server.log.commands("DELE"), [])
        self.assert_archived(server.maildrop)

    def test_a_server_that_goes_on_listing_a_message_is_asked_three_times_to_delete_it(self):
        server = self.serve(behaviour=Behaviour(dele="ignored"))
        for _ in range(5):
            self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assertEqual(len(server.log.commands("DELE")), 3 * 5)

    def test_what_a_server_keeps_is_told_once(self):
        server = self.serve(behaviour=Behaviour(dele="ignored"))
        told = [self.fetch(server, *DELETING).err for _ in range(6)]
        self.assertEqual([bool(text) for text in told], [False, False, False, True, False, False], told)
        self.assertIn("keeps 5 messages although it was asked 3 times to delete each", told[3])

    def test_a_server_that_keeps_more_and_more_is_told_of_when_it_keeps_twice_as_many(self):
        server = self.serve(corpus.plain(2), behaviour=Behaviour(dele="ignored"), hook=None)
        told = []
        for more in (0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0):
            if more:
                count = len(server.maildrop.messages)
                server.maildrop.add(b"Subject: one more, %d\r\n\r\n" % count, b"more-%d" % count)
            told += re.findall(r"keeps (\d+) messages", self.fetch(server, *DELETING).err)
        self.assertEqual(told, ["2", "4"])

    def test_what_was_asked_for_deletion_without_an_answer_is_asked_for_again_without_end(self):
        for title, rule in {"lost": Rule("DELE", message=1, reply=b"", then="close"),
                            "unanswered": Rule("QUIT", reply=b"", then="close"),
                            "refused": Rule("QUIT", reply=b"-ERR try later\r\n")}.items():
            with self.subTest(title):
                server = self.serve([b"X-Case: %s\r\n" % title.encode() + data for data in corpus.plain(3)],
                                    Behaviour(rules=(rule,)))
                for _ in range(4):
                    self.assert_exit(self.fetch(server, *DELETING), 75)
                self.assertEqual(len(server.maildrop.present()), 3)
                server.behaviour = Behaviour()
                self.assert_exit(self.fetch(server, *DELETING), 0)
                self.assertEqual(server.maildrop.present(), [])
                self.assert_no_bad_delete(server)

    def test_a_message_whose_dele_is_refused_three_times_is_left_alone(self):
        server = self.serve(behaviour=Behaviour(rules=(Rule("DELE", message=2, reply=b"-ERR no\r\n"),)))
        self.assertEqual([self.fetch(server, *DELETING).code for _ in range(4)], [75, 75, 75, 0])
        self.assertEqual(len(server.log.commands("DELE")), 5 + 2)

    def test_receipts_of_attempts_without_an_answer_stay_unknown_when_the_message_is_listed_again(self):
        server = self.serve(corpus.plain(1), Behaviour(rules=(Rule("QUIT", times=1, reply=b"-ERR try later\r\n"),)))
        self.assert_exit(self.fetch(server, *DELETING), 75)
        self.assert_exit(self.fetch(server, *DELETING), 0)
        lines = [json.loads(line) for line in self.run_program("deletions", self.archive, "--json").out.splitlines()]
        self.assertEqual([(line["outcome"], line["quit_reply"]) for line in lines if line["type"] == "deletion"],
                         [("confirmed", "bye"), ("unknown", "try later")])

    def test_the_brake_stops_a_run_that_would_delete_more(self):
        server = self.serve()
        result = self.fetch(server, "--delete", "fetched", "--max-delete", "4")
        self.assert_exit(result, 75)
        self.assertEqual(server.log.commands("DELE"), [])
        self.assert_archived(server.maildrop)

    def test_the_brake_says_how_many_it_would_have_deleted(self):
        server = self.serve()
        result = self.fetch(server, "--delete", "fetched", "--max-delete", "4")
        self.assertRegex(result.err, r"\b5\b.*--max-delete|--max-delete.*\b5\b")

    def test_the_brake_is_for_all_sessions_of_a_run_together(self):
        server = self.serve(corpus.plain(20), Behaviour(show=5))
        result = self.fetch(server, "--drain", "--delete", "fetched", "--max-delete", "5")
        self.assert_exit(result, 75)
        self.assertEqual(len(server.log.commands("DELE")), 5, result)

    def test_a_receipt_of_every_deletion_is_kept(self):
        server = self.serve()
        self.assert_exit(self.fetch(server, *DELETING), 0)
        with checker.ledger(self.archive) as database:
            rows = database.execute("SELECT uid, content, outcome FROM deletion ORDER BY id").fetchall()
        wanted = [(m.uid, hashlib.sha256(checker.mboxrd.expected(m.data)).digest(), "confirmed")
                  for m in server.maildrop.messages]
        self.assertEqual([tuple(row) for row in rows], wanted)

    def test_the_receipt_of_a_refused_dele_says_so(self):
        from popserver.scenarios import by_id

        server = self.serve(behaviour=by_id("D26-dele-refused").behaviour)
        self.assert_exit(self.fetch(server, *DELETING), 75)
        with checker.ledger(self.archive) as database:
            refused = [row[0] for row in database.execute("SELECT uid FROM deletion WHERE outcome = 'refused'")]
            confirmed = database.execute("SELECT count(*) FROM deletion WHERE outcome = 'confirmed'").fetchone()[0]
        self.assertEqual((refused, confirmed), ([b"uid-000002"], 4))

    def test_an_unanswered_quit_leaves_the_outcome_unknown(self):
        from popserver.scenarios import by_id

        server = self.serve(behaviour=by_id("D25-quit-close").behaviour)
        self.assert_exit(self.fetch(server, *DELETING), 75)
        with checker.ledger(self.archive) as database:
            outcomes = {row[0] for row in database.execute("SELECT outcome FROM deletion")}
        self.assertEqual(outcomes, {"unknown"})

    def test_deletions_lists_the_receipts(self):
        server = self.serve()
        self.assert_exit(self.fetch(server, *DELETING), 0)
        result = self.run_program("deletions", self.archive)
        self.assert_exit(result, 0)
        self.assertIn("uid-000003", result.out)

    def test_deletions_of_one_account_are_those_of_no_other(self):
        other = self.serve(corpus.plain(2), hook=None)
        other.users = {"other": PASSWORD}
        self.assert_exit(self.fetch(self.serve(), *DELETING), 0)
        self.assert_exit(self.fetch(other, *DELETING, user="other"), 0)
        result = self.run_program("deletions", self.archive, "--account", "other@127.0.0.1")
        self.assertEqual(result.out.count("confirmed"), 2, result)

    def test_twins_with_one_uid_are_each_deleted_after_their_own_copy(self):
        server = self.serve([b"A: b\r\n\r\ntwin\r\n"] * 2)
        server.maildrop.renew_uids(lambda number, uid: b"same")
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assert_archived(server.maildrop)
        self.assertEqual(server.maildrop.present(), [])

    def emptied_of_marked(self, runs_before):
        server = self.serve(behaviour=Behaviour(mark_retrieved=True))
        for _ in range(runs_before):
            self.assert_exit(self.fetch(server), 0)
        result = self.fetch(server, *DELETING)
        self.assert_exit(result, 0)
        self.assertEqual(server.maildrop.present(), [], result)
        self.assert_no_bad_delete(server)
        self.assert_archived(server.maildrop)

    def test_a_message_that_the_server_marked_as_read_since_is_deleted(self):
        self.emptied_of_marked(runs_before=1)

    def test_a_message_whose_marks_an_earlier_run_has_seen_is_deleted(self):
        self.emptied_of_marked(runs_before=2)

    def test_a_message_whose_mbox_copy_was_removed_is_not_deleted(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        (mbox,) = self.archive.glob("*.mbox")
        mbox.write_bytes(mbox.read_bytes().replace(b"This is message 3.", b"This is massage 3."))
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assertFalse(server.maildrop.by_number(3).gone)

    def test_a_message_that_rotted_on_the_disk_is_not_deleted(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        (mbox,) = self.archive.glob("*.mbox")
        before = mbox.stat()
        data = mbox.read_bytes()
        mbox.write_bytes(data.replace(b"This is message 3", b"This is massage 3"))
        os.utime(mbox, ns=(before.st_atime_ns, before.st_mtime_ns))  # a disk tells nobody
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assertEqual([message.number for message in server.maildrop.present()], [3])

    def test_a_message_that_is_another_each_time_and_never_as_long_as_listed_is_not_deleted(self):
        made_up = tuple(Rule("RETR", message=2, times=1, reply=b"+OK\r\nSubject: made up\r\n\r\nnumber %d\r\n.\r\n" % number)
                        for number in range(30))
        server = self.serve(behaviour=Behaviour(pipelining=False, rules=made_up), hook=None)
        for _ in range(3):
            self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assertEqual([message.number for message in server.maildrop.present()], [2])
        self.assertEqual(sum(b"made up" in message for message in mboxrd.archive(self.archive)), 1)

    def test_a_message_that_is_another_each_time_and_longer_than_listed_is_archived_once(self):
        made_up = tuple(Rule("RETR", message=2, times=1, reply=b"+OK\r\nSubject: made up\r\n\r\n%s\r\n.\r\n" % text)
                        for text in (b"x" * length for length in range(990, 900, -3)))
        server = self.serve(behaviour=Behaviour(pipelining=False, rules=made_up), hook=None)
        for _ in range(3):
            self.assert_exit(self.fetch(server), 0)
        self.assertEqual(sum(b"made up" in message for message in mboxrd.archive(self.archive)), 1)

    def test_what_stays_listed_although_deleted_is_stored_once_where_there_is_no_top_either(self):
        server = self.serve(behaviour=Behaviour(dele="ignored", top=False))
        for words in (DELETING, DELETING, DELETING, DELETING, ("--delete", "never"), DELETING):
            self.assert_exit(self.fetch(server, *words), 0)
        self.assert_archived(server.maildrop)
        before = len(server.log.commands("RETR"))
        for words in (DELETING, ("--delete", "never")):
            self.assert_exit(self.fetch(server, *words), 0)
        self.assertEqual(len(server.log.commands("RETR")), before)

    def test_what_stays_listed_although_deleted_is_stored_once_by_a_run_that_keeps_it(self):
        server = self.serve(behaviour=Behaviour(dele="ignored", top=False))
        self.assert_exit(self.fetch(server, *DELETING), 0)
        for _ in range(3):
            self.assert_exit(self.fetch(server), 0)
        self.assert_archived(server.maildrop)
        self.assertEqual(len(server.log.commands("RETR")), 10)

    def test_another_message_under_a_known_uid_is_as_young_as_it_is(self):
        later = lambda days: {"env": faked("+%dd" % days)}
        policy = ("--delete", "after:30d", "--max-delete", "100%")
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        old = server.maildrop.by_number(2)
        server.maildrop.remove(old)
        other = old.data.replace(b"Subject: number 2", b"Subject: another")
        server.maildrop.add(other[:-2] + b"x" * (len(old.data) - len(other)) + b"\r\n", old.uid)
        for _ in range(3):
            self.assert_exit(self.fetch(server, *policy, **later(31)), 0)
        self.assertEqual([message.uid for message in server.maildrop.present()], [old.uid])
        retrieved = len(server.log.commands("RETR"))
        self.assert_exit(self.fetch(server, *policy, **later(40)), 0)
        self.assertEqual(len(server.log.commands("RETR")), retrieved)
        self.assert_exit(self.fetch(server, *policy, **later(62)), 0)
        self.assertEqual(server.maildrop.present(), [])

    def test_delete_at_once_servers_lose_nothing(self):
        server = self.serve(behaviour=Behaviour(dele="at-once"))
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assert_archived(server.maildrop)


class EmptiedMeanwhile(Case):
    """Another program empties the mbox between two appends of one run."""

    def emptied_in(self, *policy):
        held = Rule("RETR", message=25, delay=3)  # most of what came before goes into the mbox meanwhile
        self.server = self.serve(corpus.sized(30, 400_000), Behaviour(pipelining=False, rules=(held,)))
        process = subprocess.Popen(self.command(*self.fetch_words(self.server, *policy, timeout=10)), cwd=self.folder,
                                   env=self.environment, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while len(self.server.log.commands("RETR")) < 25 and time.monotonic() < deadline:
            self.assertIsNone(process.poll())
            time.sleep(0.02)
        (mbox,) = self.archive.glob("*.mbox")
        while mbox.stat().st_size < 20 * 390_000 or list(self.archive.glob("*.lock")):
            self.assertLess(time.monotonic(), deadline, "what came before is not in the mbox")
            time.sleep(0.02)
        mbox.write_bytes(b"")
        self.assertEqual(len(self.server.log.commands("RETR")), 25, "it was emptied too late")
        self.assertEqual(process.wait(60), 75)
        self.server.behaviour = Behaviour()

    def test_what_is_gone_from_the_mbox_is_not_deleted_on_the_server(self):
        self.emptied_in(*DELETING)
        self.assertEqual(checker.lost_deletes(self.archive, self.server.log, self.server.maildrop), [])

    def test_the_next_run_fetches_it_again(self):
        self.emptied_in()
        self.assert_exit(self.fetch(self.server), 0)
        self.assert_archived(self.server.maildrop)


class MovedAway(Case):
    def test_what_stands_in_an_archive_that_another_has_taken_the_place_of_is_not_deleted(self):
        server = self.serve(hook=None)
        self.assert_exit(self.fetch(server), 0)
        shutil.copytree(self.archive, self.folder / "copy")
        server.behaviour = Behaviour(rules=(Rule("TOP", message=1, delay=0.7),))
        process = subprocess.Popen(self.command(*self.fetch_words(server, *DELETING)), cwd=self.folder,
                                   stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment)
        while not server.log.commands("TOP"):
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        self.archive.rename(self.folder / "aside")
        (self.folder / "copy").rename(self.archive)
        process.wait(60)
        self.assertEqual(server.log.commands("DELE"), [])

class DryRun(Case):
    def listing(self):
        return {path.relative_to(self.archive): path.read_bytes() for path in self.archive.rglob("*") if path.is_file()}

    def dry_run(self, server):
        result = self.fetch(server, "--dry-run", "--json", *DELETING)
        self.assert_exit(result, 0)
        self.assertEqual(result.out.count('"would_delete"'), 5, result)

    def test_a_dry_run_changes_no_byte_of_the_archive(self):
        server = self.serve()
        before = self.listing()
        self.dry_run(server)
        self.assertEqual(self.listing(), before)

    def test_a_dry_run_changes_nothing_in_an_archive_with_mail(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        self.assert_archived(server.maildrop)
        before = self.listing()
        self.dry_run(server)
        self.assertEqual(self.listing(), before)

    def test_a_dry_run_neither_retrieves_nor_deletes(self):
        server = self.serve()
        self.dry_run(server)
        self.assertFalse({"RETR", "DELE"} & set(server.log.verbs()))

    def test_a_dry_run_shows_what_would_be_fetched(self):
        server = self.serve()
        result = self.fetch(server, "--dry-run")
        for message in server.maildrop.messages:
            self.assertIn(message.uid.decode(), result.out + result.err)

    def test_a_dry_run_shows_what_would_be_deleted(self):
        server = self.serve()
        result = self.fetch(server, "--dry-run", "--json", "--delete", "keep:2")
        self.assertEqual(result.out.count('"would_delete"'), 3, result)

    def test_a_dry_run_names_to_people_what_would_be_deleted(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        result = self.fetch(server, "--dry-run", "--delete", "keep:2")
        self.assertIn("uid-000003", result.out, result)

    def test_a_dry_run_of_a_server_that_gets_into_a_muddle_changes_nothing(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        server.maildrop.renew_uids(lambda number, uid: b"new-%d" % number)
        server.behaviour = Behaviour(rules=(Rule("TOP", message=1, reply=b"garbage\r\n", times=1),))
        before = self.listing()
        self.assert_exit(self.fetch(server, "--dry-run"), 0)
        self.assertEqual(self.listing(), before)

    def test_what_only_comes_in_this_run_is_not_old_enough_to_be_deleted(self):
        server = self.serve()
        result = self.fetch(server, "--dry-run", "--json", "--delete", "after:1d")
        self.assertEqual((result.out.count('"would_fetch"'), result.out.count('"would_delete"')), (5, 0), result)


class FirstDeletionAsks(Case):
    def test_a_person_who_says_no_keeps_the_mail(self):
        server = self.serve(corpus.plain())
        self.fetch_at_terminal(server, *DELETING, typed=[('"yes"', "no")])
        self.assertEqual(server.log.commands("DELE"), [])

    def test_a_person_who_says_yes_has_it_deleted(self):
        server = self.serve(corpus.plain())
        result = self.fetch_at_terminal(server, *DELETING, typed=[('"yes"', "yes")])
        self.assert_exit(result, 0)
        self.assertEqual(server.maildrop.present(), [])

    def test_a_server_that_hung_up_while_a_person_thought_is_asked_in_a_new_session(self):
        hangs_up = Rule("RETR", message=5, times=1, then="close")
        server = self.serve(behaviour=Behaviour(pipelining=False, rules=(hangs_up,)))
        self.answered(server, "yes")
        self.assertEqual(server.maildrop.present(), [])
        with checker.ledger(self.archive) as database:
            outcomes = [row[0] for row in database.execute("SELECT outcome FROM deletion")]
        self.assertEqual(outcomes, ["confirmed"] * 5)

    def test_a_no_holds_for_all_rounds_of_a_drain(self):
        server = self.answered_in_portions("no")
        self.assertEqual(server.log.commands("DELE"), [])

    def test_a_yes_holds_for_all_rounds_of_a_drain(self):
        server = self.answered_in_portions("yes")
        self.assertEqual(server.maildrop.present(), [])

    def test_a_no_holds_for_the_session_of_one_that_broke_the_first(self):
        server = self.serve(behaviour=Behaviour(bodies={2: Body(cut="mid-line", sessions=(1,))}))
        self.answered(server, "no")
        self.assert_archived(server.maildrop)
        self.assertEqual(server.log.commands("DELE"), [])

    def answered_in_portions(self, answer):
        server = self.serve(corpus.plain(12), Behaviour(show=5, hide_retrieved=True))
        self.answered(server, answer, "--drain")
        self.assert_archived(server.maildrop)
        return server

    def answered(self, server, answer, *words):
        result = self.fetch_at_terminal(server, *DELETING, *words, typed=[('"yes"', answer)])
        self.assert_exit(result, 0)
        self.assertEqual(result.err.count('"yes"'), 1, result)


if __name__ == "__main__":
    unittest.main()
