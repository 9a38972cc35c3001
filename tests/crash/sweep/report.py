"""Plays a sweep's cases and prints what they came to."""
import collections
import concurrent.futures
import time

from .case import play


def results(waiting, pool):
    """In order. Whoever ends the sweep early lets the cases at hand tidy up after themselves, and no more begin."""
    try:
        for future in waiting:
            yield future.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def sweep(name, cases, jobs, show=10, first=False, least_states=2):
    """True if nothing was wrong and there was something to be wrong. `first`: one bad case is enough."""
    began, cases = time.time(), list(cases)
    struck, bad, states, exits = 0, [], set(), collections.Counter()
    unstruck = []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        waiting = [pool.submit(play, *case) for case in cases]
        for outcome in results(waiting, pool):
            struck += outcome.struck
            states.add(outcome.state)
            exits.update(outcome.codes)
            if not outcome.struck:
                unstruck.append(outcome.name)
            if outcome.wrong:
                bad.append(outcome)
                if len(bad) <= show:
                    print("BAD  %s (exits %s)\n     %s" % (outcome.name, outcome.codes,
                                                        "\n     ".join(outcome.wrong)), flush=True)
                if first:
                    break
    print("%s: %d points, %d faults happened, %d points were never reached, %d distinct states, %d bad, %.0f s"
          % (name, len(cases), struck, len(unstruck), len(states), len(bad), time.time() - began), flush=True)
    print("    exits: " + ", ".join("%s %d×" % (code, n) for code, n in sorted(exits.items())), flush=True)
    return not bad and bool(cases) and struck > 0 and len(states) >= least_states
