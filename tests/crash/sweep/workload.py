"""What the program is doing when the fault strikes."""
from dataclasses import dataclass

import mboxrd

HEAD = (b"Return-Path: <a%d@example.org>\r\nReceived: by b.example.org; Tue, 3 Mar 2026 10:00:0%d +0100\r\n"
        b"From: a%d@example.org\r\nSubject: %b\r\n\r\n")


def letter(number, subject, body):
    return HEAD % (number, number, number, subject) + body


LINE = b"0123456789abcdef0123456789abcdef0123456789abcdef\r\n"
TWIN = letter(6, b"twin", b"the same bytes under two UIDs\r\n")

# UID and bytes as the server stores them.
MESSAGES = [
    (b"uid-1", letter(1, b"plain", b"hello\r\n" * 40)),
    (b"uid-2", letter(2, b"From lines", b"\r\nFrom here\r\n>From there\r\n\r\nFrom all sides\r\n")),
    (b"uid-3", b""),
    (b"uid-4", letter(4, b"large", LINE * 6144)),
    (b"uid-equal", letter(5, b"one of two under one UID", b"first\r\n" * 30)),
    (b"uid-equal", letter(5, b"other of two under one UID", b"second\r\n" * 31)),
    (b"uid-7", TWIN),
    (b"uid-8", TWIN),
]
# One of them may be deleted while the other, which broke the session, waits.
TWINS = [(b"uid-equal", TWIN), (b"uid-1", letter(1, b"plain", b"hello\r\n" * 40)), (b"uid-equal", TWIN)]
FIRST = 4  # of them, archived before an incremental run
# More than a batch holds: the commit of the first one carries the intent of the second.
MANY = [(b"many-%d" % number, letter(number % 10, b"%d of many" % number, b"short\r\n")) for number in range(1002)]
# Few lines, so that the judge is done before the server loses patience.
LONG = LINE[:-2] * 1000 + b"\r\n"
# Two of them are too much for one batch, too.
LARGE = [(b"large-%d" % number, letter(number, b"large", LONG * 92)) for number in (1, 2)]
# No file may be so long; without the last one it may. The ledger's log has to fit in as well, on a slow day too.
LONGER = [(uid, data + LINE * 6144 if uid == b"uid-4" else data) for uid, data in MESSAGES]
LONGER.append((b"uid-9", letter(9, b"too much", LINE * 800)))
# Bigger than a batch, and so spooled in a file.
BIG = [(b"big", letter(9, b"big", LONG * 176))]


def lose_the_ledger(place):
    for path in (place.archive / ".popkeep").glob("ledger.db*"):
        path.unlink()
    place.server.log.events.clear()  # what it has told of is no longer recorded
    place.stood = [content for path in mboxrd.files(place.archive) for _, content in mboxrd.entries(path.read_bytes())]
    return 0  # it is no fault that the workload is to stand


@dataclass(frozen=True)
class Workload:
    name: str
    delete: bool = False
    incremental: bool = False
    dele: str = "at-quit"  # when the server applies it
    given: tuple = tuple(MESSAGES)
    words: tuple = ()      # of the command, in addition
    under: tuple = ()      # the program is started by this command
    before: tuple = ()     # deeds
    slow: bool = False     # to judge

    def extra(self):
        return (*self.words, *(("--delete", "fetched", "--max-delete", "1000") if self.delete else ()))

    def messages(self):
        return self.given


ALL = [
    Workload("first run, keep"),
    Workload("first run, delete", delete=True),
    Workload("incremental, delete", delete=True, incremental=True),
    Workload("incremental, keep", incremental=True),
    Workload("first run, delete at once", delete=True, dele="at-once"),
    TWO_BATCHES := Workload("two batches, keep", given=tuple(MANY)),
    Workload("two batches, delete", delete=True, given=tuple(LARGE), slow=True),
    Workload("a big one, delete", delete=True, given=tuple(BIG), slow=True),
    ROLL_OVER := Workload("roll-over, delete", delete=True, incremental=True, given=tuple(LONGER),
                          under=("prlimit", "--fsize=616000")),
    TEMPLATE := Workload("folder template, delete", delete=True, words=("--file", "inbox/{account}.mbox")),
    Workload("twins of one UID, delete", delete=True, given=tuple(TWINS)),
    LOST_LEDGER := Workload("lost ledger, delete", delete=True, incremental=True, before=(lose_the_ledger,)),
]
