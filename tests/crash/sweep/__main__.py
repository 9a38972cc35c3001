"""Kills and errors at the system calls of the real program. Ends with 1 if anything was lost, doubled,
damaged or deleted too early, or if a sweep struck nothing."""
import argparse
import os
import shutil
import sys

from . import report, sweeps, workload
from .place import PROGRAM

SAMPLE = {"kill": 70, "errors": 90, "recovery": 30, "pairs": 15}


def main():
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--sample", action="store_true", help="about a minute, drawn by --seed (the default)")
    size.add_argument("--full", action="store_true", help="every point")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", choices=SAMPLE, help="one sweep")
    parser.add_argument("--call", help="only faults at this system call, all of them")
    parser.add_argument("--workload", choices=[load.name for load in workload.ALL])
    parser.add_argument("--first", action="store_true", help="end at the first bad case")
    parser.add_argument("--show", type=int, default=10, help="bad cases told in words")
    options = parser.parse_args()
    if not shutil.which("strace"):
        sys.exit("strace is not installed: nothing can be proven")
    if not os.access(PROGRAM, os.X_OK):
        sys.exit("no program at %s: build it, or set POPKEEP" % PROGRAM)
    loads = [load for load in workload.ALL if load.name == options.workload] or None
    good = True
    for name in [options.only] if options.only else SAMPLE:
        if name == "pairs":
            cases = sweeps.pairs(1500 if options.full else SAMPLE[name], options.seed)
        else:
            make = {"kill": sweeps.kills, "errors": sweeps.errors, "recovery": sweeps.recovery}[name]
            cases = make(loads)
            if options.call:
                cases = sweeps.of_call(cases, options.call)
            elif not options.full:
                cases = sweeps.sample(cases, SAMPLE[name], options.seed)
        good &= report.sweep(name, cases, options.jobs, options.show, options.first,
                             1 if options.call else 2)
        if options.first and not good:
            break
    sys.exit(0 if good else 1)


main()
