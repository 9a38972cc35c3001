"""What other programs do to an archive without syncing it: done to the files, and told as operations. Of theirs a
power cut leaves all or nothing; what becomes of halves is no fault of ours."""
import re

from sweep.judge import ANOTHERS
from sweep.workload import FIRST

import mboxrd

from .record import Operation

QUOTABLE = re.compile(rb"^(>*From )", re.MULTILINE)


def as_mbox(messages):
    """As another program would have fetched them: with a postmark of its own."""
    return b"".join(ANOTHERS + b"Tue Mar  3 11:00:00 2026\n" + QUOTABLE.sub(rb">\1", mboxrd.expected(message.data)) + b"\n" for message in messages)


def append(place, data):
    size = place.mbox.stat().st_size
    with place.mbox.open("ab") as file:
        file.write(data)
    return [Operation("write", place.mbox.name, data=data, offset=size, whole=True)]


def move_in(place, data):
    """Written beside the mbox, then renamed to it."""
    made = place.archive / "moved"
    made.write_bytes(data)
    made.chmod(0o600)
    made.rename(place.mbox)
    return [Operation("create", made.name, whole=True), Operation("write", made.name, data=data, whole=True),
            Operation("rename", made.name, to=place.mbox.name, whole=True)]


def append_what_is_listed(place):
    """And leaves out the empty line at the end, as some do."""
    return append(place, as_mbox(place.maildrop.messages[FIRST:])[:-1])


def move_in_what_is_listed(place):
    return move_in(place, as_mbox(place.maildrop.messages))


def replace_by_a_copy(place):
    return move_in(place, place.mbox.read_bytes())
