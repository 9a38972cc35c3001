"""The one judge of every sweep: what must hold right behind a fault, and when healthy runs have had their turn."""
import collections
import hashlib
import pathlib
import re

from .books import Books, digest

import mboxrd


def right_after(place):
    """Before any recovery: every deleted message is proven, and no QUIT closed a session in which something
    retrieved was not recorded."""
    wrong, books = list(place.witness.violations), Books(place.archive)
    proven = books.proven()
    for lost in (place.witness.deleted | place.witness.asked) - proven:
        wrong.append("deleted without committed bytes: %s" % lost.hex()[:8])
    if books.lies():
        wrong.append("%d rows say archived without their bytes" % books.lies())
    log = place.server.log
    connections = {event["connection"] for event in log.commands("QUIT")}
    for event in log.commands("RETR"):
        if event["connection"] in connections and (event["status"] or "").startswith("+OK"):
            if digest(place.maildrop.by_number(event["message"])) not in proven:
                wrong.append("QUIT though message %d was retrieved and not archived" % event["message"])
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


def after_recovery(place):
    """When healthy runs have had their turn: everything once, in order, and nothing set aside is lost."""
    wrong, books = [], Books(place.archive)
    if books.integrity != "ok":
        wrong.append("integrity_check: " + books.integrity)
    if any(row[0] == "prepared" for row in books.rows):
        wrong.append("prepared rows stay")
    if books.lies():
        wrong.append("%d rows say archived without their bytes" % books.lies())
    try:
        have = collections.Counter(mboxrd.archive(place.archive))
    except mboxrd.Broken as problem:
        return wrong + ["the mbox doesn't parse: %s" % problem]
    want = collections.Counter(mboxrd.expected(message.data) for message in place.maildrop.messages)
    for content in want - have:
        wrong.append("lost or short: %r" % content[-40:])
    for content in have - want:
        wrong.append("doubled or foreign: %r" % content[-40:])
    return wrong


def set_aside(place):
    return set_aside_in(place.archive)


def set_aside_in(archive):
    folder = pathlib.Path(archive) / ".popkeep" / "torn"
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}
