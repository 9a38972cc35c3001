"""A terminal to look at: the program on a pseudo-terminal of some size, and what it drew."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
import unicodedata

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def cells(text):
    wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)
    return wide


class Terminal:
    """Runs `words` with all three standard files on the terminal; its texts come in pieces
    with the time when they came."""

    def __init__(self, words, environment, columns, rows=24, cwd=None):
        self.master, slave = pty.openpty()
        self.resize(columns, rows)
        self.process = subprocess.Popen(list(map(str, words)), stdin=slave, stdout=slave, stderr=slave, cwd=cwd,
                                        env={"TERM": "xterm", **environment}, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)
        self.pieces = []

    def resize(self, columns, rows=24):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, until=None, timeout=60):
        """All there is until the program ends, or until `until` was shown."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            ended = self.process.poll() is not None  # asked first: what it wrote last is there then
            if select.select([self.master], [], [], 0.05)[0]:
                try:
                    data = os.read(self.master, 65536)
                except OSError:
                    break
                self.pieces.append((time.monotonic(), data))
            elif ended:
                break
            if until and until in self.text():
                return self.text()
        return self.text()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)

    def text(self):
        return b"".join(data for _, data in self.pieces).decode("utf-8", "replace")


def drawn_lines(text):
    """Every line that stood on the screen, those of progress included."""
    return [ESCAPE.sub("", line) for line in re.split(r"[\r\n]+", text) if ESCAPE.sub("", line)]
