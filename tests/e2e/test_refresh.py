"""What fetches do with the tokens of `popkeep login`: refreshing, rotation, refusals; with a real Dovecot that asks the
authorization server about each token."""

import concurrent.futures
import json
import resource
import signal
import time
import unittest

from harness import certificates
from signing_in import LoginCase
from authserver import Answer
from popserver import Behaviour
from proxies import HttpProxy


class Refreshing(LoginCase):
    def setUp(self):
        super().setUp()
        self.configure()
        self.sign_in()

    def refreshes(self):
        return len(self.authorization.asked("/token", grant_type="refresh_token"))

    def test_a_token_that_lasts_is_used_again(self):
        self.fetch_work()
        self.fetch_work()
        self.assertEqual(self.refreshes(), 0)

    def test_an_expired_one_is_refreshed_and_the_rotated_one_kept(self):
        for turn in (1, 2):
            self.change(expires_at=int(time.time()) + 30)
            self.fetch_work()
            self.assertEqual(self.refreshes(), turn)
            self.assertIn(self.tokens()[1]["refresh_token"], self.authorization.refresh)

    def test_a_dry_run_keeps_what_it_got(self):
        self.change(expires_at=1)
        before = self.tokens()[1]["refresh_token"]
        self.fetch_work("--dry-run")
        self.assertEqual(self.refreshes(), 1)
        self.assertNotEqual(self.tokens()[1]["refresh_token"], before)
        self.assertIn(self.tokens()[1]["refresh_token"], self.authorization.refresh)

    def test_a_proxy_that_wants_a_password_gets_it_here_too(self):
        secret = self.folder / "proxy-password"
        secret.write_text("hush proxy\n")
        secret.chmod(0o600)
        proxy = HttpProxy("me", "hush proxy", places={"pop.example.com": "127.0.0.1"})
        self.addCleanup(proxy.stop)
        self.tokens()[0].unlink()
        # No proxy is asked for addresses of this machine.
        self.configure(proxy="http://me@127.0.0.1:%d" % proxy.port, proxy_password_file=secret,
                       oauth_token_url=self.authorization.url("/token").replace("127.0.0.1", "pop.example.com"))
        self.sign_in()
        self.change(expires_at=1)
        self.fetch_work()
        self.assertEqual(self.refreshes(), 1)
        self.assertTrue(any(b"CONNECT pop.example.com:" in head for head in proxy.seen))

    def test_a_server_that_does_not_rotate_is_understood(self):
        self.authorization.rotate = False
        before = self.tokens()[1]["refresh_token"]
        self.change(expires_at=1)
        self.fetch_work()
        self.assertEqual(self.tokens()[1]["refresh_token"], before)

    def test_one_that_was_revoked_early_is_replaced_in_the_same_run(self):
        self.authorization.expire()
        self.fetch_work()
        self.assertEqual(self.refreshes(), 1)

    def test_one_that_is_not_what_the_server_refused_is_kept(self):
        locked = Behaviour(sasl=(b"XOAUTH2",), token_refusal=b"-ERR [IN-USE] locked")
        server = self.serve(tls="implicit", behaviour=locked)
        self.configure(url=self.url(server), ca=certificates().ca)
        self.fetch_work(code=75)
        self.assertEqual((self.refreshes(), server.connections), (0, 1))

    def test_two_runs_at_once_refresh_once(self):
        self.change(expires_at=1)
        self.authorization.answers["/token"] = []
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            runs = [pool.submit(self.run_program, "check", "work", "--timeout", "30") for _ in range(4)]
        for run in runs:
            self.assert_exit(run.result(), 0)
        self.assertEqual(self.refreshes(), 1)

    def test_a_dead_sign_in_says_what_to_do_and_is_not_asked_for_again(self):
        self.authorization.refresh.clear()
        self.change(expires_at=1)
        result = self.fetch_work(code=77)
        self.assertIn("popkeep login work", result.err)
        self.assertIn("AADSTS70008", result.err)
        self.fetch_work(code=77)
        self.assertEqual(self.refreshes(), 1)
        self.sign_in()
        self.fetch_work()

    def test_after_a_new_sign_in_nothing_is_remembered_of_the_servers_refusal(self):
        self.authorization.access_life = -1
        self.authorization.expire()
        self.fetch_work(code=77)
        self.authorization.access_life = 3600
        self.assertIn("not tried again before", self.run_program("check", "work").err)
        self.sign_in()
        self.fetch_work()

    def test_trouble_of_the_authorization_server_is_passing_and_silent(self):
        self.fetch_work()
        for answer in (Answer(503, b"<html>"), Answer(429, b"{}"), Answer(400, b'{"error":"temporarily_unavailable"}')):
            self.change(expires_at=1)
            self.authorization.answers["/token"] = [answer]
            self.assertEqual(self.fetch_work(code=75).err, "")
        self.fetch_work()

    def test_trouble_that_a_provider_has_a_code_of_its_own_for_is_passing_and_silent(self):
        self.fetch_work()
        for status, code in ((500, "internal_failure"), (429, "too_many_requests"), (408, "slow_client")):
            with self.subTest(code):
                self.change(expires_at=1)
                self.authorization.answers["/token"] = [Answer(status, json.dumps({"error": code}).encode())]
                self.assertEqual(self.fetch_work(code=75).err, "")
                self.fetch_work()

    def test_a_refusal_that_nobody_knows_is_77_and_may_be_over_at_the_next_run(self):
        self.change(expires_at=1)
        self.authorization.answers["/token"] = [Answer(400, b'{"error":"closed_on_sundays"}')]
        self.fetch_work(code=77)
        self.fetch_work()

    def test_nonsense_is_76_and_spoils_nothing(self):
        before = self.tokens()[1]["refresh_token"]
        for answer in (Answer(200, b"<html>hello"), Answer(200, b"{}"), Answer(200, b'{"access_token": 7}'),
                       Answer(200, b"[" * 100000), Answer(200, b" " * 300000), Answer(200, endless=True),
                       Answer(302, b"", headers={"Location": self.authorization.url("/token")}), Answer(404, b"")):
            self.change(expires_at=1)
            self.authorization.answers["/token"] = [answer]
            self.fetch_work(code=76)
        self.assertEqual(self.tokens()[1]["refresh_token"], before)
        self.fetch_work()

    def test_a_connection_that_breaks_in_the_middle_of_the_answer_is_passing_and_silent(self):
        self.fetch_work()
        self.change(expires_at=1)
        self.authorization.answers["/token"] = [Answer(200, b"{", missing=10)]
        self.assertEqual(self.fetch_work(code=75).err, "")

    def test_a_slow_one_is_75(self):
        self.change(expires_at=1)
        self.authorization.answers["/token"] = [Answer(200, b"{}", delay=4)]
        result = self.run_program("check", "work", "--timeout", "2")
        self.assert_exit(result, 75)
        self.assertIn("in time", result.err)

    def test_a_certificate_of_an_unknown_authority_is_76(self):
        self.configure(oauth_ca=None)
        self.change(expires_at=1)
        self.assertIn("certificate", self.fetch_work(code=76).err)

    def test_the_end_of_a_refresh_token_is_announced_once_a_day(self):
        self.authorization.refresh_life = 3 * 86400
        self.change(expires_at=1, refresh_expires_at=int(time.time()) + 3600, refresh_life=90 * 86400)
        self.authorization.rotate = False
        self.authorization.refresh_life = None
        self.assertIn("the sign-in ends at", self.fetch_work().err)
        self.assertNotIn("the sign-in ends at", self.fetch_work().err)

    def test_it_is_announced_to_a_person_also_where_a_command_has_a_part_in_one_of_several_sign_ins(self):
        self.authorization.client_secret = "hush"
        self.configure(oauth_client_secret_command="echo hush")
        config = self.home / "config" / "popkeep" / "popkeep.toml"
        config.write_text(config.read_text() + '[account.other]\nurl = "pop3://me@127.0.0.1:1"\narchive = "%s"\n'
                          'password_file = "%s"\n' % (self.archive, self.password))
        self.change(expires_at=1, refresh_expires_at=int(time.time()) + 3600, refresh_life=90 * 86400)
        self.authorization.rotate, self.authorization.refresh_life = False, None
        self.assertIn("the sign-in ends at", self.run_at_terminal("fetch").err)

    def test_the_end_of_a_refresh_token_that_was_given_more_time_is_not_announced(self):
        self.change(expires_at=1, refresh_expires_at=int(time.time()) + 3600, refresh_life=90 * 86400)
        self.authorization.rotate, self.authorization.refresh_life = False, 90 * 86400
        self.assertEqual(self.fetch_work().err, "")

    def test_a_refresh_token_that_has_no_end_has_none_to_announce(self):
        self.change(expires_at=1)
        # As Keycloak says it of offline tokens.
        self.authorization.refresh_life = 0
        self.assertEqual(self.fetch_work().err, "")

    def test_a_stop_does_not_lose_what_the_server_has_renewed_already(self):
        process = self.fetch_in_the_middle_of_a_refresh(1.5)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 143, err)
        self.assertIn(self.tokens()[1]["refresh_token"], self.authorization.refresh)
        self.fetch_work()

    def test_a_stop_does_not_wait_long_for_an_answer(self):
        process = self.fetch_in_the_middle_of_a_refresh(30)
        process.send_signal(signal.SIGTERM)
        start = time.monotonic()
        _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 143, err)
        self.assertLess(time.monotonic() - start, 10)

    def test_a_full_disk_is_found_out_before_the_old_token_is_spent(self):
        path, _ = self.tokens()
        self.configure(archive=None)  # the ledger would be found out first
        self.change(expires_at=1)
        result = self.run_program("check", "work", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
        self.assert_exit(result, 74)
        self.assertIn(str(path), result.err)
        self.assertEqual(self.refreshes(), 0)

    def test_a_damaged_file_is_65_and_a_new_sign_in_replaces_it(self):
        path, _ = self.tokens()
        path.write_text("{")
        self.assertIn("damaged", self.fetch_work(code=65).err)
        self.sign_in()
        self.fetch_work()

    def test_tokens_go_to_no_other_server_after_a_change_of_the_configuration(self):
        other = self.authorization_server()
        self.configure(oauth_token_url=other.url("/token"))
        self.assertIn("popkeep login work", self.fetch_work(code=77).err)
        self.assertEqual(other.requests, [])


if __name__ == "__main__":
    unittest.main()
