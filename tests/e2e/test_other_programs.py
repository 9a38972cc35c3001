"""Other programs at the mbox: each mail once, theirs and ours, and nothing deleted that can't be read again."""

import bz2
import json
import os
import poplib
import pty
import re
import shutil
import subprocess
import threading
import time
import unittest

from harness import DELETING, Case, checker, dovecot, mboxrd
from popserver import Behaviour, Maildrop, Rule, corpus

STATUS = re.compile(rb"^(?:Status|X-Status|Lines|Content-Length|X-Keywords|X-UID|X-IMAP|X-IMAPbase|"
                    rb"X-Mozilla-\w+): .*\n(?:[ \t].*\n)*", re.MULTILINE | re.IGNORECASE)


def without_status(content):
    """A content without what mail readers and Dovecot write into its header."""
    head, empty, body = content.partition(b"\n\n")
    return STATUS.sub(b"", head + b"\n") + empty + body


class OthersCase(Case):
    def setUp(self):
        super().setUp()
        for program in ("mutt", "procmail", "dotlockfile"):
            self.assertTrue(shutil.which(program), "%s is not installed" % program)

    def fetched(self, count=5):
        """An archive with what a server still has, and that server."""
        server = self.serve(Maildrop(corpus.plain(count)))
        self.assert_exit(self.fetch(server), 0)
        self.mbox = next(self.archive.glob("*.mbox"))
        return server

    def stands(self, server, lacking=(), foreign=()):
        """Of all files together: each served message once (readers' fields apart), and the foreign ones."""
        have = checker.counted(map(without_status, mboxrd.archive(self.archive)))
        wanted = checker.counted(without_status(mboxrd.expected(message.data)) for message in server.maildrop.messages
                                 if message.number not in lacking)
        wanted.update(map(without_status, foreign))
        self.assertEqual(([*(wanted - have).elements()], [*(have - wanted).elements()]), ([], []), "lacking, surplus")

    def emptied(self, server, lacking=(), foreign=()):
        """A deleting run goes through, deletes what stands and nothing else."""
        result = self.fetch(server, *DELETING)
        self.assert_exit(result, 0)
        self.assertEqual([message.number for message in server.maildrop.present()], list(lacking), result)
        self.stands(server, lacking, foreign)
        return result


class Locks(OthersCase):
    def test_nothing_is_written_while_another_program_holds_the_dotlock(self):
        server = self.fetched()
        before = self.mbox.read_bytes()
        server.maildrop.add(b"Subject: later\r\n\r\nlater\r\n", b"later")
        lock = self.mbox.with_name(self.mbox.name + ".lock")
        lock.write_text("1\n")  # a process that lives
        process = subprocess.Popen(self.command(*self.fetch_words(server)), env=self.environment, cwd=self.folder)
        deadline = time.monotonic() + 30
        while len(server.log.commands("RETR")) < 6 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1)
        self.assertEqual((self.mbox.read_bytes(), process.poll()), (before, None),
                         "it wrote while another held the dotlock")
        lock.unlink()
        self.assertEqual(process.wait(30), 0)
        self.assert_archived(server.maildrop)


class Deliverers(OthersCase):
    """Two programs deliver by the dozen while popkeep fetches again and again."""

    def deliver_with(self, deliver):
        server = self.fetched()
        letters = [b"From: d@example.org\nSubject: delivered %d\n\nbody %d\n" % (n, n) for n in range(24)]
        workers = [threading.Thread(target=lambda part: [deliver(letter) for letter in part], args=(letters[i::2],))
                   for i in range(2)]
        for worker in workers:
            worker.start()
        number = 5
        while any(worker.is_alive() for worker in workers):
            number += 1
            server.maildrop.add(corpus.plain(number)[-1], b"more-%d" % number)
            self.assert_exit(self.fetch(server), 0)
        for worker in workers:
            worker.join()
        self.emptied(server, foreign=letters)
        self.assert_exit(self.run_program("verify", self.archive), 0)

    def test_procmail_delivers_while_we_fetch(self):
        rules = self.folder / "procmailrc"
        rules.write_text("DEFAULT=%s\nSHELL=/bin/sh\n" % (self.archive / "me@example.com@127.0.0.1.mbox"))
        postmark = b"From d@example.org Tue Mar  3 10:00:00 2026\n"
        self.deliver_with(lambda letter: subprocess.run(["procmail", "-m", rules], input=postmark + letter, check=True,
                                                        env=self.environment))

    def test_a_shell_appends_under_dotlockfile_while_we_fetch(self):
        script = ('dotlockfile -l -p -r 20 "$1.lock" && { printf "From d Tue Mar  3 10:00:00 2026\\n"; cat; echo; } >>"$1";'
                  ' dotlockfile -u "$1.lock"')
        mbox = self.archive / "me@example.com@127.0.0.1.mbox"
        self.deliver_with(lambda letter: subprocess.run(["sh", "-c", script, "sh", mbox], input=letter, check=True,
                                                        env=self.environment))

    def deliver_without_locks(self, server, odd, seen, code):
        """Behind `seen`, while a sync of a file is as odd as ODD_SYNC tells; the run ends with `code`."""
        library = self.preloaded("odd_sync")
        server.maildrop.add(b"Subject: later\r\n\r\nlater\r\n", b"later")
        run = subprocess.Popen(self.command(*self.fetch_words(server)), cwd=self.folder, stderr=subprocess.DEVNULL,
                               env={**self.environment, "LD_PRELOAD": library, **odd})
        deadline = time.monotonic() + 30
        while not seen() and time.monotonic() < deadline:
            time.sleep(0.01)
        letter = b"From: d@example.org\nSubject: without a lock\n\nbody\n"
        with self.mbox.open("ab") as file:
            file.write(b"From d Tue Mar  3 10:00:00 2026\n" + letter + b"\n")
        self.assertEqual(run.wait(30), code)
        self.assertIn(letter, self.mbox.read_bytes())
        self.emptied(server, foreign=[letter])

    def test_what_a_program_without_locks_wrote_before_an_append_is_not_written_over(self):
        server = self.fetched()
        log = self.archive / ".popkeep" / "ledger.db-wal"
        # The batch is prepared in the ledger, which takes its time to reach the disk.
        self.deliver_without_locks(server, {"ODD_SYNC": log.name},
                                   lambda: log.exists() and b"later" in log.read_bytes(), 75)

    def test_what_a_program_without_locks_wrote_behind_an_append_that_failed_stays(self):
        server = self.fetched()
        before = self.mbox.stat().st_size
        self.deliver_without_locks(server, {"ODD_SYNC": self.mbox.name, "ODD_SYNC_FAILS": "1"},
                                   lambda: self.mbox.stat().st_size > before, 74)


class Readers(OthersCase):
    def mutt(self, keys):
        """Runs mutt on the mbox, at a terminal of its own."""
        settings = self.folder / "muttrc"
        settings.write_text('set folder=%s delete=yes move=no quit=yes mbox_type=mbox confirmappend=no sleep_time=0\npush "%s"\n'
                            % (self.home, keys))
        pid, terminal = pty.fork()
        if pid == 0:
            os.execvpe("mutt", ["mutt", "-n", "-F", str(settings), "-f", str(self.mbox)],
                       {**self.environment, "TERM": "xterm"})
        shown = b""
        try:
            while data := os.read(terminal, 65536):
                shown += data
        except OSError:  # it has ended
            pass
        self.assertEqual(os.waitpid(pid, 0)[1], 0, shown[-500:])
        os.close(terminal)

    def test_what_mutt_marks_as_read_stays_known_and_is_deleted_on_the_server(self):
        server = self.fetched()
        self.mutt("<display-message><exit><next-entry><display-message><exit><sync-mailbox><quit>")
        self.assertIn(b"\nStatus: RO\n", self.mbox.read_bytes())
        before = len(server.log.commands("RETR"))
        self.emptied(server)
        self.assertEqual(len(server.log.commands("RETR")), before, "nothing is downloaded again")
        self.assert_exit(self.run_program("verify", self.archive), 0)

    def test_what_mutt_deleted_is_neither_fetched_again_nor_deleted_until_repair_is_told(self):
        server = self.fetched()
        self.mutt("<jump>2<enter><delete-message><sync-mailbox><quit>")
        self.stands(server, lacking=[2])
        result = self.emptied(server, lacking=[2])
        self.assertIn("1 message of it is missing now", result.err)
        self.assert_exit(self.run_program("verify", self.archive), 65)
        self.assert_exit(self.run_program("repair", self.archive, "--refetch"), 0)
        self.emptied(server)

    def test_mutt_between_two_runs_with_new_mail(self):
        server = self.fetched()
        for number in range(6, 12):
            self.mutt("<display-message><exit><sync-mailbox><quit>")
            server.maildrop.add(corpus.plain(number)[-1], b"more-%d" % number)
            self.assert_exit(self.fetch(server), 0)
        self.emptied(server)


class Dovecots(OthersCase):
    """Dovecot's mbox driver has our file as its INBOX."""

    def setUp(self):
        super().setUp()
        self.server = self.fetched()
        self.folder.chmod(0o711)
        self.reader = self.enterContext(dovecot.Dovecot(
            storage="mbox", settings={"mail_location": "mbox:~/mail:INBOX=%s" % self.mbox}))
        self.reader.give(self.archive)

    def test_what_it_has_open_and_marks_while_we_fetch_stays_known(self):
        box = poplib.POP3("127.0.0.1", self.reader.port, timeout=30)
        box.user(self.reader.user)
        box.pass_(self.reader.password)
        for number in (1, 2):
            box.retr(number)
        self.server.maildrop.add(corpus.plain(6)[-1], b"new")
        self.assert_exit(self.fetch(self.server), 0)
        box.retr(3)
        box.quit()
        self.assertIn(b"\nX-UID: ", self.mbox.read_bytes())
        before = len(self.server.log.commands("RETR"))
        self.emptied(self.server)
        self.assertEqual(len(self.server.log.commands("RETR")), before, "nothing is downloaded again")
        self.assert_exit(self.run_program("verify", self.archive), 0)

    def test_what_it_expunges_in_the_middle_of_a_fetch_is_neither_fetched_again_nor_deleted(self):
        self.server.maildrop.add(corpus.plain(6)[-1], b"new")
        self.server.behaviour = Behaviour(rules=(Rule("RETR", message=6, delay=2),))
        fetching = subprocess.Popen(self.command(*self.fetch_words(self.server)), env=self.environment,
                                    cwd=self.folder, stderr=subprocess.DEVNULL)
        self.addCleanup(fetching.kill)
        while not self.server.log.commands("UIDL")[1:]:
            time.sleep(0.02)
        self.reader.doveadm("expunge", "-u", self.reader.user, "mailbox", "INBOX", "2")
        self.assertEqual(fetching.wait(60), 0)
        self.emptied(self.server, lacking=[2])
        self.assert_exit(self.run_program("verify", self.archive), 65)


class Unknown(OthersCase):
    def test_an_mbox_that_the_ledger_does_not_know_is_named_and_repair_enters_it(self):
        self.fetched()
        (self.archive / "put here.mbox").write_bytes(b"From a Tue Mar  3 10:00:00 2026\nSubject: by hand\n\nbody\n\n")
        for words in (("verify", self.archive), ("verify", "--quick", self.archive), ("status", self.archive)):
            result = self.run_program(*words)
            self.assert_exit(result, 0)
            self.assertIn("put here.mbox", result.out)
            self.assertIn("popkeep repair", result.out)
        status = self.run_program("status", "--json", self.archive)
        self.assertEqual(json.loads(status.out.splitlines()[-1])["unknown_mboxes"], ["put here.mbox"])
        self.assert_exit(self.run_program("repair", self.archive), 0)
        self.assertNotIn("put here.mbox", self.run_program("verify", self.archive).out)
        self.assertNotIn("put here.mbox", self.run_program("status", self.archive).out)


class Changed(OthersCase):
    """The file is not what it was. `missing` mail stays on the server until repair is told."""

    def repair_misses(self, count):
        result = self.run_program("repair", self.archive)
        self.assert_exit(result, 65)
        self.assertIn("%d messages are missing from the mboxes; `popkeep repair --refetch`" % count, result.err)
        return result

    def ends(self):
        """Where each message of the mbox ends, but for the empty line behind it."""
        data = self.mbox.read_bytes()
        return [at for at in range(len(data) + 1) if data[at:at + 6] == b"\nFrom " or at == len(data) - 1]

    def test_a_moved_mbox_is_found_by_repair(self):
        server = self.fetched()
        self.mbox.rename(self.archive / "elsewhere.mbox")
        first = self.fetch(server, *DELETING)
        self.assert_exit(first, 0)
        self.assertEqual(len(server.maildrop.present()), 5, "what can't be read is not deleted")
        self.assertIn("missing now", first.err)
        self.assert_exit(self.run_program("repair", self.archive), 0)
        self.emptied(server)

    def test_a_removed_mbox_comes_back_when_repair_is_told(self):
        server = self.fetched()
        self.mbox.unlink()
        result = self.fetch(server, *DELETING)
        self.assertEqual((result.code, len(server.maildrop.present())), (0, 5), result)
        self.assertIn("5 messages of it are missing now", result.err)
        self.assert_exit(self.run_program("repair", self.archive, "--refetch"), 0)
        self.emptied(server)

    def test_a_compressed_mbox_is_a_removed_one(self):
        server = self.fetched()
        self.mbox.with_suffix(".mbox.bz2").write_bytes(bz2.compress(self.mbox.read_bytes()))
        self.mbox.unlink()
        result = self.fetch(server, *DELETING)
        self.assertEqual((result.code, len(server.maildrop.present())), (0, 5), result)
        self.assertIn("5 messages of it are missing now", result.err)
        self.repair_misses(5)
        self.mbox.write_bytes(bz2.decompress(self.mbox.with_suffix(".mbox.bz2").read_bytes()))
        self.emptied(server)

    def test_behind_a_mbox_compressed_in_place_all_is_fetched_again_before_it_is_deleted(self):
        server = self.fetched()
        packed = bz2.compress(self.mbox.read_bytes())
        self.mbox.write_bytes(packed)
        result = self.fetch(server, *DELETING)
        self.assert_exit(result, 0)
        self.assertIn("5 messages of it are missing now", result.err)
        self.assertEqual(server.maildrop.present(), [])
        repaired = self.run_program("repair", self.archive)
        self.assert_exit(repaired, 0)
        self.assertIn("5 messages stand", repaired.out)
        data = self.mbox.read_bytes()
        self.assertTrue(data.startswith(packed))
        contents = mboxrd.parse(data[len(packed):].lstrip(b"\n"))
        self.assertEqual(contents, [mboxrd.expected(message.data) for message in server.maildrop.messages])

    def test_a_truncated_mbox_is_made_good_at_every_length(self):
        whole = None
        for cut in range(0, 100, 7):
            with self.subTest(percent=cut):
                shutil.rmtree(self.archive)
                self.found()
                server = self.fetched()
                whole, ends = self.mbox.stat().st_size, self.ends()
                os.truncate(self.mbox, whole * cut // 100)
                result = self.fetch(server)
                self.assert_exit(result, 0)
                repaired = self.run_program("repair", self.archive, *(["--refetch"] if cut == 0 else []))
                self.assert_exit(repaired, 0)
                lacking = 5 - sum(end <= whole * cut // 100 for end in ends)
                self.assertIn("%d message%s of it" % (lacking, "" if lacking == 1 else "s"), result.err)
                result = self.fetch(server, *DELETING)
                self.assert_exit(result, 0)
                self.assertEqual(server.maildrop.present(), [], result)
                have = checker.counted(mboxrd.archive(self.archive))
                for message in server.maildrop.messages:
                    self.assertEqual(have.pop(mboxrd.expected(message.data)), 1, result)
                pieces = [*have.elements()]  # of what was cut, which might as well be another program's
                self.assertLessEqual(len(pieces), 1, result)
                self.assertTrue(all(any(mboxrd.expected(message.data).startswith(piece.rstrip(b"\n"))
                                        for message in server.maildrop.messages) for piece in pieces), pieces)

    def test_a_mbox_replaced_by_an_older_copy_is_made_good(self):
        server = self.fetched(3)
        old = self.folder / "old.mbox"
        shutil.copy2(self.mbox, old)
        for number in (4, 5):
            server.maildrop.add(corpus.plain(number)[-1], b"more-%d" % number)
        self.assert_exit(self.fetch(server), 0)
        os.replace(old, self.mbox)
        result = self.emptied(server)
        self.assertIn("2 messages of it are missing now", result.err)

    def test_of_an_older_copy_repair_tells_what_is_missing_and_a_fetch_brings_it(self):
        server = self.fetched(3)
        old = self.mbox.read_bytes()
        for number in (4, 5):
            server.maildrop.add(corpus.plain(number)[-1], b"more-%d" % number)
        self.assert_exit(self.fetch(server), 0)
        self.mbox.write_bytes(old)
        self.assertIn("2 messages of it are missing now", self.repair_misses(2).out)
        self.emptied(server)

    def test_a_read_only_mbox_stops_the_run_and_deletes_nothing(self):
        server = self.fetched()
        server.maildrop.add(corpus.plain(6)[-1], b"more-6")
        command = self.command(*self.fetch_words(server, *DELETING))
        if os.geteuid() == 0:  # to root every file is writable, but not this one
            subprocess.run(["chattr", "+i", self.mbox], check=True)
            self.addCleanup(subprocess.run, ["chattr", "-i", self.mbox], capture_output=True)
        else:
            self.mbox.chmod(0o400)
        done = subprocess.run(command, env=self.environment, cwd=self.folder, capture_output=True, text=True)
        self.assertIn(done.returncode, (74, 77), done.stderr)
        self.assertIn("check the owner and mode of the file and its folder", done.stderr)
        repaired = self.run_program("repair", self.archive)
        self.assertIn(repaired.code, (74, 77), repaired)
        self.assertIn("check the owner and mode of the file and its folder", repaired.err)
        self.assertEqual(server.log.commands("DELE"), [])
        if os.geteuid() == 0:
            subprocess.run(["chattr", "-i", self.mbox], check=True)
        self.mbox.chmod(0o600)
        self.emptied(server)


if __name__ == "__main__":
    unittest.main()
