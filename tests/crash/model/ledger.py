"""The ledger as the protocol sees it: a value that transactions replace.

A COMMIT may fail cleanly; come back with an error though it is done; or come back with an error, be visible
to whoever opens the ledger next, and yet not be durable: its frames stand in a write-ahead log whose sync
failed. What is built upon such a log is lost with it, until a checkpoint has copied it into the database.
"""
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Row:
    state: str            # prepared, archived, unclaimed, missing
    uid: str | None
    start: int
    postmark: bytes
    content: bytes        # stands for its digest
    refetch: bool = False
    replaces: int | None = None

    @property
    def length(self):
        return len(self.postmark) + len(self.content) + 1

    @property
    def end(self):
        return self.start + self.length

    def become(self, **changes):
        return replace(self, **changes)


@dataclass
class State:
    rows: list = field(default_factory=list)
    size: int = 0
    edges: tuple = (b"", b"")
    inode: int = 0

    def copy(self):
        return State(list(self.rows), self.size, self.edges, self.inode)

    def in_state(self, *states):
        return [row for row in self.rows if row.state in states]


class Ledger:
    def __init__(self):
        self.visible = State()
        self.durable = State()
        self.fragile = False  # visible stands on a log that is not on the device

    def commit(self, state):
        self.visible = state
        if not self.fragile:
            self.durable = state

    def commit_fragile(self, state):
        self.visible = state
        self.fragile = True

    def checkpoint(self):
        self.durable = self.visible
        self.fragile = False

    def crash(self):
        self.visible = self.durable
        self.fragile = False

    def restore(self, state):
        self.visible = self.durable = state
        self.fragile = False
