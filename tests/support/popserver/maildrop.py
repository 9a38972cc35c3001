"""The mailbox behind the server; it outlives every session."""

import threading
import time
from dataclasses import dataclass, field


@dataclass
class Message:
    """One stored message. `number` is its place when the maildrop was made and never
    changes, so that a scenario can speak of "message 2" whatever a session lists it as."""

    data: bytes
    uid: bytes
    number: int = 0
    gone: bool = False
    popped: bool = False
    deletes: int = field(default=0, compare=False)


class Maildrop:
    """Messages with CRLF line ends; thread-safe where sessions change it."""

    def __init__(self, messages, uids=None):
        uids = uids or {}
        self.guard = threading.RLock()
        self.messages = []
        self.removed = []
        self.given_out = 0
        self.last_login = None
        for number, entry in enumerate(messages, 1):
            if isinstance(entry, bytes):
                entry = Message(entry, uids.get(number, b"uid-%06d" % number))
            entry.number = number
            self.messages.append(entry)

    def too_soon(self, delay):
        """Whether a login comes less than `delay` seconds behind the last one that was let in."""
        with self.guard:
            now = time.monotonic()
            soon = self.last_login is not None and now - self.last_login < delay
            if not soon:
                self.last_login = now
            return soon

    def present(self):
        with self.guard:
            return [message for message in self.messages if not message.gone]

    def by_number(self, number):
        return self.messages[number - 1]

    def add(self, data, uid):
        with self.guard:
            message = Message(data, uid, len(self.messages) + 1)
            self.messages.append(message)
            return message

    def remove(self, message):
        """False if it is gone already: a session that was killed and its follower may both delete it."""
        with self.guard:
            if message.gone:
                return False
            message.gone = True
            self.removed.append((time.time(), message))
            return True

    def renew_uids(self, rename):
        """A migration: `rename` turns each message's number and UID into its new UID."""
        with self.guard:
            for message in self.messages:
                message.uid = rename(message.number, message.uid)
