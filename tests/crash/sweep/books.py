"""What an archive says of itself, read from a copy: looking must not recover anything."""
import collections
import hashlib
import pathlib
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
