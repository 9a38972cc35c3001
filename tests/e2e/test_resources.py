"""What the machine runs short of: space, file size, files, memory, a terminal. Nothing is lost, doubled or
deleted early; the exit code tells; and the next run with enough of it ends complete."""

import contextlib
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import time
import unittest

from harness import DELETING, Case, checker, mboxrd
from popserver import Behaviour, Maildrop, Rule, corpus
from popserver.behaviour import Body

KIB = 1024
# Every so manieth is tried; 1 takes minutes.
ALLOCATIONS = int(os.environ.get("POPKEEP_ALLOCATIONS", "83"))


class FileSize(Case):
    def limited(self, server, size, **more):
        return self.fetch(server, *DELETING, timeout=30, **more,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY)))

    def test_a_batch_larger_than_a_file_may_be_goes_into_several(self):
        server = self.serve(corpus.sized(200, 100 * KIB))
        result = self.limited(server, 5000 * KIB)
        self.assert_exit(result, 0)
        self.assertGreater(len(list(self.archive.glob("*.mbox"))), 3)
        self.nothing_went_wrong(server)

    def test_a_message_larger_than_a_file_may_be_is_74_and_stays_on_the_server_alone(self):
        plain = corpus.plain(4)
        server = self.serve([*plain[:2], corpus.sized(1, 900 * KIB)[0], *plain[2:]])
        result = self.limited(server, 500 * KIB)
        self.assert_exit(result, 74)
        self.assertIn("ulimit -f", result.err)
        self.assertEqual(checker.complaints(self.archive, server.maildrop, (1, 2, 4, 5), (3,)), [])
        self.assertEqual([message.number for message in server.maildrop.present()], [3])
        self.assert_exit(self.fetch(server, *DELETING), 0)
        self.assertEqual(checker.exactly_once(self.archive, server.maildrop), [])
        self.assertEqual(server.maildrop.present(), [])
        self.nothing_went_wrong(server)

    def test_that_one_is_too_large_is_the_end_also_where_another_one_broke_a_session(self):
        server = self.serve([*corpus.plain(3), corpus.sized(1, 900 * KIB)[0]],
                            Behaviour(bodies={2: Body(cut="mid-line", sessions=(1,))}))
        self.assert_exit(self.limited(server, 500 * KIB), 74)
        self.assertEqual(checker.complaints(self.archive, server.maildrop, (1, 2, 3), (4,)), [])

    def test_a_ledger_that_may_not_grow_is_74_and_tells_of_the_limit(self):
        server = self.serve()
        result = self.limited(server, 40 * KIB)
        self.assert_exit(result, 74)
        self.assertIn("limit on the size of files", result.err)
        self.assertEqual(server.log.commands("DELE"), [])
        self.nothing_went_wrong(server)

    def test_a_limit_below_all_that_a_ledger_needs_is_told_as_well(self):
        server = self.serve()
        for size in (4, 10, 20, 31):
            with self.subTest(size=size):
                archive = self.folder / str(size)
                self.assert_exit(self.run_program("init", archive), 0)
                result = self.limited(server, size * KIB, to=archive)
                self.assert_exit(result, 74)
                self.assertIn("ulimit -f", result.err)
                self.assertNotIn("the disk is full", result.err)
        self.nothing_went_wrong(server)


class Spool(Case):
    """A message that is too big for memory goes through a file, whose disk may be as bad as the mbox's."""

    def test_a_write_to_it_that_got_lost_is_74_and_the_message_stays_on_the_server(self):
        library = self.preloaded("lost_write")
        server = self.serve([*corpus.plain(2), corpus.sized(1, 9000 * KIB)[0]])
        said = ""  # once a day
        for number in ("1", "2", "20"):
            with self.subTest(lost=number):
                result = self.fetch(server, *DELETING, timeout=30, env={"LD_PRELOAD": library, "LOST_WRITE": number})
                self.assert_exit(result, 74)
                said += result.err
                self.assertEqual(checker.complaints(self.archive, server.maildrop, (1, 2), (3,)), [])
                self.assertEqual(server.log.commands("DELE"), [])
        self.assertIn("temporary file", said)
        self.nothing_went_wrong(server)

    def test_of_one_that_broke_off_in_a_line_to_be_quoted_nothing_gets_into_another(self):
        big = [b"Subject: big %d\r\n\r\n" % number + b"From here to there\r\n" * (500 * KIB) for number in (1, 2)]
        server = self.serve(big, Behaviour(bodies={1: Body(cut="mid-line", sessions=(1,))}))
        self.assert_exit(self.fetch(server, *DELETING, timeout=30), 0)
        self.assertGreater(server.connections, 1)
        self.nothing_went_wrong(server)


class MappedFile(Case):
    def test_a_mapped_file_that_cannot_be_had_is_74_and_a_sentence(self):
        """Plan: SQLite maps ledger.db-shm. Cutting it short in the middle of a run does what a full disk does where
        its blocks are smaller than a page."""
        server = self.serve(behaviour=Behaviour(pipelining=False, rules=(Rule("RETR", delay=0.1),)))
        process = subprocess.Popen(self.command(*self.fetch_words(server, *DELETING)), env=self.environment,
                                   cwd=self.folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while not server.log.commands("RETR"):
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        os.truncate(self.archive / ".popkeep" / "ledger.db-shm", 0)
        said = process.communicate(timeout=30)[1].decode()
        self.assertEqual(process.returncode, 74, said)
        self.assertIn("nothing archived so far is lost", said)
        self.nothing_went_wrong(server)


class Descriptors(Case):
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
        self.assertLessEqual({0, 74}, codes, "some had too few, some had enough")


class Memory(Case):
    def test_an_allocation_may_fail_anywhere(self):
        """Plan: a library that lets the Nth allocation fail, N in steps until a run has fewer. No run loses
        anything, and the exit code is one of ours (but for OpenSSL 3.0, which crashes where it can't set itself up, and
        libstdc++'s walk through folders, which ends the program: before anything is retrieved)."""
        crashes = (-signal.SIGSEGV, -signal.SIGABRT)
        library = self.preloaded("out_of_memory")
        codes = []
        for number in range(1, 1_000_000, ALLOCATIONS):
            server = self.serve()
            archive = self.folder / "memory"
            self.found(archive)
            server.hook = checker.Witness(archive)
            result = self.fetch(server, *DELETING, to=archive,
                                env={"LD_PRELOAD": library, "FAIL_ALLOCATION": str(number)})
            if "(an allocation failed)" not in result.err:
                break
            codes.append(result.code)
            with self.subTest(allocation=number):
                if result.code in crashes:
                    self.assertEqual(server.log.commands("RETR"), [], result)
                else:
                    self.assertIn(result.code, (0, 74, 75), result)
                self.nothing_went_wrong(server, archive)
            shutil.rmtree(archive)
            server.stop()
        self.assertGreater(codes.count(75), 5, codes)
        self.assertLess(sum(map(codes.count, crashes)), len(codes) // 10, codes)


class Surroundings(Case):
    def test_odd_locales_and_time_zones_change_no_byte(self):
        stored = set()
        # libc calls that of a locale which isn't there C.
        for name, charset in (("tr_TR", "UTF-8"), ("ar_EG", "ISO-8859-6")):
            subprocess.run(["localedef", "-i", name, "-f", charset, self.folder / ("%s.%s" % (name, charset))], check=True,
                           capture_output=True)
        for number, (locale, zone) in enumerate([("C", "UTC"), ("tr_TR.UTF-8", "Pacific/Kiritimati"),
                                                 ("ar_EG.ISO-8859-6", "America/St_Johns"), ("no_such", "No/Such")]):
            server = self.serve([*corpus.messages("nasty"), corpus.plain(10)[-1]])
            archive = self.folder / ("odd-%d" % number)
            self.found(archive)
            server.hook = checker.Witness(archive)
            environment = {"LANG": locale, "LC_ALL": locale, "LOCPATH": str(self.folder), "TZ": zone}
            self.assert_exit(self.fetch(server, *DELETING, to=archive, env=environment), 0)
            self.nothing_went_wrong(server, archive)
            (mbox,) = mboxrd.files(archive)
            stored.add(tuple(sorted((self.dated(postmark), content) for postmark, content in mboxrd.entries(mbox.read_bytes()))))
        self.assertEqual(len(stored), 1)
        self.assertTrue([postmark for postmark, _ in stored.pop() if postmark])

    def dated(self, postmark):
        """A postmark whose date comes from the message; else it tells when that came."""
        return postmark if postmark.endswith(b" Mar  3 09:00:00 2026") else b""

    @unittest.skipIf(os.geteuid(), "only root may mount")
    def test_a_proc_that_shows_processes_only_is_enough(self):
        server = self.serve()
        words = self.command(*self.fetch_words(server, *DELETING))
        done = subprocess.run(["unshare", "-m", "sh", "-c", 'mount -t proc -o subset=pid proc /proc && exec "$@"', "sh", *words],
                              env=self.environment, cwd=self.folder, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.nothing_went_wrong(server)

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

    def test_a_pipe_that_is_full_and_not_read_keeps_no_stop_waiting_and_loses_nothing(self):
        for stream in ("stdout", "stderr"):
            with self.subTest(stream):
                server = self.serve()
                archive = self.folder / stream
                self.found(archive)
                server.hook = checker.Witness(archive)
                read, write = os.pipe()
                self.fill(write)
                process = subprocess.Popen(
                    self.command(*self.fetch_words(server, *DELETING, "--json", "--verbose", to=archive)), env=self.environment,
                    cwd=self.folder, stdin=subprocess.DEVNULL,
                    **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: write})
                self.addCleanup(process.kill)
                with self.assertRaises(subprocess.TimeoutExpired):
                    process.wait(2)
                process.send_signal(signal.SIGTERM)
                process.wait(5)
                for end in (read, write):
                    os.close(end)
                self.nothing_went_wrong(server, archive)

    def fill(self, pipe):
        os.set_blocking(pipe, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(pipe, b"x" * 4096)
        os.set_blocking(pipe, True)


class Signals(Case):
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
            self.assertIsNone(process.poll())
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=30)[1].decode()
        self.assertEqual(process.returncode, 143, said)
        self.nothing_went_wrong(server)

    def test_sigpipe_is_nothing(self):
        server, process = self.in_the_middle(signal.SIGPIPE)
        self.assertEqual(process.wait(30), 0)
        self.nothing_went_wrong(server)

    def stands_still(self, server, process):
        """How many messages it has asked for, once it is stopped."""
        deadline = time.monotonic() + 10
        while not re.search(r"^State:\tT", pathlib.Path("/proc/%d/status" % process.pid).read_text(), re.MULTILINE):
            self.assertLess(time.monotonic(), deadline, "it was never stopped")
            time.sleep(0.01)
        return len(server.log.commands("RETR"))

    def test_a_run_stopped_and_continued_goes_on(self):
        server, process = self.in_the_middle(signal.SIGTSTP)
        asked = self.stands_still(server, process)
        time.sleep(1)
        self.assertEqual(self.stands_still(server, process), asked)
        process.send_signal(signal.SIGCONT)
        self.assertEqual(process.wait(30), 0)
        self.nothing_went_wrong(server)


if __name__ == "__main__":
    unittest.main()
