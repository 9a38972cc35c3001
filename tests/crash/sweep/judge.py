"""The one judge of every sweep. It reads copies: looking must not recover anything."""
import collections
import hashlib
import pathlib
import re
import shutil
import sqlite3
import tempfile

from . import TESTS  # noqa: F401  (makes the support folder importable)

import mboxrd


class Books:
    """The ledger's rows and the archive's messages as they stand now, read from a copy."""

    def __init__(self, archive):
        self.archive = pathlib.Path(archive)
        self.rows, self.sizes, self.integrity = [], {}, "no ledger"
        with tempfile.TemporaryDirectory(prefix="popkeep-books-") as folder:
            for name in ("ledger.db", "ledger.db-wal"):  # the -shm is made anew, as after a crash
                source = self.archive / ".popkeep" / name
                if source.exists():
                    shutil.copyfile(source, pathlib.Path(folder) / name)
            copy = pathlib.Path(folder) / "ledger.db"
            if copy.exists() and copy.stat().st_size:
                self.read(copy)

    def read(self, path):
        database = sqlite3.connect(path)
        try:
            self.integrity = database.execute("PRAGMA integrity_check").fetchone()[0]
            if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'message'").fetchone():
                self.rows = database.execute(
                    "SELECT message.state, message.uid, start, length, content, mbox.path FROM message"
                    " JOIN mbox ON mbox.id = message.mbox_id ORDER BY message.id").fetchall()
                self.sizes = dict(database.execute("SELECT path, size FROM mbox"))
        finally:
            database.close()

    def proven(self):
        """How many archived rows there are, by digest, whose bytes stand at their place and hash right."""
        return collections.Counter(
            bytes(digest) for state, _, start, length, digest, path in self.rows
            if state == "archived" and self.stands(path, start, length, bytes(digest)))

    def stands(self, path, start, length, digest):
        try:
            with open(self.archive / path, "rb") as file:
                file.seek(start)
                contents = mboxrd.parse(file.read(length))
        except (OSError, mboxrd.Broken):
            return False
        return len(contents) == 1 and hashlib.sha256(contents[0]).digest() == digest

    def lies(self):
        archived = sum(row[0] == "archived" for row in self.rows)
        return archived - sum(self.proven().values())


def digest(message):
    return hashlib.sha256(mboxrd.expected(message.data)).digest()


class Witness:
    """Hook of the server: at each DELE, before it is answered, and each time one is applied. Where the archive's
    disk is about to lose its power, it looks at what was asked when that is back."""

    def __init__(self, archive):
        self.archive = archive
        self.violations = []
        self.deletes = 0
        self.deleted = collections.Counter()
        self.looks_later = False
        self.asked = collections.Counter()

    def __call__(self, event, session, message):
        self.deletes += event == "DELE"
        if event == "applied":
            self.deleted[digest(message)] += 1
        if self.looks_later:
            self.asked[digest(message)] += event == "DELE"
            return
        proven = Books(self.archive).proven()
        wanted = self.deleted if event == "applied" else collections.Counter([digest(message)])
        if wanted - proven:
            self.violations.append("%s of message %d without committed bytes" % (event, message.number))


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


LOCAL = re.compile(r"(?:write|writev|pwrite64|pwritev|pwritev2|fsync|fdatasync|ftruncate|pread64)$")
CALL = re.compile(r"^\d+ +(\w+)\(")
DISK_FULL_OR_BROKEN = 74


def after_local_failure(ran, archive):
    """Behind a write, sync or read of the archive that failed nothing is deleted and no session is closed in
    peace, and the exit code says so."""
    failed, wrong = None, []
    for line in ran.log.splitlines():
        match = CALL.match(line)
        if not match:
            continue
        if failed is None and "(INJECTED)" in line and "= -1" in line and LOCAL.match(match[1]) and archive in line:
            # SQLite passes over a failed sync of the folder in which it made its log.
            failed = None if match[1] == "fdatasync" and ".popkeep>" in line else match[1]
        elif failed and match[1] == "sendto":
            wrong += ["%s was said after a %s that failed" % (verb, failed) for verb in ("DELE", "QUIT")
                      if re.search(r'["n]%s\b' % verb, line)]
    if failed and "sendto(" not in ran.log:
        # Where the fault strikes beside the main thread, which has deleted nothing yet, only its calls are logged.
        wrong += ["%s was said though a %s failed" % (verb, failed) for verb in ran.told]
    quit_before = re.search(r'sendto\(.*["n]QUIT\b', ran.log)
    if failed and not quit_before and not ran.killed and ran.code != DISK_FULL_OR_BROKEN:
        wrong.append("exit %d, not %d, after a %s that failed" % (ran.code, DISK_FULL_OR_BROKEN, failed))
    return sorted(set(wrong))


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
