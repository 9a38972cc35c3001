"""What the program is doing when the fault strikes."""
from dataclasses import dataclass

HEAD = (b"Return-Path: <a%d@example.org>\r\nReceived: by b.example.org; Tue, 3 Mar 2026 10:00:0%d +0100\r\n"
        b"From: a%d@example.org\r\nSubject: %b\r\n\r\n")


def letter(number, subject, body):
    return HEAD % (number, number, number, subject) + body


TWIN = letter(6, b"twin", b"the same bytes under two UIDs\r\n")

# UID and bytes as the server stores them.
MESSAGES = [
    (b"uid-1", letter(1, b"plain", b"hello\r\n" * 40)),
    (b"uid-2", letter(2, b"From lines", b"\r\nFrom here\r\n>From there\r\n\r\nFrom all sides\r\n")),
    (b"uid-3", b""),
    (b"uid-4", letter(4, b"large", b"0123456789abcdef0123456789abcdef0123456789abcdef\r\n" * 6144)),
    (b"uid-equal", letter(5, b"one of two under one UID", b"first\r\n" * 30)),
    (b"uid-equal", letter(5, b"other of two under one UID", b"second\r\n" * 31)),
    (b"uid-7", TWIN),
    (b"uid-8", TWIN),
]
FIRST = 4  # of them, archived before an incremental run
# More than a batch holds: the commit of the first one carries the intent of the second.
MANY = [(b"many-%d" % number, letter(number % 10, b"%d of many" % number, b"short\r\n")) for number in range(1002)]


@dataclass(frozen=True)
class Workload:
    name: str
    delete: bool = False
    incremental: bool = False
    batches: int = 1
    dele: str = "at-quit"  # when the server applies it

    def extra(self):
        return ("--delete", "fetched", "--max-delete", "1000") if self.delete else ()

    def messages(self):
        return MESSAGES if self.batches == 1 else MANY


ALL = [
    Workload("first run, keep"),
    Workload("first run, delete", delete=True),
    Workload("incremental, delete", delete=True, incremental=True),
    Workload("incremental, keep", incremental=True),
    Workload("first run, delete at once", delete=True, dele="at-once"),
    TWO_BATCHES := Workload("two batches, keep", batches=2),
]
