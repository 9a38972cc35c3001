"""Plays the histories and prints what they came to; any violation of the protocol, or a rejected variant
that is not caught, ends with 1."""
import argparse
import sys
import time
from dataclasses import replace

from . import outsiders, variants
from .histories import WORKLOADS, histories
from .rules import Rules


def every_history(rules, full):
    """One and two faults without outsiders; with each outsider one fault, in full two."""
    keeps_cache = replace(rules, device_obeys_advice=False)
    for workload in WORKLOADS:
        for plan, world in histories(rules, workload, 2):
            yield workload, plan, world
        for plan, world in histories(keeps_cache, workload, 2 if full else 1):
            yield workload, plan, world
        for visit in outsiders.ALL:
            for plan, world in histories(rules, workload, 2 if full else 1, visit):
                yield workload, plan, world


def few_first(rules):
    """For variants: the cheap histories first, since one violation is enough."""
    for depth in (1, 2):
        for visit in [None] + outsiders.ALL:
            for workload in WORKLOADS:
                for plan, world in histories(rules, workload, depth, visit):
                    yield workload, plan, world


def describe(workload, plan, world):
    events = ["%s at step %d (%s)" % (" ".join(map(str, fault)), number, world.trace[number][0])
              for number, fault in sorted(plan.items())]
    return "%s: %s" % (workload.name, ", then ".join(events + world.outsiders) or "no fault")


def check_protocol(full, show):
    count, faults, bad, began = {0: 0, 1: 0, 2: 0, "outsider": 0}, 0, 0, time.time()
    for workload, plan, world in every_history(Rules(), full):
        count["outsider" if world.outsiders else len(plan)] += 1
        faults += len(plan) + len(world.outsiders)
        if world.violations:
            bad += 1
            if bad <= show:
                print("VIOLATION", describe(workload, plan, world), "->", "; ".join(world.violations))
    total = sum(count.values())
    print("model: %d histories (%d with one fault, %d with two, %d with an outsider), %d faults, "
          "%d violations, %.0f s" % (total, count[1], count[2], count["outsider"], faults, bad,
                                     time.time() - began), flush=True)
    return bad == 0 and all(count.values())


def check_variants(only):
    missed = 0
    for name, rules in variants.rejected():
        if only and only not in name:
            continue
        played = 0
        for workload, plan, world in few_first(rules):
            played += 1
            if world.violations:
                print("caught  %s\n        history %d: %s\n        -> %s" % (
                    name, played, describe(workload, plan, world), world.violations[0]), flush=True)
                break
        else:
            missed += 1
            print("MISSED  %s (%d histories)" % (name, played), flush=True)
    return missed == 0


def main():
    parser = argparse.ArgumentParser(prog="run-model", description=__doc__)
    parser.add_argument("--full", action="store_true", help="two faults with every outsider as well")
    parser.add_argument("--show", type=int, default=20, help="violations printed in words")
    parser.add_argument("--variant", help="only rejected variants whose name has this in it")
    options = parser.parse_args()
    good = options.variant or check_protocol(options.full, options.show)
    caught = check_variants(options.variant)
    sys.exit(0 if good and caught else 1)


main()
