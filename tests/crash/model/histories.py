"""Histories: a workload, at most two faults in its first two runs, perhaps an outsider in between, then
healthy runs and the reckoning."""
from dataclasses import dataclass

from . import faults, invariants, outsiders
from .run import run
from .server import ALICE, BOB, CAROL, TWIN, Mail
from .world import World

LATER = Mail("u-later", b"delivered when all is well again\n")


@dataclass(frozen=True)
class Workload:
    name: str
    before: tuple    # archived by a healthy run, kept on the server
    arriving: tuple  # for the run that the faults strike
    delete: bool


WORKLOADS = [Workload("%s, %s" % (name, "delete" if delete else "keep"), before, arriving, delete)
             for name, before, arriving in [("first run", (), (ALICE, BOB, TWIN)),
                                            ("incremental", (ALICE,), (BOB, TWIN, CAROL))]
             for delete in (False, True)]


def play(rules, workload, plan, visit=None, recording=False):
    world = World(rules)
    world.recording = recording
    if workload.before:
        world.server.deliver(*workload.before)
        attempt(world, workload, delete=False)
    backup = outsiders.Backup(world)
    world.server.deliver(*workload.arriving)
    world.plan, world.trace, world.marks = dict(plan), [], []
    if visit and visit.meanwhile:
        world.meanwhile = lambda: outsiders.act(world, visit.deed, backup)
    attempt(world, workload)
    world.marks.append(len(world.trace))
    if visit and not visit.meanwhile:
        outsiders.act(world, visit.deed, backup)
    attempt(world, workload)
    world.marks.append(len(world.trace))
    world.plan = {}
    world.server.deliver(LATER)
    last = [attempt(world, workload) for _ in range(2)][-1]
    if last != 0:
        world.violate("does not recover: %s" % last)
    world.disk.crash("absent", False)
    world.ledger.crash()
    attempt(world, workload)
    invariants.at_the_end(world)
    return world


def attempt(world, workload, delete=None):
    try:
        code = run(world, workload.delete if delete is None else delete)
        world.step("end")  # a kill or a cut when all is done
        return code
    except faults.Died as died:
        return str(died)


def all_faults(world, begin, end):
    for number in range(begin, end):
        kind, cuts = world.trace[number]
        for fault in faults.of(kind, cuts):
            yield number, fault


def histories(rules, workload, depth, visit=None):
    """Yields (plan, world): no fault, each single one, and with depth 2 each pair."""
    healthy = play(rules, workload, {}, visit, recording=True)
    yield {}, healthy
    for number, fault in all_faults(healthy, 0, healthy.marks[1]):
        one = {number: fault}
        world = play(rules, workload, one, visit, recording=depth > 1)
        yield one, world
        if depth > 1:
            for later, second in all_faults(world, number + 1, world.marks[1]):
                two = {**one, later: second}
                yield two, play(rules, workload, two, visit)
