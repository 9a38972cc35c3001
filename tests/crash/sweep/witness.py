"""What the server sees of deletions, and what it finds in the archive then."""
import collections

from .books import Books, digest


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
            books = Books(self.archive)
            self.violations += ["%s of message %d without %s" % (event, message.number, lacking) for lacking, owed in
                                (("committed bytes", self.unproven(books)), ("a receipt", self.unwritten(books))) if owed]

    def unproven(self, books):
        """What was deleted, or is to be, and doesn't stand in the archive."""
        return (collections.Counter(self.condemned.values()) | self.deleted) - books.proven()

    def unwritten(self, books):
        """The DELEs, and what is gone, of which the books know nothing."""
        receipts = collections.Counter(content for _, content in books.receipts.elements())
        without = collections.Counter(content for _, content in (self.asked - books.receipts).elements())
        return without | (self.deleted - receipts)
