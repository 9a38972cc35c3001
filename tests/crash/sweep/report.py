"""Plays a sweep's cases and prints what they came to."""
import collections
import concurrent.futures
import time

from .case import play
from .strikes import Tally


def results(waiting, pool):
    """In order. Whoever ends the sweep early lets the cases at hand tidy up after themselves, and no more begin."""
    try:
        for future in waiting:
            yield future.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def sweep(name, cases, jobs, show=10, first=False, least_states=2, decisive=-1):
    """True if nothing was wrong, and what was meant to strike did. `first`: one bad case is enough."""
    began, cases = time.time(), list(cases)
    faults, bad, states, exits, tally = 0, [], set(), collections.Counter(), Tally(decisive)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        waiting = [pool.submit(play, *case) for case in cases]
        for outcome in results(waiting, pool):
            faults += outcome.happened
            tally.add(outcome)
            states.add(outcome.state)
            exits.update(outcome.codes)
            if outcome.wrong:
                bad.append(outcome)
                if len(bad) <= show:
                    print("BAD  %s (exits %s)\n     %s" % (outcome.name, outcome.codes,
                                                        "\n     ".join(outcome.wrong)), flush=True)
                if first:
                    break
    print("%s: %d points, %d faults happened, %d points were missed, %d were meant to be, %d distinct states, %d bad, "
          "%.0f s" % (name, len(cases), faults, len(tally.missed), tally.beyond, len(states), len(bad),
                      time.time() - began), flush=True)
    print("    exits: " + ", ".join("%s %d×" % (code, n) for code, n in sorted(exits.items())))
    print("    happened: %s" % tally, flush=True)
    if tally.filled:
        print("    felt: %s" % tally.shortages(), flush=True)
    # Whoever ends at the first bad case hasn't seen the rest.
    blind = [] if first and bad else tally.complaints()
    for line in blind:
        print("BLIND  %s: %s" % (name, line), flush=True)
    return not bad and not blind and faults > 0 and len(states) >= least_states
