"""What happens in the month: when mail comes, and what goes wrong from when to when. An event is a context
manager: entering it makes the trouble, leaving it mends it."""

import contextlib
import datetime
import fcntl
import os
import struct

from popserver import Behaviour, Rule

# In the future of any real clock, so that no file is younger than the run that finds it.
START = datetime.datetime(2091, 3, 1)
DAYS = 30
MAIL_AT = ("07:31", "09:12", "11:47", "12:20", "14:05", "16:33", "19:58")
CERTIFICATE_EXPIRES = "16 00:00"


def at(text):
    """The time that a text such as "09 14:30" means: day, hour, minute."""
    return datetime.datetime.strptime(text, "%d %H:%M").replace(year=START.year, month=START.month)


def letters():
    """When each message comes, and its text."""
    times = sorted(at("%02d %s" % (day, time)) for day in range(1, DAYS + 1) for time in MAIL_AT)
    return [(time, b"From: anna@example.org\r\nDate: %s\r\nSubject: number %d\r\n\r\nFrom here on\r\n.and dots\r\n"
             % (time.strftime("%d Mar %Y %H:%M:%S +0000").encode(), number)) for number, time in enumerate(times, 1)]


@contextlib.contextmanager
def connection_refused(world):
    world.close()
    yield
    world.listen()


@contextlib.contextmanager
def unknown_host(world):
    world.configure(host="pop.example.invalid")
    yield
    world.configure()


@contextlib.contextmanager
def no_answer(world):
    world.server.behaviour = Behaviour(greeting=None)
    world.configure(timeout=1)
    yield
    world.server.behaviour = Behaviour()
    world.configure()


@contextlib.contextmanager
def behaving(world, behaviour):
    world.server.behaviour = behaviour
    yield
    world.server.behaviour = Behaviour()


def poisoned_message(world):
    """The next one that comes."""
    number = len(world.maildrop.messages) + 1
    return behaving(world, Behaviour(rules=(Rule("RETR", message=number, reply=b"-ERR cannot read message\r\n"),)))


def server_overloaded(world):
    return behaving(world, Behaviour(rules=(Rule("PASS", reply=b"-ERR [SYS/TEMP] too many of you, try later\r\n"),)))


def empty_listing(world):
    return behaving(world, Behaviour(listing="empty"))


@contextlib.contextmanager
def password_changed(world):
    world.server.users = {world.user: "another one"}
    yield
    world.password.write_text("another one\n")


@contextlib.contextmanager
def certificate_expired(world):
    """It does so by itself."""
    yield


@contextlib.contextmanager
def certificate_for_another_host(world):
    world.use_certificate("wrong-host")
    yield
    world.use_certificate("renewed")


@contextlib.contextmanager
def disk_full(world):
    world.disk_is_full = True
    yield
    world.disk_is_full = False


@contextlib.contextmanager
def archive_not_mounted(world):
    world.archive.rename(world.folder / "unmounted")
    yield
    (world.folder / "unmounted").rename(world.archive)


@contextlib.contextmanager
def mbox_locked(world):
    """By this process. popkeep waits for a minute each time: those are made shorter."""
    with open(world.archive / "home.mbox", "r+b") as mbox:
        # Not lockf(): that lock would go when the checker of archives reads the mbox.
        fcntl.fcntl(mbox, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))
        world.hurry = 30
        yield
        world.hurry = None


# From, until, what, and the exit code that it must cause at least once.
TROUBLES = [
    ("02 22:00", "03 06:00", connection_refused, 69),
    ("03 22:00", "04 06:00", unknown_host, 68),
    ("04 22:00", "05 06:00", no_answer, 75),
    ("06 08:00", "09 08:00", poisoned_message, 65),
    ("09 12:00", "11 12:00", connection_refused, 69),
    ("12 10:00", "14 10:00", password_changed, 77),
    ("14 16:00", "15 18:00", disk_full, 74),
    (CERTIFICATE_EXPIRES, "17 12:00", certificate_expired, 76),
    ("17 12:00", "18 00:00", certificate_for_another_host, 76),
    ("19 08:00", "19 14:00", server_overloaded, 75),
    ("20 12:00", "20 13:00", mbox_locked, 75),
    ("22 00:00", "23 00:00", empty_listing, 0),
    ("24 20:00", "25 08:00", archive_not_mounted, 73),
]
