"""Nothing may get slower because much is archived or listed already."""
import os
import pathlib
import sqlite3
import statistics
import subprocess
import tempfile

from . import corpus, peers, tools
from .scene import NOTHING, Scene

ARCHIVED = 1_000, 100_000, 1_000_000
LISTED = 1_000, 10_000, 100_000


def message(number):
    return ("From old@example.org Tue Mar  3 10:00:00 2026\nFrom: old@example.org\nMessage-ID: <old.%d@example.org>\n"
            "Subject: message %d of years ago\n\nIt lies here.\n\n" % (number, number)).encode()


def archive_of(count, folder):
    """An archive that holds `count` messages of the account that will be fetched: they are adopted, and the
    ledger then told their UIDs, as fetching them would have."""
    folder.mkdir()
    with open(folder / "old.mbox", "wb") as file:
        for number in range(count):
            file.write(message(number))
    subprocess.run([peers.PROGRAM, "init", folder], check=True, stdout=subprocess.DEVNULL)
    ledger = sqlite3.connect(next((folder / ".popkeep").glob("ledger.db")))
    with ledger:
        ledger.execute("INSERT INTO account (id, identity, name, first_attempt, last_attempt) VALUES (1, ?, ?, 1, 1)",
                       ("%s@127.0.0.1" % peers.USER, "%s@127.0.0.1" % peers.USER))
        ledger.execute("UPDATE message SET account_id = 1, state = 'archived', proof = 'content', list_size = size,"
                       " uid = CAST(printf('%08x%08x', id, 77) AS BLOB)")
    ledger.close()


def grown(base):
    """A program that fetches into a copy of the archive at `base`."""
    class Grown(peers.Popkeep):
        def prepare(self, port):
            if not (self.folder / "archive").exists():
                subprocess.run(["cp", "-a", base, self.folder / "archive"], check=True)
                os.sync()
            super().prepare(port)
    return Grown


def fetch_into_grown(server, verdicts, repeats):
    print("a fetch of 100 messages, 20 ms, into an archive of")
    at = Scene(server, "few", rtt=20)
    with tempfile.TemporaryDirectory(prefix="popkeep-bench-") as folder:
        bases = {count: pathlib.Path(folder) / str(count) for count in ARCHIVED}
        for count, base in bases.items():
            archive_of(count, base)
        runs = {count: [] for count in ARCHIVED}
        for _ in range(repeats):
            for count, base in bases.items():
                runs[count].append(at.once(grown(base)))
        walls = {count: statistics.median(run.wall for run in runs[count]) for count in ARCHIVED}
        for count in ARCHIVED:
            cpu = statistics.median(run.cpu for run in runs[count])
            print("  %9d messages: %.3f s, CPU %.3f s" % (count, walls[count], cpu))
        verdicts.at_most("into 10^6 archived, times into 10^3", walls[ARCHIVED[-1]] / walls[ARCHIVED[0]], 1.1)
        for command in (["verify"], ["verify", "--quick"], ["status"]):
            spent = tools.spend([peers.PROGRAM, *command, bases[100_000]], dict(os.environ), folder)
            print("  %-15s of 100,000 messages: %.3f s, CPU %.3f s, %.1f MiB"
                  % (" ".join(command), spent.wall, spent.cpu, spent.rss))
    print(flush=True)


def listings(server_of, verdicts, repeats):
    print("nothing new, 0 ms, among")
    spent = {}
    for count in LISTED:
        with server_of(corpus.tiny(count)) as server:
            runs = [Scene(server, "tiny").once(peers.Popkeep, NOTHING) for _ in range(repeats)]
            spent[count] = statistics.median(run.cpu for run in runs)
            print("  %7d listed: %.3f s, CPU %.3f s, %.1f MiB" % (
                count, statistics.median(run.wall for run in runs), spent[count], max(run.rss for run in runs)))
            if count == LISTED[-1]:
                verdicts.at_most("100,000 listed, nothing new: peak memory", max(run.rss for run in runs), 48, " MiB")
    verdicts.at_most("100,000 listed: CPU beyond that of 1,000", spent[LISTED[-1]] - spent[LISTED[0]], 0.060, " s")
    print(flush=True)
