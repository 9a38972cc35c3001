"""One measured run: a mode, a corpus, a link, a program."""
import contextlib
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile

from . import tools

SYNCS = "fsync,fdatasync,sync_file_range,msync,sync,syncfs"
NEW, NOTHING, DELETE = "new mail", "nothing new", "new and delete"


class PeerFailed(Exception):
    """A program did not bring what it should: its figures would say nothing."""


class Scene:
    """A corpus on a server, seen over a link of some round-trip time."""

    def __init__(self, server, corpus, rtt=0, mbit=0, tls=False):
        self.server, self.corpus, self.rtt, self.mbit, self.tls = server, corpus, rtt, mbit, tls
        self.octets = sum(path.stat().st_size for path in server.inbox.rglob("*") if path.is_file()
                          and path.parent.name in ("new", "cur"))

    def __str__(self):
        return "%s, %d ms%s%s" % (self.corpus, self.rtt, ", %d Mbit/s" % self.mbit if self.mbit else "",
                                  ", TLS" if self.tls else "")

    @property
    def server_port(self):
        return self.server.tls_port if self.tls else self.server.port

    @contextlib.contextmanager
    def road(self, mode):
        """The port to connect to, and the link's process. Where nothing but speed is to be seen there is no link: on
        two cores it would take the time of those that are measured."""
        if self.rtt or self.mbit or mode == NOTHING:
            with tools.link(self.server_port, self.rtt, self.mbit) as (port, process):
                yield port, process
        else:
            yield self.server_port, None

    def wire(self, mode=NEW):
        words = ["list"] * (mode == NOTHING) + ["tls"] * self.tls
        with self.road(mode) as (port, _):
            return tools.wire(port, *words)

    def once(self, peer_class, mode=NEW, through=(), environment=None):
        """Fetches into a fresh folder; without news what is measured is the second fetch. `through` stands
        before the command (strace). Returns what was spent, and the turns."""
        folder = tempfile.mkdtemp(prefix="popkeep-bench-", dir=os.environ.get("POPKEEP_BENCH_FOLDER"))
        environment = {"HOME": folder, "PATH": os.environ["PATH"], "LANG": "C.UTF-8", **(environment or {})}
        try:
            peer = peer_class(folder, tls_ca=self.server.ca if self.tls else None, delete=mode == DELETE)
            if mode == NOTHING:  # not over the link: only the second run is measured
                peer.prepare(self.server_port)
                self._expect(peer, tools.spend(peer.command(self.server_port), environment, folder))
            with self.road(mode) as (port, process):
                peer.prepare(port)
                spent = tools.spend([*through, *peer.command(port)], environment, folder)
                self._expect(peer, spent)
                spent.turns = tools.turns_of(process) if process else None
            return spent
        finally:
            shutil.rmtree(folder, True)

    def _expect(self, peer, spent):
        if spent.code not in (0, 1 if peer.name == "fetchmail" else 0):
            raise PeerFailed("ended with %d: %s" % (spent.code, spent.said))
        if peer.name != "curl" and peer.fetched() < self.octets * 0.98:
            raise PeerFailed("brought %d of %d bytes: %s" % (peer.fetched(), self.octets, spent.said))

    def syncs(self, peer_class, mode):
        """Counted in a run of its own, since strace slows what it watches."""
        with tempfile.TemporaryDirectory(prefix="popkeep-bench-") as folder:
            log = pathlib.Path(folder) / "log"
            self.once(peer_class, mode, ["strace", "-f", "-qq", "-o", str(log), "-e", "trace=" + SYNCS])
            return len(re.findall(r"sync\w*\(.*= 0", log.read_text("utf-8", "replace")))


class Maildrop:
    """Puts deleted messages back: a copy of the maildir by hard links."""

    def __init__(self, server):
        self.server, self.copy = server, server.folder / "copy"
        subprocess.run(["cp", "-al", server.inbox, self.copy], check=True)

    def restore(self):
        shutil.rmtree(self.server.inbox)
        subprocess.run(["cp", "-al", self.copy, self.server.inbox], check=True)
        for index in self.server.inbox.glob("dovecot*"):
            index.unlink()
        tools.wire(self.server.port, "list")  # Dovecot makes its index at the first visit


class Row:
    """Medians of one program in one scene."""

    def __init__(self, name, runs, limit, syncs=None):
        self.name, self.limit, self.syncs = name, limit, syncs
        self.wall = statistics.median(run.wall for run in runs)
        self.cpu = statistics.median(run.cpu for run in runs)
        self.rss = max(run.rss for run in runs)
        self.written = statistics.median(run.written for run in runs)
        self.turns = None if runs[0].turns is None else statistics.median(run.turns for run in runs)

    def text(self):
        return "  %-18s %8.3f s %7.2f × %7.2f s %8.1f MiB %8.1f MB %6s %6s" % (
            self.name, self.wall, self.wall / self.limit, self.cpu, self.rss, self.written / 1e6,
            "-" if self.syncs is None else self.syncs, "-" if self.turns is None else round(self.turns))


HEADER = "  %-18s %10s %9s %9s %12s %11s %6s %6s" % ("", "wall", "wire", "CPU", "peak", "written", "syncs", "turns")


def compare(scene, peers, mode, repeats):
    """Rounds of all programs, interleaved, so that a busy moment of the machine hits them alike."""
    drop = Maildrop(scene.server) if mode == DELETE else None
    limits, runs, failed = [], {peer: [] for peer in peers}, {}
    for _ in range(repeats):
        limits.append(scene.wire(mode)["seconds"])
        for peer in [peer for peer in peers if peer not in failed]:
            try:
                runs[peer].append(scene.once(peer, mode))
            except (PeerFailed, subprocess.TimeoutExpired) as error:
                failed[peer] = error
            if drop:
                drop.restore()
    limit = statistics.median(limits)
    print("%s, %s" % (scene, mode))
    print(HEADER)
    print("  %-18s %8.3f s %7.2f ×" % ("(the wire)", limit, 1))
    rows = {}
    for peer in peers:
        if peer in failed:
            print("  %-18s failed: %s" % (peer.name, failed[peer]))
            continue
        syncs = scene.syncs(peer, mode) if peer.pipelines and not drop else None
        rows[peer.name] = Row(peer.name, runs[peer], limit, syncs)
        print(rows[peer.name].text(), flush=True)
    if "popkeep" not in rows:
        raise SystemExit("popkeep failed")
    print()
    return rows
