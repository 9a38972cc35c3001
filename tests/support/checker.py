"""The one judge of archives: what must hold after every run, whatever the server did."""

import collections
import contextlib
import hashlib
import pathlib
import sqlite3

import mboxrd

DAY = 86400


@contextlib.contextmanager
def ledger(archive):
    """A connection that may write: a read-only one would leave the WAL's files behind."""
    path = pathlib.Path(archive) / ".popkeep" / "ledger.db"
    database = sqlite3.connect("file:%s?mode=rw" % path, uri=True, timeout=10)
    try:
        with database:
            yield database
    finally:
        database.close()


def committed(archive):
    """The digests of all messages that the ledger calls archived."""
    with ledger(archive) as database:
        rows = database.execute("SELECT content FROM message WHERE state = 'archived'").fetchall()
    return {bytes(row[0]) for row in rows}


def let_time_pass(archive, seconds=400 * DAY):
    """Ages refusals, back-offs and delays, which would otherwise make the next run wait."""
    if not (pathlib.Path(archive) / ".popkeep" / "ledger.db").exists():
        return
    with ledger(archive) as database:
        database.execute("UPDATE refusal SET first_at = first_at - ?1, last_at = last_at - ?1", (seconds,))
        if database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'memo'").fetchone():
            database.execute("UPDATE memo SET value = value - ? WHERE name = 'no sign-in before'", (seconds,))
        database.execute("UPDATE account SET refused_at = refused_at - ?1, last_attempt = last_attempt - ?1", (seconds,))


class Witness:
    """A server hook: at the moment of every DELE, before it is answered, the message must
    stand in an mbox byte for byte and be committed in the ledger."""

    def __init__(self, archive):
        self.archive = pathlib.Path(archive)
        self.violations = []
        self.deletes = 0
        self._stamp = None
        self._contents = []

    def __call__(self, event, session, message):
        if event != "DELE":
            return
        self.deletes += 1
        content = mboxrd.expected(message.data)
        try:
            if content not in self.contents():
                self.violations.append("DELE of message %d, which isn't in the mbox" % message.number)
            if hashlib.sha256(content).digest() not in committed(self.archive):
                self.violations.append("DELE of message %d, which isn't committed" % message.number)
        except (mboxrd.Broken, sqlite3.Error, OSError) as problem:
            self.violations.append("DELE of message %d: %r" % (message.number, problem))

    def contents(self):
        stamp = [(path, path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(self.archive.rglob("*.mbox"))]
        if stamp != self._stamp:
            self._contents = mboxrd.archive(self.archive)
            self._stamp = stamp
        return self._contents


def counted(contents):
    return collections.Counter(contents)


def complaints(archive, maildrop, required, forbidden=()):
    """What is wrong with an archive against the maildrop that it came from (a list)."""
    wrong = []
    try:
        have = counted(mboxrd.archive(archive))
    except mboxrd.Broken as problem:
        return ["the mbox doesn't parse: %s" % problem]
    may = counted(mboxrd.expected(message.data) for message in maildrop.messages)
    for content, count in (have - may).items():
        wrong.append("%s: %d times too often, or not what was sent: %r" % (names(maildrop, content), count, content[:60]))
    must = counted(mboxrd.expected(maildrop.by_number(number).data) for number in required)
    for content, count in (must - have).items():
        wrong.append("%s: %d copies lack" % (names(maildrop, content), count))
    for number in forbidden:
        if have[mboxrd.expected(maildrop.by_number(number).data)]:
            wrong.append("message %d stands there and must not" % number)
    return wrong


def names(maildrop, content):
    numbers = [message.number for message in maildrop.messages if mboxrd.expected(message.data) == content]
    return "message %s" % "/".join(map(str, numbers)) if numbers else "a foreign message"


def exactly_once(archive, maildrop, without=()):
    """Every message that ever was in the maildrop stands once, but for those of `without`,
    which may lack (they left the server before anybody could fetch them)."""
    required = {message.number for message in maildrop.messages} - set(without)
    return complaints(archive, maildrop, required) + integrity(archive)


def integrity(archive):
    with ledger(archive) as database:
        answer = database.execute("PRAGMA integrity_check").fetchone()[0]
        prepared = database.execute("SELECT count(*) FROM message WHERE state = 'prepared'").fetchone()[0]
    return (["integrity_check: " + answer] if answer != "ok" else []) + (
        ["%d rows are still prepared" % prepared] if prepared else [])


def lost_deletes(archive, transcript, maildrop):
    """Deleted messages (applied by the server) that don't stand in the mbox."""
    have = counted(mboxrd.archive(archive))
    gone = counted(mboxrd.expected(maildrop.by_number(event["message"]).data) for event in transcript.of("applied"))
    return ["%s was deleted and is lost" % names(maildrop, content) for content in gone - have]
