"""What is recorded and cut: healthy runs, and runs on what an earlier one or another program has left unsynced."""
import dataclasses
import typing

from sweep import tear, workload

from . import outsider

KEEP, FIRST_RUN, INCREMENTAL = workload.ALL[:3]


@dataclasses.dataclass(frozen=True)
class Scene:
    name: str
    load: workload.Workload
    killed: typing.Callable = None    # of an earlier run's operations those that were done when it was killed
    torn: typing.Callable = None      # what a power cut made of them: this is on the device
    settled: bool = False             # everything listed is archived already
    outsider: typing.Callable = None  # what another program did, unsynced
    amid: bool = False                # not before the run, but when it is about to delete


def is_mbox(op):
    return op.path.endswith(".mbox")


def until_the_first(kind):
    def killed(done):
        return done[:next(number for number, op in enumerate(done) if op.kind == kind and is_mbox(op))]

    return killed


def once_the_mbox_is_made(done):
    until = until_the_first("create")(done)
    return done[:len(until) + 1]


def half_way_in_its_append(done):
    until = until_the_first("write")(done)
    write = done[len(until)]
    write.data = write.data[:len(write.data) // 2]
    return [*until, write]


before_its_first_sync = until_the_first("sync")

HEALTHY = [Scene(load.name, load) for load in (*workload.ALL[:3], workload.TWO_BATCHES)]

KILLED = [Scene("%s after one killed %s" % (load.name, killed.__name__.replace("_", " ")), load, killed)
          for load, killed in ((FIRST_RUN, once_the_mbox_is_made), (FIRST_RUN, half_way_in_its_append),
                               (INCREMENTAL, half_way_in_its_append))]
KILLED += [Scene("%s after one killed before its first sync" % load.name, load, before_its_first_sync)
           for load in (FIRST_RUN, INCREMENTAL)]

TORN = [Scene("%s after one torn: %s" % (load.name, torn.__name__.replace("_", " ")), load, before_its_first_sync, torn)
        for load in (FIRST_RUN, INCREMENTAL) for torn in tear.ALL]

OUTSIDERS = [
    Scene("delete what another program appended", INCREMENTAL, outsider=outsider.append_what_is_listed),
    Scene("delete what another program moved in", FIRST_RUN, outsider=outsider.move_in_what_is_listed),
    Scene("incremental, delete from a replaced mbox", INCREMENTAL, outsider=outsider.replace_by_a_copy),
    Scene("delete from a replaced mbox", FIRST_RUN, settled=True, outsider=outsider.replace_by_a_copy),
    Scene("delete from an mbox replaced meanwhile", FIRST_RUN, settled=True, outsider=outsider.replace_by_a_copy,
          amid=True),
]

# Those of large messages would fill the memory with states.
OTHERS = [Scene(load.name, load) for load in (workload.ROLL_OVER, workload.TEMPLATE, workload.LOST_LEDGER)]

ALL = [*HEALTHY, *OTHERS, *KILLED, *TORN, *OUTSIDERS]
