"""A maildrop that outlives its client and applies DELE at QUIT."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Mail:
    uid: str
    content: bytes


# Twins: equal bytes under two UIDs must stay two.
ALICE = Mail("u-alice", b"alice writes of her cat\n")
BOB = Mail("u-bob", b"bob\n\n>From here on\n")
TWIN = Mail("u-bob-again", BOB.content)
CAROL = Mail("u-carol", b"carol sends a very long letter about disks\n")


class Server:
    def __init__(self):
        self.listing = []
        self.ever = []
        self.deleted = []

    def deliver(self, *mails):
        self.listing += mails
        self.ever += mails

    def delete(self, mails):
        for mail in mails:
            self.listing.remove(mail)
            self.deleted.append(mail)
