"""Other programs at the mbox: each mail once, theirs and ours, and nothing deleted that can't be read again."""

import subprocess
import time
import unittest

from harness import Case, checker, mboxrd


class Locks(Case):
    def test_nothing_is_written_while_another_program_holds_the_dotlock(self):
        server = self.serve()
        self.assert_exit(self.fetch(server), 0)
        mbox = next(self.archive.glob("*.mbox"))
        before = mbox.read_bytes()
        server.maildrop.add(b"Subject: later\r\n\r\nlater\r\n", b"later")
        lock = mbox.with_name(mbox.name + ".lock")
        lock.write_text("1\n")  # a process that lives
        process = subprocess.Popen(self.command(*self.fetch_words(server)), env=self.environment, cwd=self.folder)
        deadline = time.monotonic() + 30
        while len(server.log.commands("RETR")) < 6 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1)
        self.assertEqual((mbox.read_bytes(), process.poll()), (before, None), "it wrote while another held the dotlock")
        lock.unlink()
        self.assertEqual(process.wait(30), 0)
        self.assert_archived(server.maildrop)


if __name__ == "__main__":
    unittest.main()
