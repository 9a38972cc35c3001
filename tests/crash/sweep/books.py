"""What an archive says of itself, read from a copy: looking must not recover anything."""
import collections
import contextlib
import functools
import hashlib
import pathlib
import sqlite3
import tempfile

from . import TESTS  # noqa: F401  (makes the support folder importable)

import mboxrd


def ledger_files(archive):
    return [pathlib.Path(archive) / ".popkeep" / name for name in ("ledger.db", "ledger.db-wal")]  # -shm is made anew


def stamps(paths):
    """What differs once a file was changed, removed or made."""
    found = {}
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            state = path.stat()
            found[path] = state.st_ino, state.st_size, state.st_mtime_ns
    return found


def contents(paths):
    found = {}
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            found[path.name] = path.read_bytes()
    return found


def copy_of_one_moment(paths, folder):
    """A run may write them, or put them together, meanwhile, and within a tick of their dates' clock."""
    for _ in range(100):
        seen = contents(paths)
        if contents(paths) == seen:
            for name, data in seen.items():
                (folder / name).write_bytes(data)
            return
    raise RuntimeError("the ledger never stands still")


class Books:
    """The ledger's rows and the archive's messages as they stand now, read from a copy."""

    def __init__(self, archive):
        self.archive = pathlib.Path(archive)
        self.rows, self.sizes, self.receipts, self.integrity = [], {}, collections.Counter(), "no ledger"
        self.unsettled = 0  # receipts of which nobody has noted what became of them
        with tempfile.TemporaryDirectory(prefix="popkeep-books-") as folder:
            copy_of_one_moment(ledger_files(self.archive), pathlib.Path(folder))
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
                self.receipts.update(database.execute("SELECT uid, content FROM deletion"))
                self.unsettled, = database.execute("SELECT count(*) FROM deletion WHERE outcome = 'unknown'").fetchone()
        finally:
            database.close()

    @functools.cached_property
    def proven(self):
        """How many messages there are, by digest, that a row calls archived and whose bytes stand at their place and
        hash right. Two rows of one place are one message."""
        places = {(path, start): digest for state, _, start, length, digest, path in self.rows
                  if state == "archived" and self.stands(path, start, length, digest)}
        return collections.Counter(places.values())

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
        return archived - sum(self.proven.values())


def digest(message):
    return hashlib.sha256(mboxrd.expected(message.data)).digest()
