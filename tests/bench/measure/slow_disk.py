"""A disk on which each sync takes longer: it must hide behind the network."""
from . import peers, tools
from .scene import Scene

MBIT = 100
DELAYS = 0, 50, 500


def measure(server, corpus, verdicts):
    at = Scene(server, corpus, rtt=20, mbit=MBIT)
    limit = at.wire()["seconds"]
    print("slow disk: %s; the wire %.3f s" % (at, limit))
    for delay in DELAYS:
        slow = {"LD_PRELOAD": tools.tool("slow_sync"), "SLOW_SYNC_MS": str(delay)}
        spent = at.once(peers.Popkeep, environment=slow)
        print("  each sync %3d ms longer: popkeep %.3f s, %.2f × the wire" % (delay, spent.wall, spent.wall / limit))
        if delay == 50:
            verdicts.at_most("%s, syncs 50 ms longer: times the wire" % at, spent.wall / limit, 1.15)
    print(flush=True)
