"""What `show` and `list` make of messages: decoded for people, and for programs as the schema says; and of many."""

import json
import os
import pathlib
import re
import subprocess
import unittest

from harness import Case


class Reading(Case):
    founded = False

    def read(self, command, message, *words):
        self.archive.mkdir()
        (self.archive / "old.mbox").write_bytes(b"From me@example.com Tue Nov 24 10:00:00 2026\n" + message + b"\n")
        self.assert_exit(self.run_program("init", self.archive), 0)
        result = self.run_program(command, self.archive, *words, "--json")
        self.assert_exit(result, 0)
        return json.loads(result.out.splitlines()[1])

    def show(self, message):
        return self.read("show", message, "1")

    def list(self, header):
        return self.read("list", header + b"\n\nbody\n")

    def test_bytes_that_do_not_fit_the_charset_are_shown_as_what_they_are(self):
        shown = self.show(b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
                          b"caf=E9 caf=C3=A9\n")
        self.assertEqual(shown["body"], "caf\\xe9 caf\u00e9\n")

    def test_bytes_without_a_charset_are_shown_as_what_they_are(self):
        self.assertEqual(self.show(b"Subject: x\n\ncaf\xe9 caf\xc3\xa9\n")["body"], "caf\\xe9 caf\u00e9\n")

    def test_bytes_that_another_charset_does_not_have_are_shown_as_what_they_are(self):
        shown = self.show(b"Content-Type: text/plain; charset=windows-1252\n\ncaf\xe9 \x81 end\n")
        self.assertEqual(shown["body"], "caf\u00e9 \\x81 end\n")

    def test_a_text_is_an_attachment_however_that_is_spelt(self):
        shown = self.show(b"Content-Type: text/plain\nContent-Disposition: ATTACHMENT; filename=a.txt\n\nx\n")
        self.assertEqual(shown["body"], "")
        self.assertEqual(len(shown["attachments"]), 1)

    def test_two_texts_are_not_glued_together(self):
        part = b"--b\nContent-Type: text/plain\n\n%s\n"
        shown = self.show(b"Content-Type: multipart/mixed; boundary=b\n\n" + part % b"one" + part % b"two" + b"--b--\n")
        self.assertEqual(shown["body"], "one\ntwo")

    def test_of_a_text_and_the_same_in_html_the_text_alone_is_shown(self):
        shown = self.show(b"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello\n\n"
                          b"--b\nContent-Type: text/html\n\n<b>hello</b>\n--b--\n")
        self.assertEqual(shown["body"], "hello\n")

    def test_the_text_of_a_forwarded_message_is_shown(self):
        shown = self.show(b"Content-Type: message/rfc822\n\nSubject: inner\n\nhello\n")
        self.assertIn("hello\n", shown["body"])

    def test_a_field_is_decoded_once_as_in_the_list(self):
        header = b"Subject: =?utf-8?Q?=3D=3Futf-8=3FQ=3Fabc=3F=3D?=\nFrom: =?utf-8?Q?J=C3=BCrgen?= <a@b>"
        shown = self.show(header + b"\n\nbody\n")
        self.assertEqual(shown["subject"], "=?utf-8?Q?abc?=")
        self.assertEqual(shown["from"], "J\u00fcrgen <a@b>")

    def test_a_multipart_without_its_boundary_is_shown_as_the_text_that_it_is(self):
        shown = self.show(b"Content-Type: multipart/mixed; boundary=b\n\nThe text stands where\nno boundary is.\n")
        self.assertEqual(shown["body"], "The text stands where\nno boundary is.\n")

    def test_a_multipart_that_names_no_boundary_is_shown_as_the_text_that_it_is(self):
        self.assertEqual(self.show(b"Content-Type: multipart/mixed\n\n--b\n\ntext\n")["body"], "--b\n\ntext\n")

    def test_what_is_nested_too_deep_to_be_shown_is_told(self):
        message = b"Subject: x\n"
        for depth in range(30):
            message += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth)
        self.assertIs(self.show(message + b"\nhello\n")["complete"], False)

    def test_what_is_too_long_to_be_shown_is_told(self):
        self.assertIs(self.show(b"Subject: x\n\n" + 2**15 * (31 * b"x" + b"\n"))["complete"], False)

    def test_a_date_that_no_program_can_read_is_none(self):
        self.assertIsNone(self.list(b"Date: Fri, 31 Dec 9999 23:59:59 -0100").get("date"))

    def test_a_tab_in_a_folded_subject_is_a_blank(self):
        self.assertEqual(self.list(b"Subject: one\n\ttwo\nFrom: =?utf-8?Q?A=09B?= <a@b>")["subject"], "one two")

    def test_a_tab_in_a_name_is_a_blank(self):
        self.assertEqual(self.list(b"From: =?utf-8?Q?A=09B?= <a@b>")["from"], "A B")

    def test_a_name_that_was_folded_is_one_line(self):
        self.assertEqual(self.list(b"From: A\n\tB <a@b>")["from"], "A B")

    def test_a_tab_in_a_folded_field_is_a_blank(self):
        self.assertEqual(self.show(b"Subject: one\n\ttwo\n\nbody\n")["subject"], "one two")


class ListOfMany(Case):
    founded = False
    count = 40000

    def setUp(self):
        super().setUp()
        self.archive.mkdir()
        with open(self.archive / "old.mbox", "wb") as mbox:
            for number in range(self.count):
                mbox.write(b"From me@example.com Tue Nov 24 10:00:00 2026\nSubject: number %d\n\nbody\n\n" % number)
        self.assert_exit(self.run_program("init", self.archive), 0)

    def list(self, *words, lines):
        """So many lines, the seconds of CPU time that the program took, and the KiB of memory that it held when they
        had been read."""
        process = subprocess.Popen(self.command("list", self.archive, *words), stdout=subprocess.PIPE,
                                   env=self.environment)
        read = [line for line, _ in zip(process.stdout, range(lines))]
        status = pathlib.Path("/proc/%d/status" % process.pid).read_text()
        process.stdout.close()
        _, exit_status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(exit_status)
        self.assertEqual(process.returncode, 0)
        return read, used.ru_utime + used.ru_stime, int(re.search(r"VmHWM:\s*(\d+)", status)[1])

    def test_it_ends_once_its_reader_is_gone(self):
        _, most, _ = self.list(lines=self.count - 5000)
        read, begin, _ = self.list(lines=1)
        self.assertIn(b"number 0", read[0])
        self.assertLess(begin, most / 2)

    def test_many_take_no_more_memory_than_few(self):
        lines, _, most = self.list(lines=self.count - 5000)
        self.assertEqual([int(line.split(b"\t")[0]) for line in lines], list(range(1, self.count - 5000 + 1)))
        _, _, few = self.list("--limit", "4000", lines=1)
        self.assertLess(most - few, 4000)

    def test_the_newest_are_listed_in_the_order_of_all(self):
        result = self.run_program("list", self.archive, "--limit", "2")
        self.assertEqual([line.split("\t")[4] for line in result.out.splitlines()], ["number 39998", "number 39999"])


if __name__ == "__main__":
    unittest.main()
