"""Faults that need the program to stand still at a call: the disk becomes full, or its power is cut."""
import os
import signal
import time

from .local_failure import DISK_FULL_OR_BROKEN


class Filled:
    """At the call another program fills the disk but for `left` bytes. After `seconds`, or else when the run has
    ended, it frees it again."""

    def __init__(self, strace, left, seconds=None, sure=False):
        self.strace, self.left, self.seconds = strace, left, seconds
        self.sure = sure  # that a program which keeps mail can't but feel it
        self.name = "%s, disk full but for %d bytes%s" % (strace[-1], left, " for %g s" % seconds if seconds else "")

    def strike(self, place, pid):
        place.disk.fill(self.left)
        os.kill(pid, signal.SIGCONT)
        if self.seconds:
            time.sleep(self.seconds)
            place.disk.free()

    def afterwards(self, place):
        place.disk.free()

    def felt(self, ran):
        """The program may have looked how much room there is, too, before it wrote."""
        return "ENOSPC" in ran.log or ran.code == DISK_FULL_OR_BROKEN


class Cut:
    """At the call the power is cut; afterwards the machine has come up again."""

    def __init__(self, strace, log):
        self.strace, self.log = strace, log
        self.name = "%s, power cut, journal %s" % (strace[-1], "written" if log else "lost")

    def strike(self, place, pid):
        place.disk.cut(self.log)
        os.kill(pid, signal.SIGKILL)

    def afterwards(self, place):
        place.disk.again()
        # Only age tells that a dotlock without its process id is nobody's: the machine took its time.
        for lock in place.archive.rglob("*.lock"):
            os.utime(lock, (time.time() - 600,) * 2)
