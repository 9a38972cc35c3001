"""What an archive says of itself, read from a copy: looking must not recover anything."""
import collections
import contextlib
import hashlib
import pathlib
import shutil
import sqlite3
import tempfile

from . import TESTS  # noqa: F401  (makes the support folder importable)

import mboxrd


class Books:
    """The ledger's rows and the archive's messages as they stand now, read from a copy."""

    FILES = ("ledger.db", "ledger.db-wal")  # the -shm is made anew, as after a crash

    def __init__(self, archive):
        self.archive = pathlib.Path(archive)
        self.rows, self.sizes, self.receipts, self.integrity = [], {}, collections.Counter(), "no ledger"
        with tempfile.TemporaryDirectory(prefix="popkeep-books-") as folder:
            self.copy_to(folder)
            copy = pathlib.Path(folder) / self.FILES[0]
            if copy.exists() and copy.stat().st_size:
                self.read(copy)

    def copy_to(self, folder):
        """Both files of one moment: a run may write them, or put them together, meanwhile."""
        for _ in range(100):
            before = self.stamps()
            for name in before:
                with contextlib.suppress(FileNotFoundError):
                    shutil.copyfile(self.archive / ".popkeep" / name, pathlib.Path(folder) / name)
            if self.stamps() == before:
                return
            for path in pathlib.Path(folder).iterdir():
                path.unlink()
        raise RuntimeError("the ledger never stands still")

    def stamps(self):
        found = {}
        for name in self.FILES:
            with contextlib.suppress(FileNotFoundError):
                state = (self.archive / ".popkeep" / name).stat()
                found[name] = state.st_ino, state.st_size, state.st_mtime_ns
        return found

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
        finally:
            database.close()

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
        return archived - sum(self.proven().values())


def digest(message):
    return hashlib.sha256(mboxrd.expected(message.data)).digest()
