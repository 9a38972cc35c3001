"""`popkeep login` against a local authorization server: by browser, and what goes wrong."""

import re
import socket
import stat
import threading
import time
import unittest

from signing_in import LoginCase, Running, free_port, go
from authserver import Answer


class ByBrowser(LoginCase):
    def test_the_browser_comes_back_and_the_mail_comes(self):
        self.configure()
        self.assert_no_secret(self.sign_in())
        self.fetch_work()
        (form,) = self.authorization.asked("/authorize")
        self.assertEqual((form["code_challenge_method"], form["login_hint"], form["scope"]),
                         ("S256", self.server.user, "pop offline_access"))
        self.assertTrue(form["redirect_uri"].startswith("http://127.0.0.1:"))

    def test_tokens_are_the_owners_alone_and_never_in_the_archive(self):
        self.configure()
        self.sign_in()
        self.fetch_work("--verbose")
        path, _ = self.tokens()
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(path.parent.stat().st_mode), 0o700)
        holders = {file for file in self.folder.rglob("*") if file.is_file() and "dovecot" not in str(file)
                   and any(secret.encode() in file.read_bytes() for secret in self.authorization.issued)}
        self.assertEqual(holders, {path})
        path.chmod(0o644)
        self.assertIn("others can read", self.fetch_work(code=77).err)

    def test_the_address_may_be_pasted(self):
        self.configure()
        login = Running(self, "work", "--no-browser")
        back = go(login.address(), follow=False)
        login.type("what?")
        login.type(back.replace("state=", "state=x"))
        login.type(back)
        code, _, err = login.end()
        self.assertEqual(code, 0, err)
        self.assertIn("not the address", err)
        self.assertIn("another sign-in", err)
        self.fetch_work()

    def test_blanks_around_the_address_do_no_harm(self):
        for before, behind in (("", " "), ("", "\r"), (" \t", "\t\r")):
            with self.subTest(before + "address" + behind):
                self.configure_login()
                login = Running(self, "work", "--no-browser")
                login.type(before + go(login.address(), follow=False) + behind)
                self.assertEqual(login.end()[0], 0)

    def test_several_lines_may_come_at_once(self):
        self.configure_login()
        login = Running(self, "work", "--no-browser")
        back = go(login.address(), follow=False)
        login.type("what?\n\n" + back)
        self.assertEqual(login.end()[0], 0)

    def test_an_address_without_a_lines_end_is_taken_at_the_end_of_the_input(self):
        self.configure_login()
        login = Running(self, "work", "--no-browser")
        login.process.stdin.write(go(login.address(), follow=False).encode())
        login.process.stdin.close()
        self.assertEqual(login.process.wait(15), 0)

    def test_a_redirect_that_is_not_on_this_machine_is_pasted(self):
        self.configure_login(oauth_redirect_url="https://example.com/back?x=1")
        login = Running(self, "work", "--no-browser")
        back = go(login.address(), follow=False)
        self.assertTrue(back.startswith("https://example.com/back?x=1&code="), back)
        login.type(back)
        self.assertEqual(login.end()[0], 0)

    def test_where_it_can_only_be_pasted_and_nobody_can_any_more_it_is_77(self):
        self.configure_login(oauth_redirect_url="https://example.com/back")
        result = self.run_program("login", "work", "--no-browser", timeout=15)
        self.assert_exit(result, 77)
        self.assertIn("no address was pasted", result.err)

    def test_localhost_with_a_path_and_a_port_of_its_own_works(self):
        self.configure(oauth_redirect_url="http://localhost:%d/back" % free_port())
        self.sign_in()
        self.fetch_work()

    def test_an_address_with_a_query_and_no_path_works(self):
        self.configure_login(oauth_redirect_url="http://127.0.0.1?x=1")
        self.sign_in()

    def test_a_port_that_is_none_is_78(self):
        for url in ("http://127.0.0.1:99999/", "http://localhost:80800", "http://[::1]:0/"):
            with self.subTest(url):
                self.configure_login(oauth_redirect_url=url)
                result = self.run_program("login", "work", timeout=20)
                self.assert_exit(result, 78)
                self.assertIn("not a port", result.err)

    def test_an_answer_to_another_sign_in_is_not_taken(self):
        self.configure_login()
        login = Running(self, "work", "--no-browser")
        back = go(login.address(), follow=False)
        self.assertEqual(go(re.sub("state=[^&]*", "state=AAAAAAAAAAAAAAAAAAAAAA", back)), 400)
        self.assertEqual(go(back.split("?")[0] + "favicon.ico"), 404)
        self.assertIsNone(login.process.poll())
        self.assertEqual(go(back), 200)
        self.assertEqual(login.end()[0], 0)

    def test_a_no_in_the_browser_is_77(self):
        self.configure_login()
        self.authorization.consent = False
        login = Running(self, "work", "--no-browser")
        go(login.address())
        code, _, err = login.end()
        self.assertEqual(code, 77)
        self.assertIn("the user said no", err)

    def test_connections_that_say_nothing_do_not_hold_it_up(self):
        self.configure_login()
        login = Running(self, "work", "--no-browser")
        back = go(login.address(), follow=False)
        port = int(re.search(r"127\.0\.0\.1:(\d+)/\?", back).group(1))
        idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
        idle[0].sendall(b"G" * 100000)
        self.assertEqual(go(back), 200)
        self.assertEqual(login.end()[0], 0)
        for sock in idle:
            sock.close()

    def test_an_unknown_client_is_78(self):
        self.configure_login()
        login = Running(self, "work", "--no-browser")
        back = go(login.address(), follow=False)
        self.authorization.client_id = "another"
        go(back)
        code, _, err = login.end()
        self.assertEqual(code, 78)
        self.assertIn("oauth_client_id", err)

    def test_a_client_secret_comes_from_a_command(self):
        self.authorization.client_secret = "client secret & more"
        self.configure(oauth_client_secret_command="echo 'client secret & more'")
        self.sign_in()
        self.fetch_work()

    def test_a_client_secret_goes_by_basic_where_only_that_is_known(self):
        self.authorization.client_secret, self.authorization.basic_only = "a:b %", True
        self.configure_login(oauth_client_secret_command="echo 'a:b %'")
        self.sign_in()

    def test_where_nothing_can_be_renewed_a_person_is_told_how_long_it_lasts(self):
        self.configure()
        answer = b'{"access_token":"t","token_type":"Bearer","expires_in":3600}'
        self.authorization.answers["/token"] = [Answer(200, answer)]
        login = Running(self, "work", "--no-browser")
        go(login.address())
        code, _, err = login.end()
        self.assertEqual(code, 0, err)
        self.assertIn("no refresh token", err)

    def test_it_ends_by_ctrl_c(self):
        self.configure_login()
        login = Running(self, "work", "--no-browser")
        login.address()
        login.process.send_signal(2)
        self.assertEqual(login.end()[0], 130)

    def test_forget_removes_the_tokens(self):
        self.configure()
        self.sign_in()
        self.assert_exit(self.run_program("login", "work", "--forget"), 0)
        result = self.fetch_work(code=77)
        self.assertIn("popkeep login work", result.err)

    def test_forget_is_not_undone_by_a_run_that_refreshes_them(self):
        self.configure()
        self.sign_in()
        fetch = self.fetch_in_the_middle_of_a_refresh(1.5)
        self.assert_exit(self.run_program("login", "work", "--forget"), 0)
        fetch.communicate(timeout=30)
        self.assertIn("nobody has signed in", self.fetch_work(code=77).err)

    def test_a_browser_is_opened_where_there_is_a_display(self):
        self.configure_login()
        opened = self.folder / "opened"
        program = self.folder / "bin" / "xdg-open"
        program.parent.mkdir()
        program.write_text('#!/bin/sh\necho "$1" > %s\n' % opened)
        program.chmod(0o700)
        self.environment.update(PATH="%s:%s" % (program.parent, self.environment["PATH"]), DISPLAY=":7")
        login = Running(self, "work")
        address = login.address()
        deadline = time.monotonic() + 10
        while not opened.exists() or not opened.read_text():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        self.assertEqual(opened.read_text().strip(), address)
        go(address)
        self.assertEqual(login.end()[0], 0)

    def test_the_browser_does_not_get_the_password_of_the_environment(self):
        self.configure_login()
        seen = self.folder / "seen"
        program = self.folder / "bin" / "xdg-open"
        program.parent.mkdir()
        program.write_text('#!/bin/sh\nenv > %s.new\nmv %s.new %s\n' % (seen, seen, seen))
        program.chmod(0o700)
        self.environment.update(PATH="%s:%s" % (program.parent, self.environment["PATH"]), DISPLAY=":7",
                                POPKEEP_PASSWORD="of another account")
        login = Running(self, "work")
        address = login.address()
        deadline = time.monotonic() + 10
        while not seen.exists():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        self.assertIn("DISPLAY=:7\n", seen.read_text())
        self.assertNotIn("POPKEEP_PASSWORD", seen.read_text())
        go(address)
        self.assertEqual(login.end()[0], 0)


class Mistakes(LoginCase):
    def test_two_sources_in_one_account_are_an_error(self):
        for key in ("password", "password_command", "password_file", "token_command"):
            self.configure_login(**{key: "x"})
            result = self.run_program("config")
            self.assert_exit(result, 78)
            self.assertIn("a second source", result.err)

    def test_clear_text_to_another_machine_is_refused(self):
        self.configure_login(oauth_token_url="http://auth.example.com/token")
        self.assertIn("clear text", self.run_program("config").err)

    def log_in_where_the_handshake_is_answered_by(self, answer):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def serve():
            with listener.accept()[0] as client:
                client.recv(5000)
                client.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        self.configure_login(oauth_device_url="https://127.0.0.1:%d/device" % listener.getsockname()[1])
        return self.run_program("login", "work", "--device")

    def test_a_connection_that_breaks_in_the_handshake_is_75(self):
        result = self.log_in_where_the_handshake_is_answered_by(b"")
        self.assert_exit(result, 75)
        self.assertIn("the connection to the authorization server broke", result.err)

    def test_a_server_that_speaks_no_tls_of_ours_is_76_and_no_certificate_is_blamed(self):
        for answer in (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x15\x03\x03\x00\x02\x02\x46"):  # protocol_version
            with self.subTest(answer):
                result = self.log_in_where_the_handshake_is_answered_by(answer)
                self.assert_exit(result, 76)
                self.assertIn("no TLS connection", result.err)

    def test_a_stop_does_not_wait_for_a_server_that_is_silent_in_the_handshake(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        self.configure_login(oauth_device_url="https://127.0.0.1:%d/device" % listener.getsockname()[1])
        login = Running(self, "work", "--device")
        with listener.accept()[0] as client:
            client.recv(5000)
            login.process.send_signal(15)
            self.assertEqual(login.process.wait(10), 143)

    def test_login_without_an_account_is_64(self):
        self.assert_exit(self.run_program("login"), 64)

    def test_nobody_signed_in_yet_is_77(self):
        self.configure()
        self.assertIn("popkeep login work", self.fetch_work(code=77).err)


if __name__ == "__main__":
    unittest.main()
