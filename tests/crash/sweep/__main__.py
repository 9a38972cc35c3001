"""Kills and errors at the system calls of the real program. Ends with 1 if anything was lost, doubled,
damaged or deleted too early, or if a sweep struck nothing."""
import argparse
import functools
import os
import shutil
import signal
import sys

from . import mounts, report, strikes, sweeps, workload
from .place import PROGRAM

SAMPLE = {"kill": 70, "errors": 90, "recovery": 30, "recovery-errors": 20, "pairs": 15, "full-disk": 20}
SWEEPS = {"kill": sweeps.kills, "errors": sweeps.errors, "recovery": sweeps.recovery,
          "recovery-errors": sweeps.recovery_errors, "full-disk": sweeps.full_disk,
          "ext4": functools.partial(sweeps.power_cuts, "ext4"), "xfs": functools.partial(sweeps.power_cuts, "xfs")}
NEEDS = {"full-disk": mounts.why_not, "ext4": lambda: mounts.why_no_loop("ext4"), "xfs": lambda: mounts.why_no_loop("xfs")}


def main():
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--sample", action="store_true", help="a minute and a half, drawn by --seed (the default)")
    size.add_argument("--full", action="store_true", help="every point")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2 * os.cpu_count(), help="cases at a time; they mostly wait for strace")
    parser.add_argument("--only", choices=[*SAMPLE, "ext4", "xfs"],
                        help="one sweep; ext4 and xfs are real power cuts, otherwise part of --full only")
    parser.add_argument("--call", help="only faults at this system call, all of them")
    parser.add_argument("--workload", choices=[load.name for load in workload.ALL])
    parser.add_argument("--first", action="store_true", help="end at the first bad case")
    parser.add_argument("--show", type=int, default=10, help="bad cases told in words")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))  # so that what is mounted is unmounted
    if not shutil.which("strace"):
        sys.exit("strace is not installed: nothing can be proven")
    if not os.access(PROGRAM, os.X_OK):
        sys.exit("no program at %s: build it, or set POPKEEP" % PROGRAM)
    loads = [load for load in workload.ALL if load.name == options.workload] or None
    good = True
    for name in [options.only] if options.only else [*SAMPLE, "ext4", "xfs"] if options.full else SAMPLE:
        lacking = NEEDS.get(name, str)()
        partly = not lacking and name == "full-disk" and mounts.why_no_loop("ext4")
        if lacking or partly:
            # Not every container lets root mount; ../../run counts such lines. Everything at night: there a skip is a
            # failure.
            print("%s: 1 %s skipped: %s" % (name, "sweep" if lacking else "file system", lacking or partly), flush=True)
            good &= not options.full
        if lacking:
            continue
        if name == "pairs":
            cases = sweeps.pairs(1500 if options.full else SAMPLE[name], options.seed)
        else:
            cases = list(SWEEPS[name](loads=loads))
            if name == "errors" and not loads and strikes.without_points(cases):
                print("BLIND  errors: no point at all for %s" % ", ".join(strikes.without_points(cases)), flush=True)
                good = False
            if options.call:
                cases = sweeps.of_call(cases, options.call)
            elif not options.full:
                cases = sweeps.sample(cases, SAMPLE.get(name, 20), options.seed)
        good &= report.sweep(name, cases, options.jobs, options.show, options.first,
                             1 if options.call else 2, 0 if name == "pairs" else -1)
        if options.first and not good:
            break
    sys.exit(0 if good else 1)


main()
