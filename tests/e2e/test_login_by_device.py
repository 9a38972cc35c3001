"""`popkeep login --device` against a local authorization server."""

import json
import time
import unittest

from signing_in import LoginCase, Running, free_port
from authserver import Answer


class ByDevice(LoginCase):
    def sign_in_by_device(self):
        login = Running(self, "work", "--device")
        return login, login.until(rb"WDJB-\d+")

    def test_it_waits_until_the_code_was_typed(self):
        self.configure()
        login, code = self.sign_in_by_device()
        time.sleep(1.5)
        self.authorization.approve(code)
        self.assertEqual(login.end()[0], 0)
        self.assertGreater(len(self.authorization.asked("/token")), 1)
        self.fetch_work()

    def test_the_command_for_the_clients_secret_runs_once(self):
        self.authorization.client_secret = "s3cret"
        runs, command = self.folder / "runs", self.folder / "command"
        command.write_text("#!/bin/sh\necho run >>%s\necho s3cret\n" % runs)
        command.chmod(0o700)
        self.configure_login(oauth_client_secret_command=command)
        login, code = self.sign_in_by_device()
        self.wait_for_questions(3)
        self.authorization.approve(code)
        self.assertEqual(login.end()[0], 0)
        self.assertEqual(runs.read_text(), "run\n")

    def wait_for_questions(self, count):
        end = time.monotonic() + 20
        while len(self.authorization.asked("/token")) < count and time.monotonic() < end:
            time.sleep(0.1)
        self.assertGreaterEqual(len(self.authorization.asked("/token")), count)

    def test_it_slows_down_when_told(self):
        self.configure_login()
        slow = Answer(400, b'{"error":"slow_down"}')
        self.authorization.answers["/token"] = [slow]
        start = time.monotonic()
        login, code = self.sign_in_by_device()
        self.authorization.approve(code)
        self.assertEqual(login.end()[0], 0)
        # One second, then one more than five.
        self.assertGreater(time.monotonic() - start, 6.5)

    def test_a_server_in_trouble_is_asked_again(self):
        self.configure_login()
        self.authorization.answers["/token"] = [Answer(503, b"busy")]
        login, code = self.sign_in_by_device()
        self.authorization.approve(code)
        self.assertEqual(login.end()[0], 0)

    def test_trouble_that_the_server_has_a_code_of_its_own_for_does_not_end_the_sign_in(self):
        self.configure_login()
        self.authorization.answers["/token"] = [Answer(500, b'{"error":"internal_failure"}')]
        login, code = self.sign_in_by_device()
        self.authorization.approve(code)
        self.assertEqual(login.end()[0], 0)

    def test_a_network_that_fails_is_waited_for_until_the_code_expires(self):
        self.authorization.device_life = 2
        for url, trouble in (("https://127.0.0.1:%d/" % free_port(), "can't be reached"),
                             ("https://no-such-host.invalid/", "name is unknown")):
            with self.subTest(url):
                self.configure_login(oauth_token_url=url)
                login, _ = self.sign_in_by_device()
                code, _, err = login.end()
                self.assertEqual(code, 75)
                self.assertIn(trouble, err)
                self.assertIn("before the code expired", err)

    def test_a_no_is_77_and_a_code_that_expired_is_75(self):
        self.configure_login()
        login, code = self.sign_in_by_device()
        self.authorization.approve(code, denied=True)
        self.assertEqual(login.end()[0], 77)
        self.authorization.device_life = 2
        login, code = self.sign_in_by_device()
        self.assertEqual(login.end()[0], 75)

    def test_escapes_in_the_code_are_not_shown(self):
        self.configure_login()
        self.authorization.answers["/device"] = [Answer(200, json.dumps({
            "device_code": "d", "user_code": "A\x1b[2J", "verification_uri": "https://x/\x07", "expires_in": 1}).encode())]
        login = Running(self, "work", "--device")
        code, out, _ = login.end()
        self.assertNotIn("\x1b", out)
        self.assertNotIn("\x07", out)
        self.assertEqual(code, 77)  # the server knows no such code

    def test_the_address_may_have_googles_name(self):
        self.configure_login()
        self.authorization.answers["/device"] = [Answer(200, json.dumps({
            "device_code": "d", "user_code": "u", "verification_url": "https://example.com/device", "interval": 1}).encode())]
        self.assertIn("https://example.com/device", self.run_program("login", "work", "--device", timeout=20).out)

    def test_a_server_that_wants_no_pause_is_asked_once_a_second_at_most(self):
        self.configure_login()
        self.authorization.interval, self.authorization.device_life = 0, 1
        self.assert_exit(self.run_program("login", "work", "--device", timeout=20), 75)
        self.assertLessEqual(len(self.authorization.asked("/token")), 2)


if __name__ == "__main__":
    unittest.main()
