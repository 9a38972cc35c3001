"""What popkeep must reach, as ratios within one run on one machine."""

from .scene import DELETE, NOTHING

WIRE_SLACK = 0.030  # the start of a process, the last durable commit


class Verdicts:
    def __init__(self):
        self.missed = 0

    def at_most(self, what, value, limit, unit=""):
        good = value <= limit
        self.missed += not good
        print("  %-7s %-58s %8.3f%s (at most %.3f)" % ("reached" if good else "MISSED", what, value, unit, limit))

    def look(self, scene, mode, rows):
        own, mpop = rows["popkeep"], rows.get("mpop")
        if mode == DELETE:
            return
        if mode == NOTHING:
            if scene.tls:
                return
            # The connection and its greeting are two round trips, before any command.
            self.at_most("%s: nothing new, round trips from the first packet on" % scene, own.turns + 2, 5)
            if scene.corpus != "many":  # whose listing alone is longer
                self.at_most("%s: nothing new, seconds beyond 5 round trips" % scene,
                             own.wall - 5 * scene.rtt / 1000, 0.080, " s")
            return
        if scene.tls:
            self.at_most("%s: times a bare TLS client" % scene, own.wall / own.limit, 1.3)
            return
        if scene.rtt >= 20:
            self.at_most("%s: times the wire, 30 ms taken off" % scene, (own.wall - WIRE_SLACK) / own.limit, 1.15)
        elif scene.corpus == "mixed":
            self.at_most("%s: times the wire, 30 ms taken off" % scene, (own.wall - WIRE_SLACK) / own.limit, 1.25)
        if mpop and scene.rtt == 0 and scene.corpus in ("small", "mixed"):
            self.at_most("%s: times mpop" % scene, own.wall / mpop.wall, 0.3 if scene.corpus == "small" else 0.4)
        if mpop and scene.corpus == "mixed":
            self.at_most("%s: CPU, times mpop's" % scene, own.cpu / mpop.cpu, 0.45)
        self.at_most("%s: peak memory" % scene, own.rss, 48 if scene.corpus == "many" else 32, " MiB")

    def deleting(self, scene, new_mail, rows):
        beyond = rows["popkeep"].wall - new_mail["popkeep"].wall
        self.at_most("%s: deleting, round trips more than new mail" % scene, beyond / (scene.rtt / 1000), 1.5)
