"""What can go wrong at which step."""


class Died(Exception):
    """The process is gone: killed, or the power was cut."""


class Failed(Exception):
    """A call failed; the run ends by its own decision (exit 74 or 75)."""


KILL = ("kill",)
BY_STEP = {
    "create": ["enospc"],
    "write": ["enospc", "enospc behind half", "silent damage"],
    "sync": ["eio, nothing written", "eio, half written"],
    "sync folder": ["eio"],
    "truncate": ["eio"],
    "read": ["eio"],
    "checkpoint": ["eio"],
    "commit": ["fails cleanly", "error though done", "error though visible, not durable"],
    "retrieve": ["connection cut"],
    "quit": ["connection cut before", "connection cut behind"],
    "end": [],
}


def of(kind, cuts):
    """All faults of a step: killed or cut before it, and its own failures."""
    return [KILL] + [("power cut", how, names) for how, names in cuts] + [(f,) for f in BY_STEP[kind]]
