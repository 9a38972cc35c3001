"""popkeep console: POP3 by hand, from a script and at a terminal."""

import unittest

from harness import Case
from popserver import Behaviour, Rule


class ConsoleCase(Case):
    founded = False

    def words(self, server, *extra):
        words = ["console", self.url(server), "--password-file", self.password, "--timeout", "5"]
        return [*words, *(["--tls", "off"] if server.tls == "off" else []), *extra]

    def script(self, server, text, *extra):
        path = self.folder / "script"
        path.write_bytes(text.encode("latin-1"))
        with path.open("rb") as stdin:
            return self.run_program(*self.words(server, *extra), stdin=stdin)


class Script(ConsoleCase):
    def test_each_command_is_answered_in_turn(self):
        server = self.serve()
        result = self.script(server, "STAT\nLIST\nUIDL 2\nNOOP\nQUIT\n")
        self.assert_exit(result, 0)
        lines = result.out.splitlines()
        self.assertEqual(lines[0].split()[:2], ["+OK", "5"])
        self.assertIn("+OK 2 uid-000002", lines)
        self.assertEqual(lines[-1], "+OK bye")
        self.assertEqual(result.err, "")

    def test_a_message_comes_decoded(self):
        data = b"Subject: dots\r\n\r\n.one\r\n..two\r\n.\r\nend\r\n"
        server = self.serve([data])
        result = self.script(server, "RETR 1\nQUIT\n")
        self.assert_exit(result, 0)
        self.assertIn("\n" + data.decode().replace("\r\n", "\n") + "+OK bye\n", result.out)

    def test_raw_shows_it_as_it_comes(self):
        server = self.serve([b"Subject: dots\r\n\r\n.one\r\n"])
        result = self.script(server, "RETR 1\nQUIT\n", "--raw")
        self.assertIn("Subject: dots\r\n\r\n..one\r\n.\r\n", result.out)

    def test_comments_and_empty_lines_are_passed_over(self):
        server = self.serve()
        self.assert_exit(self.script(server, "# what is there\r\n\r\nSTAT\r\n"), 0)
        self.assertEqual([event["verb"] for event in server.log.commands("STAT")], ["STAT"])

    def test_the_end_of_the_script_deletes_nothing(self):
        server = self.serve()
        self.assert_exit(self.script(server, "DELE 1\nDELE 2\n"), 0)
        self.assertEqual(len(server.log.commands("DELE")), 2)
        self.assertEqual(server.log.commands("QUIT"), [])
        self.assertEqual(len(server.maildrop.present()), 5)

    def test_quit_with_marks_wants_a_yes(self):
        server = self.serve()
        result = self.script(server, "DELE 1\nQUIT\n")
        self.assert_exit(result, 64)
        self.assertIn("--yes", result.err)
        self.assertEqual(len(server.maildrop.present()), 5)
        self.assert_exit(self.script(server, "DELE 1\nQUIT\n", "--yes"), 0)
        self.assertEqual(len(server.maildrop.present()), 4)

    def test_the_last_line_needs_no_end(self):
        server = self.serve()
        self.assert_exit(self.script(server, "DELE 1\nQUIT", "--yes"), 0)
        self.assertEqual(len(server.maildrop.present()), 4)

    def test_after_rset_nothing_is_marked(self):
        server = self.serve()
        self.assert_exit(self.script(server, "DELE 1\nRSET\nQUIT\n"), 0)
        self.assertEqual(server.log.verbs()[-3:], ["DELE", "RSET", "QUIT"])
        self.assertEqual(len(server.maildrop.present()), 5)

    def test_after_a_refused_rset_what_was_marked_still_is(self):
        server = self.serve(None, Behaviour(rules=(Rule("RSET", reply=b"-ERR no\r\n"),)))
        result = self.script(server, "DELE 1\nRSET\nQUIT\n", "--keep-going")
        self.assert_exit(result, 64)
        self.assertEqual(len(server.maildrop.present()), 5)

    def test_an_err_ends_a_script_before_quit(self):
        server = self.serve()
        result = self.script(server, "DELE 1\nRETR 99\nQUIT\n", "--yes")
        self.assert_exit(result, 65)
        self.assertIn("-ERR no such message", result.out)
        self.assertEqual(server.log.commands("QUIT"), [])
        self.assertEqual(len(server.maildrop.present()), 5)

    def test_keep_going_goes_on_and_keeps_the_exit_code(self):
        server = self.serve()
        self.assert_exit(self.script(server, "RETR 99\nSTAT\nQUIT\n", "--keep-going"), 65)
        self.assertEqual(len(server.log.commands("QUIT")), 1)

    def test_signing_in_twice_is_refused_here(self):
        for command in ("USER x", "pass y", "AUTH PLAIN", "APOP a b", "STLS"):
            server = self.serve()
            self.assert_exit(self.script(server, command + "\nQUIT\n"), 64)
            self.assertLessEqual(len(server.log.commands(command.split()[0].upper())), 1)

    def test_a_command_is_one_line(self):
        server = self.serve()
        for text in ("STAT\rDELE 1\nQUIT\n", "NOOP \0\nQUIT\n", "NOOP %s\nQUIT\n" % ("x" * 300)):
            self.assert_exit(self.script(server, text), 64)
        self.assertEqual(server.log.commands("DELE"), [])

    def test_unknown_verbs_are_sent_as_they_are(self):
        server = self.serve()
        result = self.script(server, "XTND xmit\nQUIT\n", "--keep-going")
        self.assertIn("-ERR unknown command\n+OK bye", result.out)

    def test_a_server_that_goes_away_is_75(self):
        server = self.serve(None, Behaviour(rules=(Rule("NOOP", reply=b"", then="close"),)))
        self.assert_exit(self.script(server, "NOOP\nQUIT\n"), 75)

    def test_a_wrong_password_is_77(self):
        self.password.write_text("wrong\n")
        self.assert_exit(self.script(self.serve(), "QUIT\n"), 77)


class AtATerminal(ConsoleCase):
    def test_a_person_is_asked_before_quit_deletes(self):
        server = self.serve()
        result = self.run_at_terminal(*self.words(server), typed=[
            ("> ", "DELE 1"), ("DELE 1\r\nme@example.com@127.0.0.1> ", "QUIT"), ("to go on: ", "no"),
            ("no\r\nme@example.com@127.0.0.1> ", "RSET"), ("RSET\r\nme@example.com@127.0.0.1> ", "QUIT")])
        self.assert_exit(result, 0)
        self.assertEqual(len(server.maildrop.present()), 5)

    def test_ctrl_d_leaves_without_quit(self):
        server = self.serve()
        result = self.run_at_terminal(*self.words(server), typed=[
            ("> ", "DELE 1"), ("DELE 1\r\nme@example.com@127.0.0.1> ", "\x04")])
        self.assert_exit(result, 0)
        self.assertIn("nothing is deleted", result.err)
        self.assertEqual(len(server.maildrop.present()), 5)

    def test_ctrl_d_may_be_typed_before_the_answer_came(self):
        server = self.serve(None, Behaviour(rules=(Rule("NOOP", delay=1),)))
        result = self.run_at_terminal(*self.words(server), typed=[("> ", "NOOP"), ("NOOP\r\n", "\x04")], timeout=20)
        self.assert_exit(result, 0)
        self.assertEqual(server.log.commands("QUIT"), [])

    def test_a_mistyped_command_costs_nothing(self):
        server = self.serve()
        result = self.run_at_terminal(*self.words(server), typed=[("> ", "PASS x"), ("signed in already", "RETR 77"),
                                                                  ("> ", "QUIT")])
        self.assert_exit(result, 0)
        self.assertEqual(len(server.log.commands("QUIT")), 1)


if __name__ == "__main__":
    unittest.main()
