"""The one judge of every sweep: what must hold right behind a fault, and when healthy runs have had their turn."""
import collections
import email.utils
import hashlib
import pathlib
import re
import time

from .books import Books, digest

import mboxrd


ANOTHERS = b"From another@example.org "  # so do other programs begin what they deliver


def right_after(place):
    """Before any recovery: every deleted message is proven and has its receipt, and no QUIT closed a session in which
    something retrieved was not recorded."""
    witness, books = place.witness, Books(place.archive)
    wrong, proven = list(witness.violations), books.proven
    wrong += ["deleted without committed bytes: %s" % lost.hex()[:8] for lost in witness.unproven(books)]
    wrong += ["deleted without a receipt: %s" % content.hex()[:8] for content in witness.unwritten(books)]
    if books.lies():
        wrong.append("%d rows say archived without their bytes" % books.lies())
    log = place.server.log
    for connection in {event["connection"] for event in log.commands("QUIT")}:
        retrieved = {event["message"]: digest(place.maildrop.by_number(event["message"]))
                     for event in log.commands("RETR", connection) if (event["status"] or "").startswith("+OK")}
        lacking = collections.Counter(retrieved.values()) - proven
        wrong += ["QUIT though message %s was retrieved and not archived" % " or ".join(
            str(number) for number, content in retrieved.items() if content == lost) for lost in lacking]
    return wrong


def tails(archive):
    """What stands behind the committed end of each mbox: a torn append, if anything."""
    found = {}
    for path, size in Books(archive).sizes.items():
        file = pathlib.Path(archive) / path
        if file.exists() and file.stat().st_size > size:
            found[path] = (size, file.read_bytes()[size:])
    return found


def thrown_away(before, archive):
    """Bytes that were torn before a run, and stand neither in the mbox nor set aside behind it."""
    wrong = []
    pieces = set_aside_in(archive).values()
    for path, (start, tail) in before.items():
        file = pathlib.Path(archive) / path
        now = file.read_bytes()[start:start + len(tail)] if file.exists() else b""
        same = next((at for at, (a, b) in enumerate(zip(tail, now)) if a != b), min(len(tail), len(now)))
        kept = any(tail.endswith(piece) and len(tail) - len(piece) <= same for piece in pieces if piece)
        if tail[same:].strip(b"\0") and not kept:
            wrong.append("a torn piece of %d bytes was cut and not set aside" % (len(tail) - same))
    return wrong


def state(place):
    """What distinguishes one fault's outcome from another's; times and numbers of runs left out."""
    books = Books(place.archive)
    boxes = []
    for path in sorted(place.archive.rglob("*")):
        name = str(path.relative_to(place.archive))
        if path.is_file() and "ledger.db" not in name:
            data = re.sub(rb"(?m)^(From \S+) .*$", rb"\1", path.read_bytes())
            boxes.append((re.sub(r"\d+", "0", name), hashlib.sha256(data).digest()))
    rows = [(row[0], row[1], row[2], row[3]) for row in books.rows]
    gone = sorted(message.number for message in place.maildrop.messages if message.gone)
    return hashlib.sha256(repr((boxes, rows, gone)).encode()).hexdigest()


def after_success(place, before):
    """A run that ends with 0, whatever struck it, has brought everything, and noted what became of each DELE."""
    wrong = ["exit 0, but " + line for line in after_recovery(place)]
    if Books(place.archive).unsettled > before.unsettled:
        wrong.append("exit 0, but what became of its DELEs is not noted")
    return wrong


def after_recovery(place):
    """When healthy runs have had their turn: everything once, where nothing came twice in the order in which it came,
    and behind the postmark of an undisturbed run."""
    wrong, books = [], Books(place.archive)
    if books.integrity != "ok":
        wrong.append("integrity_check: " + books.integrity)
    if any(row[0] == "prepared" for row in books.rows):
        wrong.append("prepared rows stay")
    if books.lies():
        wrong.append("%d rows say archived without their bytes" % books.lies())
    try:
        entries = [entry for path in in_order(place.archive, books) for entry in mboxrd.entries(path.read_bytes())]
    except mboxrd.Broken as problem:
        return wrong + ["the mbox doesn't parse: %s" % problem]
    wrong += ["not the postmark of its message: %r" % postmark for postmark, content in entries
              if not postmark.startswith(ANOTHERS) and not re.fullmatch(postmark_of(content), postmark)]
    contents = [content for _, content in entries]
    have = collections.Counter(contents)
    want = collections.Counter(mboxrd.expected(message.data) for message in place.maildrop.messages)
    for content in want - have:
        wrong.append("lost or short: %r" % content[-40:])
    for content in have - want:
        wrong.append("doubled or foreign: %r" % content[-40:])
    came = [event["message"] for event in place.server.log.commands("RETR")]
    if have == want and sorted(came) == [message.number for message in place.maildrop.messages]:
        told = [mboxrd.expected(place.maildrop.by_number(number).data) for number in came]
        if contents != place.stood + [content for content in told if content not in place.stood]:
            wrong.append("not in the order in which they came")
    return wrong


def in_order(archive, books):
    """The mboxes, as they came to be filled."""
    places = {path: place for place, path in enumerate(dict.fromkeys(row[5] for row in books.rows))}
    return sorted(mboxrd.files(archive), key=lambda path: places.get(str(path.relative_to(archive)), len(places)))


def postmark_of(content):
    """A pattern; a message without a header may have come at any time."""
    head = re.match(rb"Return-Path: <(.*)>\nReceived: .*; (.*)\n", content)
    if not head:
        return rb"From MAILER-DAEMON .*"
    date = email.utils.parsedate_to_datetime(head[2].decode())
    return re.escape(b"From %b %b" % (head[1], time.asctime(date.utctimetuple()).encode()))


def set_aside(place):
    return set_aside_in(place.archive)


def set_aside_in(archive):
    folder = pathlib.Path(archive) / ".popkeep" / "torn"
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}
