"""One case: a fault (or several runs with one each), the judge, healthy runs, the judge again."""
import contextlib

from . import judge, local_failure
from .books import Books
from .place import Place
from .stopped import Cut, Filled

import checker

ORDINARY_EXITS = (0, 65, 69, 73, 74, 75, 76, 77)


class Outcome:
    def __init__(self, name):
        self.name = name
        self.strikes = []     # each fault, and whether it really happened
        self.shortages = []   # each disk that became full, and whether the program felt it
        self.state = None     # of the archive right after the last fault
        self.codes = []
        self.wrong = []

    @property
    def happened(self):
        """How many faults: a disk that nobody needed room on is none."""
        return sum(struck for _, struck in self.strikes) - sum(not felt for _, felt in self.shortages)


def play(workload, faults, patient=False, disk=None):
    """`faults` come one a run: a list of strace options, one that strikes while the program stands still, or a
    deed done to the place between two runs. `patient`: healthy runs may need more than one (a session that
    broke is told apart from a bad message). `disk` makes a file system for the archive."""
    outcome = Outcome("%s: %s" % (workload.name, ", then ".join(map(name_of, faults))))
    with disk() if disk else contextlib.nullcontext() as mounted, Place(workload, mounted) as place:
        kept = {}
        for fault in faults:
            if callable(fault):
                outcome.strikes.append((fault, bool(fault(place))))
                continue
            before, torn = Books(place.archive), judge.tails(place.archive)
            ran = struck_by(fault, place)
            outcome.codes.append(ran.code)
            outcome.strikes.append((fault, ran.struck))
            if isinstance(fault, Filled) and ran.struck:
                outcome.shortages.append(("%s full but for %d bytes" % (place.disk.kind, fault.left), fault.felt(ran)))
            outcome.wrong += judge.right_after(place)
            outcome.wrong += local_failure.judged(ran, str(place.archive))
            outcome.wrong += judge.thrown_away(torn, place.archive)
            if ran.code == 0:
                outcome.wrong += judge.after_success(place, before)
            if not ran.killed and ran.code not in ORDINARY_EXITS:
                outcome.wrong.append("exit %d: %s" % (ran.code, ran.said[-300:]))
            kept.update(judge.set_aside(place))
        outcome.state = judge.state(place)
        outcome.wrong += recover(place, kept, patient)
    return outcome


def struck_by(fault, place):
    if isinstance(fault, list):
        return place.fetch(strace=fault)
    if isinstance(fault, Cut):
        place.disk.settle()
        place.witness.looks_later = True
    ran = place.fetch(strace=fault.strace, when_stopped=fault.strike)
    fault.afterwards(place)
    place.witness.looks_later = False
    return ran


def name_of(fault):
    return fault.__name__ if callable(fault) else fault[-1] if isinstance(fault, list) else fault.name


def recover(place, kept, patient):
    wrong, codes = [], []
    for attempt in range(4):
        torn = judge.tails(place.archive)
        ran = place.fetch()
        codes.append("%d %s" % (ran.code, ran.said[-200:]))
        kept.update(judge.set_aside(place))
        wrong += judge.thrown_away(torn, place.archive)
        if ran.code == 0:
            break
        if not patient or attempt == 3:
            wrong.append("healthy run ended with %s" % codes)
            break
        checker.let_time_pass(place.archive)
    if patient and place.workload.delete and place.maildrop.present():
        # A session that broke has cast doubt on a message: it comes once more before it is deleted.
        place.fetch()
    wrong += judge.right_after(place) + judge.after_recovery(place)
    before = len(place.server.log.commands("RETR"))
    again = place.fetch()
    if again.code != 0:
        wrong.append("a run with nothing to do ended with %d %s" % (again.code, again.said[-200:]))
    if len(place.server.log.commands("RETR")) != before:
        wrong.append("a message that stands was retrieved again")
    wrong += judge.after_recovery(place)
    if place.workload.delete and place.maildrop.present():
        wrong.append("not deleted: %s" % [m.number for m in place.maildrop.present()])
    if kept != judge.set_aside(place):
        wrong.append("a piece that was set aside is gone or changed")
    return sorted(set(wrong))
