"""Replays power cuts. Each distinct state (with --full, else a sample) is judged as it is, and by the real program's
next run. Ends with 1 on any loss, or if nothing was replayed."""
import argparse
import collections
import concurrent.futures
import dataclasses
import fnmatch
import os
import random
import shutil
import sys
import time

from sweep import judge
from sweep.case import recover
from sweep.place import PROGRAM, Place

from . import disk, scenes
from .recording import rebuild, recorded

# States judged of each scene and model, and of these at least so many behind QUIT, where it exists.
COUNT, COUNT_OF_OTHERS = 25, 3


@dataclasses.dataclass
class Cut:
    number: int   # of the operation behind which it comes
    state: dict
    gone: bool    # whether the server may have forgotten what was deleted


def distinct(recording, load, ext4, seed):
    """Each distinct state once."""
    choice, replayed, seen, gone = random.Random(seed), disk.Disk(recording.before, ext4), set(), False
    for op in recording.earlier:
        replayed.apply(op)
    for number, op in enumerate(recording.done):
        replayed.apply(op)
        gone = gone or op.kind == "say" and load.delete and b"QUIT" in op.data
        # Between two syncs the last prefix has the states of all the others, and more.
        following = recording.done[number + 1] if number + 1 < len(recording.done) else None
        if following and following.kind not in ("sync", "say"):
            continue
        for state in disk.states(replayed, choice):
            key = (disk.fingerprint(state), gone)
            if key not in seen:
                seen.add(key)
                yield Cut(number, state, gone)


def judged(load, torn, cut):
    # What it had archived comes with the state.
    with Place(dataclasses.replace(load, incremental=False)) as place:
        rebuild(place, cut.state)
        if cut.gone:
            for message in place.maildrop.present():
                place.maildrop.remove(message)
                place.witness.deleted[judge.digest(message)] += 1
        wrong = judge.right_after(place) + judge.thrown_away(torn, place.archive)
        if not wrong:
            wrong += recover(place, judge.set_aside(place), False)
    return wrong


def sample(cuts, count, seed):
    """Half of them behind QUIT, where nothing is left on the server; and not only where most states are."""
    choice = random.Random(seed)
    gone, others = ([cut for cut in cuts if cut.gone == wanted] for wanted in (True, False))
    chosen = spread(gone, count // 2, choice)
    return chosen + spread(others, count - len(chosen), choice)


def spread(cuts, count, choice):
    """From the operations in turn."""
    turns, seen = [], collections.Counter()
    for cut in choice.sample(cuts, len(cuts)):
        seen[cut.number] += 1
        turns.append((seen[cut.number], cut))
    return [cut for _, cut in sorted(turns, key=lambda turn: turn[0])[:count]]


def replay(scene, recording, ext4, options):
    """(how many states there are, how many were judged, what was wrong with the bad ones)."""
    found = list(distinct(recording, scene.load, ext4, options.seed))
    count = options.count or (COUNT if scene in scenes.HEALTHY else COUNT_OF_OTHERS)
    chosen = found if options.full else sample(found, count, options.seed)
    bad, ran = [], 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        waiting = [pool.submit(judged, scene.load, recording.torn, cut) for cut in chosen]
        for cut, future in zip(chosen, waiting):
            wrong = future.result()
            ran += 1
            if wrong:
                bad.append("%s, %s, cut behind operation %d%s\n     %s" % (
                    scene.name, "ext4-like" if ext4 else "strict", cut.number, ", QUIT was said" if cut.gone else "",
                    "\n     ".join(wrong)))
            if wrong and options.first:
                pool.shutdown(wait=False, cancel_futures=True)
                break
    return len(found), ran, bad


def main():
    parser = argparse.ArgumentParser(prog="run-powercut", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the next run from every state")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, help="states judged, of each scene and model")
    parser.add_argument("--scene", default="*", help="its name, perhaps with * in it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--first", action="store_true", help="end at the first bad state")
    parser.add_argument("--show", type=int, default=10)
    options = parser.parse_args()
    if not shutil.which("strace") or not os.access(PROGRAM, os.X_OK):
        sys.exit("strace and the program (POPKEEP) are needed")
    total = bad = ran = 0
    began = time.time()
    for scene in scenes.ALL:
        if not fnmatch.fnmatchcase(scene.name, options.scene):
            continue
        recording = recorded(scene)
        for ext4 in (False, True):
            if options.first and bad:
                break
            states, judged_states, wrong = replay(scene, recording, ext4, options)
            total, ran = total + states, ran + judged_states
            for said in wrong[:max(0, options.show - bad)]:
                print("BAD  " + said, flush=True)
            bad += len(wrong)
    print("power cuts: %d distinct states, %d judged by the next run, %d bad, %.0f s"
          % (total, ran, bad, time.time() - began))
    sys.exit(0 if total and ran and not bad else 1)


main()
