"""What the server sees of deletions, and what it finds in the archive then."""
import collections

from .books import Books, digest, ledger_files, stamps

import mboxrd


class Witness:
    """Hook of the server: at each DELE, before it is answered, and each time one is applied. Where the archive's
    disk is about to lose its power, it looks at what was asked when that is back."""

    def __init__(self, archive):
        self.archive = archive
        self.violations = []
        self.asked = collections.Counter()    # every DELE, as (UID, digest)
        self.condemned = {}                   # digest of each message that one named, by its number
        self.deleted = collections.Counter()  # what is gone, by digest
        self.looks_later = False
        self.seen = None, None  # how the files stood at the last look, and what was in them

    def __call__(self, event, session, message):
        try:
            self.look(event, message)
        except Exception as problem:  # who can't look has seen nothing
            self.violations.append("%s of message %d: no look into the archive: %r" % (event, message.number, problem))

    def look(self, event, message):
        if event == "applied":
            self.deleted[digest(message)] += 1
        else:
            self.asked[message.uid, digest(message)] += 1
            self.condemned[message.number] = digest(message)
        if not self.looks_later:
            books = self.books()
            owed = {"committed bytes": self.unproven(books), "a receipt": self.unwritten(books)}
            self.violations += ["%s of message %d without %s" % (event, message.number, lacking)
                                for lacking in owed if owed[lacking]]

    def books(self):
        """Read again where a file has changed since the last look: the client waits for its answer meanwhile."""
        now = stamps([*ledger_files(self.archive), *mboxrd.files(self.archive)])
        if now != self.seen[0]:
            self.seen = now, Books(self.archive)
        return self.seen[1]

    def unproven(self, books):
        """What was deleted, or is to be, and doesn't stand in the archive."""
        return (collections.Counter(self.condemned.values()) | self.deleted) - books.proven

    def unwritten(self, books):
        """The DELEs, and what is gone, of which the books know nothing."""
        receipts = collections.Counter(content for _, content in books.receipts.elements())
        without = collections.Counter(content for _, content in (self.asked - books.receipts).elements())
        return without | (self.deleted - receipts)
