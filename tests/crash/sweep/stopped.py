"""Faults that need the program to stand still at a call: the disk becomes full, or its power is cut."""
import os
import signal
import time


class Filled:
    """At the call the disk becomes full but for `left` bytes; afterwards there is room again."""

    def __init__(self, strace, left):
        self.strace, self.left = strace, left
        self.name = "%s, disk full but for %d bytes" % (strace[-1], left)

    def strike(self, place, pid):
        place.disk.fill(self.left)
        os.kill(pid, signal.SIGCONT)

    def afterwards(self, place):
        place.disk.free()


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
