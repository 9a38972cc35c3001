"""Replays power cuts. Each distinct state is judged as it is, and (all of them with --full, else a sample) by
the real program's next run. Ends with 1 on any loss, or if nothing was replayed."""
import argparse
import concurrent.futures
import itertools
import os
import random
import shutil
import sys
import time

from sweep import judge, workload
from sweep.case import recover
from sweep.place import PROGRAM, Place

from . import disk, record

LOADS = [*workload.ALL[:3], workload.TWO_BATCHES]


def contents(archive):
    return {str(path.relative_to(archive)): path.read_bytes() for path in archive.rglob("*")
            if path.is_file() and not path.name.endswith("-shm")}


def recorded(load):
    """The archive before the run, and what the run did."""
    with Place(load) as place:
        before = contents(place.archive)
        ran = place.fetch(strace=record.STRACE)
        if ran.code != 0:
            sys.exit("the recorded run failed: %d %s" % (ran.code, ran.said))
        done = record.operations(ran.log, str(place.archive))
        replayed = disk.Disk(before, True)
        for op in done:
            replayed.apply(op)
        after, real = replayed.state(replayed.pending), contents(place.archive)
        differing = [path for path in real if path.endswith((".mbox", "/ledger.db")) and after.get(path) != real[path]]
        if differing or not any(path.endswith(".mbox") for path in real):
            sys.exit("the recording is incomplete: %s" % differing)  # else it would prove nothing
    return before, done


def distinct(load, ext4, seed):
    """Each distinct state, with whether the server may have forgotten what was deleted."""
    before, done = recorded(load)
    choice, replayed, seen, gone = random.Random(seed), disk.Disk(before, ext4), set(), False
    for number, op in enumerate(done):
        replayed.apply(op)
        gone = gone or op.kind == "say" and load.delete and b"QUIT" in op.data
        # Between two syncs the last prefix has the states of all the others, and more.
        following = done[number + 1] if number + 1 < len(done) else None
        if following and following.kind not in ("sync", "say"):
            continue
        for state in disk.states(replayed, choice):
            key = (disk.fingerprint(state), gone)
            if key not in seen:
                seen.add(key)
                yield number, state, gone


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


def judged(load, state, gone, rerun):
    with Place(load) as place:
        rebuild(place, state)
        if gone:
            for message in place.maildrop.present():
                place.maildrop.remove(message)
                place.witness.deleted[judge.digest(message)] += 1
        wrong = judge.right_after(place)
        if rerun and not wrong:
            wrong += recover(place, judge.set_aside(place), False)
    return wrong


def main():
    parser = argparse.ArgumentParser(prog="run-powercut", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the next run from every state")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=25, help="states judged, of each workload and model")
    parser.add_argument("--workload", choices=[load.name for load in LOADS])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--first", action="store_true", help="end at the first bad state")
    parser.add_argument("--show", type=int, default=10)
    options = parser.parse_args()
    if not shutil.which("strace") or not os.access(PROGRAM, os.X_OK):
        sys.exit("strace and the program (POPKEEP) are needed")
    total = bad = ran = 0
    began = time.time()
    for load, ext4 in itertools.product(LOADS, (False, True)):
        if options.workload not in (None, load.name) or (options.first and bad):
            continue
        found = list(distinct(load, ext4, options.seed))
        total += len(found)
        chosen = found if options.full else random.Random(options.seed).sample(found, min(options.count, len(found)))
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            waiting = [pool.submit(judged, load, state, gone, True) for _, state, gone in chosen]
            for (number, _, gone), future in zip(chosen, waiting):
                wrong = future.result()
                ran += 1
                if not wrong:
                    continue
                bad += 1
                if bad <= options.show:
                    print("BAD  %s, %s, cut behind operation %d%s\n     %s" % (
                        load.name, "ext4-like" if ext4 else "strict", number, ", QUIT was said" if gone else "",
                        "\n     ".join(wrong)), flush=True)
                if options.first:
                    pool.shutdown(wait=False, cancel_futures=True)
                    break
    print("power cuts: %d distinct states, %d judged by the next run, %d bad, %.0f s"
          % (total, ran, bad, time.time() - began))
    sys.exit(0 if total and ran and not bad else 1)


main()
