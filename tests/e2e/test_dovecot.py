"""A real Dovecot, in several configurations."""

import signal
import subprocess
import time
import unittest

from harness import DELETING, Case, checker, dovecot, mboxrd
from popserver import corpus

TWIN = b"A: b\r\n\r\ntwin\r\n"


class DovecotCase(Case):
    def dovecot(self, messages=None, storage="maildir", **settings):
        server = dovecot.Dovecot(storage=storage, settings=settings)
        self.addCleanup(server.__exit__)
        server.start()
        messages = corpus.plain() if messages is None else messages
        (server.fill if storage == "maildir" else server.fill_mbox)(messages)
        return server

    def fetch_command(self, server, *extra):
        return self.command("fetch", "pop3s://%s@127.0.0.1:%d" % (server.user, server.tls_port), "--to", self.archive,
                            "--ca", server.ca, "--password-file", self.password, "--timeout", "30", *extra)

    def fetch_from(self, server, *extra, how="pop3s", code=0):
        url = {"pop3s": "pop3s://%s@127.0.0.1:%d" % (server.user, server.tls_port),
               "stls": "pop3://%s@127.0.0.1:%d" % (server.user, server.port),
               "plain": "pop3://%s@127.0.0.1:%d" % (server.user, server.port)}[how]
        security = ["--tls", "off"] if how == "plain" else ["--ca", server.ca]
        result = self.run_program("fetch", url, "--to", self.archive, "--timeout", "20", "--password-file", self.password,
                                  *security, *extra)
        self.assert_exit(result, code)
        return result

    def assert_holds(self, served):
        # Not in order: a message whose size isn't as listed is retrieved again, alone.
        have, wanted = checker.counted(mboxrd.archive(self.archive)), checker.counted(map(mboxrd.expected, served))
        self.assertEqual(([*(wanted - have).elements()], [*(have - wanted).elements()]), ([], []), "lacking, surplus")


class Fetch(DovecotCase):
    def comes_whole(self, how):
        server = self.dovecot(corpus.messages("nasty"))
        served = server.served()
        self.fetch_from(server, how=how)
        self.assert_holds(served)

    def test_nasty_mail_comes_over_pop3s_byte_for_byte(self):
        self.comes_whole("pop3s")

    def test_nasty_mail_comes_over_stls_byte_for_byte(self):
        self.comes_whole("stls")

    def test_nasty_mail_comes_in_plain_text_byte_for_byte(self):
        self.comes_whole("plain")

    def test_the_wrong_certificate_authority_is_76(self):
        server = self.dovecot()
        result = self.run_program("fetch", "pop3s://%s@127.0.0.1:%d" % (server.user, server.tls_port), "--to",
                                  self.archive, "--timeout", "5", "--password-file", self.password)
        self.assert_exit(result, 76)

    def test_a_wrong_password_is_77(self):
        server = self.dovecot()
        self.password.write_text("wrong\n")
        self.fetch_from(server, code=77)

    def test_a_deleting_run_empties_the_mailbox_and_keeps_everything(self):
        server = self.dovecot()
        served = server.served()
        self.fetch_from(server, *DELETING)
        self.assertEqual(server.served(), [])
        self.assert_holds(served)

    def test_a_second_run_downloads_nothing(self):
        server = self.dovecot()
        self.fetch_from(server)
        self.fetch_from(server)
        # Dovecot logs each session's retrievals: retr=COUNT/BYTES.
        log = server.logged("retr=", 2)
        self.assertEqual((log.count("retr=5/"), log.count("retr=0/0, del=0/5")), (1, 1), log)
        self.assertEqual(len(mboxrd.archive(self.archive)), 5)


class Configurations(DovecotCase):
    def twice_then_delete(self, server):
        """Fetch, fetch again, fetch deleting: everything once, the mailbox empty."""
        served = server.served()
        self.fetch_from(server)
        self.fetch_from(server)
        self.assert_holds(served)
        self.fetch_from(server, *DELETING)
        self.assertEqual(server.served(), [])
        self.assert_holds(served)

    def test_md5_uids_over_mbox_with_twins(self):
        server = self.dovecot([TWIN, TWIN, *corpus.plain()], storage="mbox", pop3_uidl_format="%m")
        self.assertLess(len(set(server.uids())), 7)
        self.twice_then_delete(server)

    def test_the_same_uid_for_every_message(self):
        server = self.dovecot(pop3_uidl_format="%v")
        self.assertEqual(len(set(server.uids())), 1)
        self.twice_then_delete(server)

    def test_uids_of_two_hundred_characters(self):
        server = self.dovecot(pop3_uidl_format="x" * 192 + "%08Xu")
        self.assertEqual({len(uid) for uid in server.uids()}, {200})
        self.twice_then_delete(server)

    def test_no_flag_updates(self):
        self.twice_then_delete(self.dovecot(pop3_no_flag_updates="yes"))

    def test_client_workarounds(self):
        letters = corpus.messages("nasty")
        plain = self.dovecot(letters).served()
        server = self.dovecot(letters, pop3_client_workarounds="outlook-no-nuls oe-ns-eoh")
        self.assertNotEqual(server.served(), plain)
        self.twice_then_delete(server)

    def test_deleting_by_flag(self):
        server = self.dovecot(pop3_delete_type="flag", pop3_deleted_flag="Pop3Gone")
        served = server.served()
        self.fetch_from(server, *DELETING)
        self.assertEqual(server.served(), [])
        self.assertEqual(len(list((server.inbox / "cur").iterdir())), 5, "hidden, not expunged")
        self.assert_holds(served)

    def test_a_locked_session_makes_the_second_one_wait_or_fail_as_temporary(self):
        import poplib

        server = self.dovecot(pop3_lock_session="yes")
        served = server.served()
        box = poplib.POP3("127.0.0.1", server.port)
        box.user(server.user)
        box.pass_(server.password)
        self.addCleanup(box.close)
        result = self.run_program("fetch", "pop3s://%s@127.0.0.1:%d" % (server.user, server.tls_port), "--to",
                                  self.archive, "--ca", server.ca, "--timeout", "3", "--password-file", self.password)
        self.assert_exit(result, 75)
        self.assertEqual(result.err, "", "a passing trouble")
        # The oracle's, the other one's, and those of this run: it was the lock that kept it out.
        self.assertGreater(server.log().count("Login: user="), 2)
        box.quit()
        self.fetch_from(server, *DELETING)
        self.assertEqual(server.served(), [])
        self.assert_holds(served)

    def test_new_uids_for_all_messages_download_nothing_and_double_nothing(self):
        server = self.dovecot()
        served = server.served()
        self.fetch_from(server)
        old = server.uids()
        server.renew_uids()
        self.assertFalse(set(old) & set(server.uids()))
        self.fetch_from(server)
        self.assert_holds(served)
        # The oracle and the first run; the two listings above and this run: all without a retrieval.
        log = server.logged("retr=", 5)
        self.assertEqual((log.count("retr=5/"), log.count("retr=0/0")), (2, 3), log)

    def test_new_uids_and_a_deleting_run_lose_nothing(self):
        server = self.dovecot([TWIN, TWIN, *corpus.plain()])
        served = server.served()
        self.fetch_from(server)
        server.renew_uids()
        self.fetch_from(server, *DELETING)
        self.assert_holds(served)
        self.assertEqual(server.served(), [])

    def test_mail_expunged_behind_our_back_between_two_runs_stays_archived(self):
        server = self.dovecot()
        served = server.served()
        self.fetch_from(server)
        server.doveadm("expunge", "-u", server.user, "mailbox", "INBOX", "2:3")
        self.fetch_from(server)
        self.assert_holds(served)

    def test_mail_expunged_in_the_middle_of_a_fetch_costs_nothing_else(self):
        """Plan: 30 MB. When the first batch is archived popkeep is stopped, what Dovecot has not sent yet is
        expunged, and popkeep goes on: whatever that session comes to, the next ones end complete."""
        server = self.dovecot(corpus.sized(300, 100_000))
        served = server.served()
        process = subprocess.Popen(self.fetch_command(server, *DELETING), env=self.environment, cwd=self.folder,
                                   stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while not any(path.stat().st_size for path in self.archive.glob("*.mbox")) and process.poll() is None:
            time.sleep(0.005)
        process.send_signal(signal.SIGSTOP)
        server.doveadm("expunge", "-u", server.user, "mailbox", "INBOX", "100:299")
        process.send_signal(signal.SIGCONT)
        said = process.communicate(timeout=120)[1].decode()
        self.assertIn(process.returncode, (0, 65, 75), said)
        for _ in range(5):
            checker.let_time_pass(self.archive)
            result = self.run_program(*self.fetch_command(server, *DELETING)[1:])
            if result.code == 0:
                break
        self.assert_exit(result, 0)
        self.assertEqual(server.served(), [])
        have = checker.counted(mboxrd.archive(self.archive))
        kept = checker.counted(map(mboxrd.expected, [*served[:99], served[299]]))
        gone = checker.counted(map(mboxrd.expected, served[99:299]))
        self.assertEqual(kept - have, kept - kept, "nothing that stayed is lost")
        self.assertEqual(have - kept - gone, kept - kept, "nothing is doubled or foreign")
        self.assertLess(sum(have.values()), 300, "something was expunged before it was sent")

    def test_the_ledger_passes_its_integrity_check(self):
        self.fetch_from(self.dovecot(), *DELETING)
        self.assertEqual(checker.integrity(self.archive), [])


if __name__ == "__main__":
    unittest.main()
