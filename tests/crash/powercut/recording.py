"""What the real program did in a scene."""
import dataclasses
import os
import shutil
import signal
import sys
import time

from sweep import judge
from sweep.place import Place

from . import disk, record


@dataclasses.dataclass
class Recording:
    before: dict  # what was on the device for certain: path -> bytes
    earlier: list  # operations of an earlier run or of another program
    done: list    # operations of the run that is cut
    torn: dict    # what stood torn on the device before that


def recorded(scene):
    earlier = []
    if scene.killed:
        with Place(scene.load) as place:
            before = contents(place.archive)
            earlier = scene.killed(run(place))
    with Place(scene.load) as place:
        if scene.killed:
            rebuild(place, left_behind(before, earlier))
        for deed in scene.load.before:
            deed(place)
        if scene.settled:
            place.fetch(delete=False)
        if scene.torn and not scene.torn(place):
            sys.exit("nothing was torn: %s" % scene.name)
        if scene.torn or not scene.killed:
            before, earlier = contents(place.archive), []
        torn = judge.tails(place.archive) if scene.torn else {}
        if scene.outsider and not scene.amid:
            earlier = scene.outsider(place)
        done = run(place, scene.outsider if scene.amid else None)
        must_be_complete(place, left_behind(before, earlier + done))
    return Recording(before, earlier, done, torn)


def run(place, outsider=None):
    """`outsider` does its deed while the run stands still at the last it asks before it deletes."""
    strace, deed = list(record.STRACE), []
    if outsider:
        strace += ["-e", "inject=sendto:signal=STOP:when=%d" % last_question(place.workload)]

    def strike(place, pid):
        deed.extend(outsider(place))
        os.kill(pid, signal.SIGCONT)

    ran = place.fetch(strace=strace, when_stopped=outsider and strike)
    if ran.code != 0 or outsider and not deed:
        sys.exit("the recorded run failed: %d %s" % (ran.code, ran.said or "it didn't stand still"))
    before, _, behind = ran.log.partition("--- stopped by SIGSTOP")
    return [*record.operations(before, str(place.archive)), *deed, *record.operations(behind, str(place.archive))]


def last_question(load):
    """The number of the last command before DELE, where everything is archived."""
    with Place(load) as place:
        place.fetch(delete=False)
        said = [op.data for op in run(place) if op.kind == "say"]
    return next(number for number, data in enumerate(said) if b"DELE" in data)  # strace counts from 1


def left_behind(before, done):
    """As the program sees it, and a run that follows a kill."""
    replayed = disk.Disk(before, True)
    for op in done:
        replayed.apply(op)
    return replayed.state(replayed.pending)


def must_be_complete(place, replayed):
    """Else the recording would prove nothing."""
    real = contents(place.archive)
    differing = [path for path in real
                 if path.endswith((".mbox", "/ledger.db")) and replayed.get(path) != real[path]]
    if differing or not any(path.endswith(".mbox") for path in real):
        sys.exit("the recording is incomplete: %s" % differing)


def contents(archive):
    return {str(path.relative_to(archive)): path.read_bytes() for path in archive.rglob("*")
            if path.is_file() and not path.name.endswith("-shm")}


def rebuild(place, state):
    shutil.rmtree(place.archive)
    (place.archive / ".popkeep").mkdir(parents=True, mode=0o700)
    place.archive.chmod(0o700)
    for path, data in state.items():
        target = place.archive / path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.write_bytes(data)
        target.chmod(0o600)
        if path.endswith(".lock"):
            # A dotlock may have survived without the process id in it, and then only age tells that it is
            # nobody's: the next run is that of ten minutes later.
            os.utime(target, (time.time() - 600,) * 2)
