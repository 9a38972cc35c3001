"""What the server sees of deletions, and what it finds in the archive then."""
import collections

from .books import Books, digest


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
