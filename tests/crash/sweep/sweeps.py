"""The lists of cases. Each yields what case.play takes."""
import functools
import itertools
import random

from . import mounts, points, stopped, strikes, tear, workload

def kills(loads=None):
    for load in loads or workload.ALL:
        for call in points.calls(load, load.before):
            for number in call.numbers():
                yield load, [*load.before, points.kill(call, number)], False
            # One beyond the last: there the program must end by itself.
            yield load, [*load.before, strikes.Beyond(points.kill(call, call.last + 1))], False


def errors(loads=None):
    for load in loads or workload.ALL:
        for call in points.calls(load, load.before):
            for error in points.ERRORS.get(call.name, ()):
                for number, on in itertools.product(call.numbers(), (False, True)):
                    yield load, [*load.before, points.fail(call, error, number, on)], call.name in points.NETWORK
            if call.name == "recvfrom":
                for number in call.numbers():
                    yield load, [*load.before, points.pretend(call, 0, number)], True
        for call, result in points.writes_to_mbox(load):
            yield load, [*load.before, points.pretend(call, result, call.first)], False
            yield load, [*load.before, points.damage(call, call.first)], False


OF_RECOVERY = ("ftruncate", "mkdirat", "pwritev", "fsync", "fdatasync")


def recovery(loads=None):
    """Killed before the sync, torn as by a power cut, then killed at every call of the recovery."""
    for load, torn in itertools.product(loads or workload.ALL[:3], (None, *tear.ALL)):
        before = unsynced(torn)
        yield load, before, False
        for call in points.calls(load, before):
            if call.name in points.NETWORK + ("poll", "read", "close"):
                continue
            for number in call.numbers():
                yield load, before + [points.kill(call, number)], False


def recovery_errors(loads=None):
    """The same, and then a call of the recovery fails. Of one torn append every call; of the others only those that
    change mboxes and folders, and syncs."""
    for load, torn in itertools.product(loads or workload.ALL[1:3], (None, *tear.ALL)):
        before = unsynced(torn)
        for call in points.calls(load, before):
            if call.name in points.NETWORK + ("read",) or (torn != tear.half and call.name not in OF_RECOVERY):
                continue
            for error in points.ERRORS.get(call.name, ()):
                for number, on in itertools.product(call.numbers(), (False, True)):
                    yield load, before + [points.fail(call, error, number, on)], False


def unsynced(torn):
    return [points.kill(points.FIRST_SYNC_OF_MBOX, 1), *([torn] if torn else [])]


def pairs(count, seed):
    """Two faults in two runs in a row, sampled."""
    choice = random.Random(seed)
    singles = [c for c in itertools.chain(kills(workload.ALL[1:3]), errors(workload.ALL[1:3]))]
    for _ in range(count):
        load, first, _ = choice.choice(singles)
        second = choice.choice([c for c in singles if c[0] == load])[1]
        yield load, first + second, True


def full_disk(loads=None):
    """The disk becomes full behind each call that may need room, or nearly, for a moment or for longer: by then the call
    that the signal meets is made. On ext4 a small one has blocks of 1 KiB, smaller than a page of memory."""
    disks = [mounts.Tmpfs] + ([] if mounts.why_no_loop("ext4") else [functools.partial(mounts.Loop, "ext4")])
    for load in loads or workload.ALL[1:3]:
        for call in points.calls(load):
            if call.name not in ("openat", "pwrite64", "pwritev", "fdatasync", "link", "sendto"):
                continue
            for number, left, seconds, disk in itertools.product(call.numbers(), (0, 4096, 65536), (None, 0.03), disks):
                # Behind the lock comes the first append of all, of more than any of these.
                sure = not load.incremental and call.name == "link" and number == call.first and not seconds
                stop = points.stop(call, number, *points.NEED_ROOM)
                yield load, [stopped.Filled(stop, left, seconds, sure)], False, disk


def power_cuts(kind, loads=None):
    """The power is cut at each call that changes something, or tells the server something."""
    for load in loads or workload.ALL[:3]:
        for call in points.calls(load):
            if call.name in ("read", "pread64", "poll", "close", "recvfrom", "fcntl"):
                continue
            for number, log in itertools.product(call.numbers(), (False, True)):
                yield load, [stopped.Cut(points.stop(call, number), log)], False, functools.partial(mounts.Loop, kind)


def of_call(cases, call):
    """Those whose last fault strikes this call."""
    def strikes(fault):
        return "inject=%s:" % call in getattr(fault, "strace", [""] if callable(fault) else fault)[-1]

    return (case for case in cases if strikes(case[1][-1]))


def sample(cases, count, seed):
    """About so many, of each workload as many as of the others, but of slow ones few. Those that are sure to be felt
    are all among them."""
    choice, by_load, sure = random.Random(seed), {}, []
    for case in cases:
        (sure if getattr(case[1][-1], "sure", False) else by_load.setdefault(case[0], [])).append(case)
    of_each = -(-(count - len(sure)) // max(1, len(by_load)))
    return sure + [case for load, of_load in by_load.items()
            for case in choice.sample(of_load, min(3 if load.slow else of_each, len(of_load)))]
