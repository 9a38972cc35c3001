"""What the machine runs short of: space, file size, files, memory, time, a terminal. Nothing is lost, doubled or
deleted early; the exit code tells; and the next run with enough of it ends complete."""

import os
import pathlib
import resource
import shutil
import signal
import subprocess
import time
import unittest

from harness import DELETING, Case, checker, faked, mboxrd
from popserver import Behaviour, Maildrop, Rule, corpus

HERE = pathlib.Path(__file__).resolve().parent
OUT_OF_MEMORY = HERE.parent / "support" / "out_of_memory.c"
KIB = 1024
# Every so manieth is tried; 1 takes minutes.
ALLOCATIONS = int(os.environ.get("POPKEEP_ALLOCATIONS", "83"))


class ResourceCase(Case):
    def nothing_went_wrong(self, server, archive=None):
        """After a run that may have failed: no DELE without its bytes, and a healthy run ends complete."""
        archive = archive or self.archive
        self.assert_no_bad_delete(server)
        self.assert_exit(self.fetch(server, *DELETING, to=archive), 0)
        self.assert_no_bad_delete(server)
        self.assertEqual(checker.exactly_once(archive, server.maildrop), [])
        self.assertEqual(server.maildrop.present(), [])


class FileSize(ResourceCase):
    def limited(self, server, size):
        return self.fetch(server, *DELETING, timeout=30,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY)))

    def test_a_batch_larger_than_a_file_may_be_goes_into_several(self):
        server = self.serve(corpus.sized(200, 100 * KIB))
        result = self.limited(server, 5000 * KIB)
        self.assert_exit(result, 0)
        self.assertGreater(len(list(self.archive.glob("*.mbox"))), 3)
        self.nothing_went_wrong(server)

    def test_a_message_larger_than_a_file_may_be_is_74_and_stays_on_the_server(self):
        server = self.serve([*corpus.plain(3), corpus.sized(1, 900 * KIB)[0]])
        result = self.limited(server, 500 * KIB)
        self.assert_exit(result, 74)
        self.assertEqual(server.log.commands("DELE"), [])
        self.nothing_went_wrong(server)


    def test_a_ledger_that_may_not_grow_is_74_and_tells_of_the_limit(self):
        server = self.serve()
        result = self.limited(server, 40 * KIB)
        self.assert_exit(result, 74)
        self.assertIn("limit on the size of files", result.err)
        self.assertEqual(server.log.commands("DELE"), [])
        self.nothing_went_wrong(server)


class MappedFile(ResourceCase):
    def test_a_mapped_file_that_cannot_be_had_is_74_and_a_sentence(self):
        """Plan: SQLite maps ledger.db-shm. Cutting it short in the middle of a run does what a full disk does where
        its blocks are smaller than a page."""
        server = self.serve(behaviour=Behaviour(pipelining=False, rules=(Rule("RETR", delay=0.1),)))
        process = subprocess.Popen(self.command(*self.fetch_words(server, *DELETING)), env=self.environment,
                                   cwd=self.folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while not server.log.commands("RETR"):
            time.sleep(0.01)
        os.truncate(self.archive / ".popkeep" / "ledger.db-shm", 0)
        said = process.communicate(timeout=30)[1].decode()
        self.assertEqual(process.returncode, 74, said)
        self.assertIn("nothing archived so far is lost", said)
        self.nothing_went_wrong(server)


class Descriptors(ResourceCase):
    def test_with_few_open_files_it_ends_with_74_or_goes_through(self):
        codes = set()
        for most in range(4, 24):
            server = self.serve()
            archive = self.folder / ("few-%d" % most)
            self.found(archive)
            server.hook = checker.Witness(archive)
            result = self.fetch(server, *DELETING, to=archive, preexec_fn=lambda: resource.setrlimit(
                resource.RLIMIT_NOFILE, (most, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
            codes.add(result.code)
            # Below that the loader can't open the libraries, and it is not us who says so.
            self.assertIn(result.code, (0, 69, 74, 75, 77, 127), result)
            self.nothing_went_wrong(server, archive)
        self.assertIn(0, codes)


class Memory(ResourceCase):
    def test_an_allocation_may_fail_anywhere(self):
        """Plan: a library that lets the Nth allocation fail, N in steps until a run has fewer. No run loses
        anything, and the exit code is one of ours (but for OpenSSL 3.0, which crashes where it can't set itself
        up: before anything is retrieved)."""
        library = self.folder / "out_of_memory.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, OUT_OF_MEMORY, "-ldl"], check=True)
        codes = []
        for number in range(1, 1_000_000, ALLOCATIONS):
            server = self.serve()
            archive = self.folder / "memory"
            self.found(archive)
            server.hook = checker.Witness(archive)
            result = self.fetch(server, *DELETING, to=archive,
                                env={"LD_PRELOAD": str(library), "FAIL_ALLOCATION": str(number)})
            if "(an allocation failed)" not in result.err:
                break
            codes.append(result.code)
            with self.subTest(allocation=number):
                if result.code == -signal.SIGSEGV:
                    self.assertEqual(server.log.commands("RETR"), [], result)
                else:
                    self.assertIn(result.code, (0, 74, 75), result)
                self.nothing_went_wrong(server, archive)
            shutil.rmtree(archive)
            server.stop()
        self.assertGreater(codes.count(75), 5, codes)
        self.assertLess(codes.count(-signal.SIGSEGV), len(codes) // 10, codes)


class Clock(ResourceCase):
    def test_a_clock_set_back_a_year_deletes_nothing_by_age(self):
        self.jump("-365d")

    def test_a_clock_set_forward_ten_years_deletes_nothing_by_age(self):
        self.jump("+3650d")

    def test_what_came_under_a_clock_that_was_set_back_is_no_older_for_that(self):
        """Plan: two runs see the clock a year back, and in the middle of a third one it falls back: all that they
        bring is a few seconds old when the clock is right again."""
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        for number in (6, 7):
            server.maildrop.add(corpus.plain(number)[-1], b"back-%d" % number)
            self.assert_exit(self.fetch(server, env=faked("-365d")), 0)
        self.jump_in_the_middle("-365d", "--delete", "after:30d", server=server)
        for _ in range(3):
            self.assert_exit(self.fetch(server, "--delete", "after:30d", "--max-delete", "100%"), 0)
        self.assertEqual(server.log.commands("DELE"), [])
        self.nothing_went_wrong(server)

    def test_what_came_first_of_all_before_the_clock_fell_back_is_no_older_for_that(self):
        server = self.jump_in_the_middle("-365d", "--delete", "after:30d")
        for _ in range(3):
            self.assert_exit(self.fetch(server, "--delete", "after:30d", "--max-delete", "100%"), 0)
        self.assertEqual(server.log.commands("DELE"), [])

    def test_what_came_under_a_clock_that_was_set_forward_grows_as_old_as_what_came_next(self):
        server = self.serve()
        self.assert_exit(self.fetch(server, env=faked("+3650d")), 0)
        # The first run behind it can't know which of the two times is wrong.
        for number in (6, 7):
            server.maildrop.add(corpus.plain(number)[-1], b"next-%d" % number)
            self.assert_exit(self.fetch(server), 0)
        for days, left in ((29, 7), (31, 0)):
            self.assert_exit(self.fetch(server, "--delete", "after:30d", "--max-delete", "100%", env=faked("+%dd" % days)), 0)
            self.assertEqual(len(server.maildrop.present()), left)

    def test_a_clock_that_falls_back_in_the_middle_of_a_deleting_run_changes_no_message(self):
        self.nothing_went_wrong(self.jump_in_the_middle("-365d", *DELETING))

    def test_a_clock_that_leaps_ahead_in_the_middle_of_a_deleting_run_changes_no_message(self):
        self.nothing_went_wrong(self.jump_in_the_middle("+3650d", *DELETING))

    def test_a_trouble_that_lasts_is_told_although_the_last_success_lies_years_ahead(self):
        server = self.jump_in_the_middle("+3650d")
        server.stop()
        result = self.fetch(server)
        self.assert_exit(result, 69)
        self.assertIn("connect", result.err)
        self.assertEqual(self.fetch(server).err, "", "but once a day")
        result = self.run_program("status", self.archive, "--max-age", "26h")
        self.assert_exit(result, 75)
        self.assertIn("in the future", result.err)

    def test_a_message_put_off_until_years_ahead_is_asked_for(self):
        refuses = (Rule("RETR", message=2, reply=b"-ERR not now\r\n"),)
        server = self.serve(behaviour=Behaviour(rules=refuses))
        for _ in range(3):
            self.assert_exit(self.fetch(server, env=faked("+3650d")), 65, 75)
        server.behaviour = Behaviour()
        self.assert_exit(self.fetch(server), 0)
        self.assert_archived(server.maildrop)

    def jump_in_the_middle(self, offset, *words, server=None):
        """A run in which the clock jumps as soon as the first message was asked for."""
        clock = self.folder / "clock"
        clock.write_text("+0\n")
        server = server or self.serve()
        server.maildrop.add(corpus.plain(9)[-1], b"of this run")
        server.behaviour = Behaviour(pipelining=False, rules=(Rule("RETR", delay=0.2),))
        before = len(server.log.commands("RETR"))
        process = subprocess.Popen(self.command(*self.fetch_words(server, *words)), cwd=self.folder,
                                   stdin=subprocess.DEVNULL, env={**self.environment, **faked(file=clock)})
        while len(server.log.commands("RETR")) == before:
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        jumped = self.folder / "jumped"
        jumped.write_text(offset + "\n")
        jumped.rename(clock)  # in one step: it is read all the time
        self.assertEqual(process.wait(60), 0)
        server.behaviour = Behaviour()
        return server

    def jump(self, offset):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        result = self.fetch(server, "--delete", "after:30d", env=faked(offset))
        self.assert_exit(result, 0)
        self.assertEqual(server.log.commands("DELE"), [])
        self.nothing_went_wrong(server)


class Surroundings(ResourceCase):
    def test_odd_locales_and_time_zones_change_no_byte(self):
        stored = set()
        for number, (locale, zone) in enumerate([("C", "UTC"), ("tr_TR.UTF-8", "Pacific/Kiritimati"),
                                                 ("ar_EG", "America/St_Johns"), ("no_such", "No/Such")]):
            server = self.serve(corpus.messages("nasty"))
            archive = self.folder / ("odd-%d" % number)
            self.found(archive)
            server.hook = checker.Witness(archive)
            environment = {"LANG": locale, "LC_ALL": locale, "TZ": zone}
            self.assert_exit(self.fetch(server, *DELETING, to=archive, env=environment), 0)
            self.nothing_went_wrong(server, archive)
            # Received gives each postmark its date, where there is one.
            stored.add(tuple(sorted(mboxrd.archive(archive))))
        self.assertEqual(len(stored), 1)

    def test_closed_standard_descriptors_damage_nothing(self):
        for closed in ((0,), (1,), (2,), (0, 1, 2)):
            with self.subTest(closed=closed):
                server = self.serve()
                archive = self.folder / ("closed-%s" % "-".join(map(str, closed)))
                self.found(archive)
                server.hook = checker.Witness(archive)
                process = subprocess.Popen(
                    self.command(*self.fetch_words(server, *DELETING, to=archive)), env=self.environment,
                    cwd=self.folder, preexec_fn=lambda: [os.close(number) for number in closed])
                self.assertEqual(process.wait(60), 0)
                self.nothing_went_wrong(server, archive)

    def test_a_full_device_for_output_is_74_and_loses_nothing(self):
        server = self.serve()
        with open("/dev/full", "w") as full:
            done = subprocess.run(self.command(*self.fetch_words(server, *DELETING, "--json")), env=self.environment,
                                  stdout=full, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, cwd=self.folder)
        self.assertEqual(done.returncode, 74, done.stderr)
        self.nothing_went_wrong(server)

    def test_output_whose_reader_is_gone_changes_nothing(self):
        server = self.serve()
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run(self.command(*self.fetch_words(server, *DELETING, "--json")), env=self.environment,
                              stdout=write, stderr=write, stdin=subprocess.DEVNULL, cwd=self.folder)
        os.close(write)
        self.assertEqual(done.returncode, 0)
        self.nothing_went_wrong(server)


class Signals(ResourceCase):
    """Plan: the server answers each RETR slowly; the signal comes in the middle."""

    def in_the_middle(self, number):
        behaviour = Behaviour(pipelining=False, rules=(Rule("RETR", delay=0.15),))
        server = self.serve(Maildrop(corpus.plain(8)), behaviour)
        process = subprocess.Popen(self.command(*self.fetch_words(server, *DELETING)), env=self.environment,
                                   cwd=self.folder, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   process_group=0)  # in an orphaned group SIGTSTP stops nothing
        self.addCleanup(process.kill)
        deadline = time.monotonic() + 30
        while len(server.log.commands("RETR")) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(number)
        return server, process

    def stops_with(self, number, code):
        server, process = self.in_the_middle(number)
        start = time.monotonic()
        self.assertEqual(process.wait(30), code)
        self.assertLess(time.monotonic() - start, 10)
        self.assert_no_bad_delete(server)
        self.assertGreater(len(mboxrd.archive(self.archive)), 0, "what had come is kept")
        self.nothing_went_wrong(server)

    def test_sigint_keeps_what_has_come(self):
        self.stops_with(signal.SIGINT, 130)

    def test_sigterm_keeps_what_has_come(self):
        self.stops_with(signal.SIGTERM, 143)

    def test_sighup_keeps_what_has_come(self):
        self.stops_with(signal.SIGHUP, 143)

    def test_sigterm_while_the_answer_to_quit_is_waited_for_is_143(self):
        server = self.serve(Maildrop(corpus.plain(3)), Behaviour(rules=(Rule("QUIT", delay=8, times=1),)))
        process = subprocess.Popen(self.command(*self.fetch_words(server, *DELETING, timeout=20)), env=self.environment,
                                   cwd=self.folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while not server.log.commands("QUIT"):
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=30)[1].decode()
        self.assertEqual(process.returncode, 143, said)
        self.nothing_went_wrong(server)

    def test_sigpipe_is_nothing(self):
        server, process = self.in_the_middle(signal.SIGPIPE)
        self.assertEqual(process.wait(30), 0)
        self.nothing_went_wrong(server)

    def test_a_run_stopped_and_continued_goes_on(self):
        server, process = self.in_the_middle(signal.SIGTSTP)
        time.sleep(1)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGCONT)
        self.assertEqual(process.wait(30), 0)
        self.nothing_went_wrong(server)


if __name__ == "__main__":
    unittest.main()
