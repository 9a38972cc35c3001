"""The tests' own instruments: a judge that can't say no, or a server that errs, proves nothing."""

import poplib
import socket
import time
import unittest
from unittest import mock

from harness import USER, PASSWORD, certificates, checker, mboxrd
from popserver import Behaviour, Maildrop, Server, corpus
from popserver.scenarios import SCENARIOS

POSTMARK = b"From a@example.org Tue Mar  3 10:00:00 2026\n"


class Oracle(unittest.TestCase):
    def test_contents_come_back_unquoted(self):
        self.assertEqual(mboxrd.parse(POSTMARK + b"A: b\n\n>From x\n>>From y\n\n"), [b"A: b\n\nFrom x\n>From y\n"])

    def test_an_empty_message_is_a_message(self):
        self.assertEqual(mboxrd.parse(POSTMARK + b"\n"), [b""])

    def test_a_missing_separator_is_refused(self):
        with self.assertRaises(mboxrd.Broken):
            mboxrd.parse(POSTMARK + b"A: b\n\nbody\n" + POSTMARK + b"C: d\n\n")

    def test_a_torn_tail_is_refused(self):
        with self.assertRaises(mboxrd.Broken):
            mboxrd.parse(POSTMARK + b"A: b\n\nbo")

    def test_leading_zeroes_are_refused(self):
        with self.assertRaises(mboxrd.Broken):
            mboxrd.parse(b"\0" * 512 + POSTMARK + b"A: b\n\n\n")

    def test_an_unquoted_from_line_is_refused(self):
        with self.assertRaises(mboxrd.Broken):
            mboxrd.parse(POSTMARK + b"A: b\n\nFrom here on\n\n")

    def test_an_unended_last_line_is_expected_with_an_end(self):
        self.assertEqual(mboxrd.expected(b"a\r\nb"), b"a\nb\n")


class Judge(unittest.TestCase):
    def judged(self, contents, required=(1, 2), forbidden=()):
        drop = Maildrop([b"A: 1\r\n\r\none\r\n", b"A: 2\r\n\r\ntwo\r\n"])
        with mock.patch.object(mboxrd, "archive", return_value=contents):
            return checker.complaints("/nowhere", drop, required, forbidden)

    def test_all_messages_once_are_fine(self):
        self.assertEqual(self.judged([b"A: 1\n\none\n", b"A: 2\n\ntwo\n"]), [])

    def test_a_lost_message_is_told(self):
        self.assertIn("message 2: 1 copies lack", self.judged([b"A: 1\n\none\n"]))

    def test_a_doubled_message_is_told(self):
        self.assertEqual(len(self.judged([b"A: 1\n\none\n", b"A: 2\n\ntwo\n", b"A: 2\n\ntwo\n"])), 1)

    def test_a_truncated_message_is_told(self):
        self.assertEqual(len(self.judged([b"A: 1\n\none\n", b"A: 2\n\ntw\n"])), 2)

    def test_a_forbidden_message_is_told(self):
        self.assertIn("message 2 stands there and must not",
                      self.judged([b"A: 1\n\none\n", b"A: 2\n\ntwo\n"], forbidden=(2,)))

    def test_the_witness_tells_a_dele_before_the_message_is_archived(self):
        witness = checker.Witness("/nowhere")
        drop = Maildrop([b"A: 1\r\n\r\none\r\n"])
        witness("DELE", None, drop.by_number(1))
        self.assertIn("DELE of message 1, which isn't in the mbox", witness.violations)


class ScriptedServer(unittest.TestCase):
    def served(self, messages, behaviour=None, **more):
        server = Server(Maildrop(messages), behaviour or Behaviour(), users={USER: PASSWORD}, **more).start()
        self.addCleanup(server.stop)
        return server

    def signed_in(self, server):
        box = poplib.POP3(server.host, server.port, timeout=10)
        self.addCleanup(box.close)
        box.user(USER)
        box.pass_(PASSWORD)
        return box

    def test_another_client_gets_nasty_mail_byte_for_byte(self):
        server = self.served(corpus.messages("nasty"))
        box = self.signed_in(server)
        for number, message in enumerate(server.maildrop.messages, 1):
            text = b"".join(line + b"\r\n" for line in box.retr(number)[1])
            self.assertEqual(text == (message.data if not message.data or message.data.endswith(b"\r\n")
                                      else message.data + b"\r\n"), True, number)

    def test_deletes_take_effect_at_quit(self):
        server = self.served(corpus.plain())
        box = self.signed_in(server)
        box.dele(2)
        self.assertEqual(len(server.maildrop.present()), 5)
        box.quit()
        self.assertEqual([message.number for message in server.maildrop.present()], [1, 3, 4, 5])

    def test_deletes_are_forgotten_without_quit(self):
        server = self.served(corpus.plain())
        box = self.signed_in(server)
        box.dele(2)
        box.close()
        time.sleep(0.1)
        self.assertEqual(len(server.maildrop.present()), 5)

    def test_stls_hides_what_follows(self):
        server = self.served(corpus.plain(), tls="stls", context=certificates().context())
        box = poplib.POP3(server.host, server.port, timeout=10)
        self.addCleanup(box.close)
        import ssl

        box.stls(ssl.create_default_context(cafile=str(certificates().ca)))
        box.user(USER)
        box.pass_(PASSWORD)
        self.assertEqual([event["tls"] for event in server.log.commands("PASS")], [True])

    def test_a_thousand_pipelined_messages_are_served_within_ten_seconds(self):
        server = self.served(corpus.sized(1000, 4096))
        flight = b"USER %s\r\nPASS %s\r\n" % (USER.encode(), PASSWORD.encode())
        flight += b"".join(b"RETR %d\r\n" % number for number in range(1, 1001)) + b"QUIT\r\n"
        start = time.monotonic()
        with socket.create_connection((server.host, server.port)) as client:
            client.sendall(flight)
            octets = 0
            while data := client.recv(1 << 20):
                octets += len(data)
        self.assertGreater(octets, 4_096_000)
        self.assertLess(time.monotonic() - start, 10)

    def test_a_hook_that_fails_is_a_fault_of_the_server(self):
        for problem in (ValueError("odd"), FileNotFoundError("not there")):
            with self.subTest(problem=problem):
                server = self.served(corpus.plain(), hook=mock.Mock(side_effect=problem))
                with self.assertRaises((poplib.error_proto, OSError)):
                    self.signed_in(server).dele(2)
                server.stop()
                self.assertEqual(len(server.faults), 1)
                self.assertIn(repr(problem.args[0])[1:-1], server.faults[0])

    def test_a_client_that_goes_away_is_no_fault_of_the_server(self):
        server = self.served(corpus.sized(100, 100_000))
        for _ in range(5):
            with socket.create_connection((server.host, server.port)) as client:
                client.sendall(b"USER %s\r\nPASS %s\r\n" % (USER.encode(), PASSWORD.encode()) + b"RETR 1\r\n" * 50)
                client.recv(10)
        server.stop()
        self.assertEqual(server.faults, [])

    def test_every_row_of_the_guide_is_in_the_table(self):
        self.assertEqual({int(row.id[1:3]) for row in SCENARIOS}, set(range(1, 31)))

    def test_no_two_rows_have_one_id(self):
        self.assertEqual(len({row.id for row in SCENARIOS}), len(SCENARIOS))


if __name__ == "__main__":
    unittest.main()
