"""Whether a sweep really struck what it meant to."""
import collections
import re

from . import points, tear

# How often they are called depends on the pieces in which the server's bytes come.
BY_CHANCE = ("poll", "recvfrom")
MOST_MISSED = 0.02  # of the points; the ledger's pages fall a little otherwise from run to run
WHAT = {"signal=KILL": "killed", "signal=STOP": "stopped", "poke_enter": "damaged", "retval": "pretended"}


class Beyond(list):
    """strace's options of a fault behind the last call of its kind: it is meant to miss."""


def kind(fault):
    """(call, what is done to it) of a fault, ("", name) of a deed between two runs."""
    if callable(fault):
        return "", fault.__name__
    options = getattr(fault, "strace", fault)
    call, what = re.search(r"inject=(\w+):([\w=]+)", options[-1]).groups()
    return call, WHAT.get(what) or WHAT.get(what.partition("=")[0]) or what.removeprefix("error=")


class Tally:
    """Of each case counts the fault at `decisive`: the last one, for which the others prepare, or the first one, where
    what comes behind depends on it."""

    def __init__(self, decisive=-1):
        self.decisive = decisive
        self.meant, self.struck, self.missed, self.beyond = collections.Counter(), collections.Counter(), [], 0
        self.torn, self.to_tear = collections.Counter(), collections.Counter()
        self.felt, self.filled = collections.Counter(), collections.Counter()

    def add(self, outcome):
        for deed, done in outcome.strikes:
            if deed in tear.ALL:
                self.to_tear[deed.__name__] += 1
                self.torn[deed.__name__] += done
        for disk, felt in outcome.shortages:
            self.filled[disk] += 1
            self.felt[disk] += felt
        fault, struck = outcome.strikes[self.decisive]
        if isinstance(fault, Beyond):
            self.beyond += 1
            return
        self.meant[kind(fault)] += 1
        self.struck[kind(fault)] += struck
        if not struck:
            self.missed.append((kind(fault)[0], outcome.name))

    def complaints(self):
        wrong = ["%s %s was meant %d times and never happened" % (*what, count) for what, count in self.meant.items()
                 if not self.struck[what] and count >= (3 if what[0] in BY_CHANCE else 2)]
        wrong += ["%s was meant %d times and tore nothing" % (name, count) for name, count in self.to_tear.items()
                  if not self.torn[name] and count >= 2]
        wrong += ["%s, %d times, was never felt" % (disk, count) for disk, count in self.filled.items()
                  if not self.felt[disk]]
        steady = [name for call, name in self.missed if call not in BY_CHANCE]
        points_there = sum(count for (call, _), count in self.meant.items() if call not in BY_CHANCE)
        if len(steady) > max(2, MOST_MISSED * points_there):
            wrong.append("%d of %d points were missed: %s" % (len(steady), points_there, "; ".join(steady[:5])))
        return wrong

    def shortages(self):
        return ", ".join("%s %d of %d" % (disk, self.felt[disk], count) for disk, count in sorted(self.filled.items()))

    def __str__(self):
        return ", ".join("%s %s %d of %d" % (*what, self.struck[what], count)
                         for what, count in sorted(self.meant.items()))


def without_points(cases):
    """Entries of ERRORS of which no case makes a fault."""
    made = {kind(fault) for case in cases for fault in case[1]}
    return ["%s %s" % (call, error) for call, errors in points.ERRORS.items() if call not in points.ABSENT
            for error in errors if (call, error) not in made]
