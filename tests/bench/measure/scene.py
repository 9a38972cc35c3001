"""One measured run: a mode, a corpus, a link, a program."""
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile

from . import tools

SYNCS = "fsync,fdatasync,sync_file_range,msync,sync,syncfs"


class Scene:
    """A corpus on a server, seen over a link of some round-trip time."""

    def __init__(self, server, corpus, rtt, mbit=0):
        self.server, self.corpus, self.rtt, self.mbit = server, corpus, rtt, mbit
        self.octets = sum(path.stat().st_size for path in server.inbox.rglob("*") if path.is_file()
                          and path.parent.name in ("new", "cur"))

    def __str__(self):
        return "%s, %d ms%s" % (self.corpus, self.rtt, ", %d Mbit/s" % self.mbit if self.mbit else "")

    def wire(self, *mode):
        with tools.link(self.server.port, self.rtt, self.mbit) as (port, _):
            return tools.wire(port, *mode)

    def once(self, peer_class, again, through=None):
        """Fetches into a fresh folder; with `again` what is measured is the second fetch, without news.
        `through` stands before the command (strace). Returns what was spent, and the turns."""
        folder = tempfile.mkdtemp(prefix="popkeep-bench-", dir=os.environ.get("POPKEEP_BENCH_FOLDER"))
        environment = {"HOME": folder, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        try:
            peer = peer_class(folder)
            if again:  # not over the link: only the second run is measured
                peer.prepare(self.server.port)
                first = tools.spend(peer.command(self.server.port), environment, folder)
                expect(peer, first, self.octets)
            with tools.link(self.server.port, self.rtt, self.mbit) as (port, process):
                peer.prepare(port)
                spent = tools.spend([*(through or []), *peer.command(port)], environment, folder)
                expect(peer, spent, self.octets)
                spent.turns = tools.turns_of(process)
            return spent
        finally:
            shutil.rmtree(folder, True)

    def syncs(self, peer_class, again):
        """Counted in a run of its own, since strace slows what it watches."""
        with tempfile.TemporaryDirectory(prefix="popkeep-bench-") as folder:
            log = pathlib.Path(folder) / "log"
            self.once(peer_class, again, ["strace", "-f", "-qq", "-o", str(log), "-e", "trace=" + SYNCS])
            return len(re.findall(r"sync\w*\(.*= 0", log.read_text("utf-8", "replace")))


def expect(peer, spent, octets):
    """A run that failed or brought too little is no figure."""
    if spent.code not in (0, 1 if peer.name == "fetchmail" else 0):
        raise SystemExit("%s ended with %d: %s" % (peer.name, spent.code, spent.said))
    if peer.name != "curl" and peer.fetched() < octets * 0.98:
        raise SystemExit("%s brought %d of %d bytes: %s" % (peer.name, peer.fetched(), octets, spent.said))


class Row:
    """Medians of one program in one scene."""

    def __init__(self, name, runs, limit, syncs=None):
        self.name, self.limit, self.syncs = name, limit, syncs
        self.wall = statistics.median(run.wall for run in runs)
        self.cpu = statistics.median(run.cpu for run in runs)
        self.rss = max(run.rss for run in runs)
        self.turns = statistics.median(run.turns for run in runs)

    def text(self):
        return "  %-18s %8.3f s %7.2f × %7.2f s %8.1f MiB %6s %6d" % (
            self.name, self.wall, self.wall / self.limit, self.cpu, self.rss,
            "-" if self.syncs is None else self.syncs, self.turns)


HEADER = "  %-18s %10s %9s %9s %12s %6s %6s" % ("", "wall", "wire", "CPU", "peak", "syncs", "turns")


def compare(scene, peers, again, repeats):
    """Rounds of all programs, interleaved, so that a busy moment of the machine hits them alike."""
    limits, runs = [], {peer: [] for peer in peers}
    for _ in range(repeats):
        limits.append(scene.wire(*(["list"] if again else []))["seconds"])
        for peer in peers:
            runs[peer].append(scene.once(peer, again))
    limit = statistics.median(limits)
    print("%s, %s" % (scene, "nothing new" if again else "new mail"))
    print(HEADER)
    print("  %-18s %8.3f s %7.2f ×" % ("(the wire)", limit, 1))
    rows = {}
    for peer in peers:
        row = Row(peer.name, runs[peer], limit, scene.syncs(peer, again) if peer.pipelines else None)
        rows[peer.name] = row
        print(row.text(), flush=True)
    print()
    return rows
