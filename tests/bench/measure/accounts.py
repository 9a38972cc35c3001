"""Many maildrops on one far server, fetched by one command."""
import os
import pathlib
import subprocess
import tempfile
import time

from . import corpus, peers, tools

ACCOUNTS, MESSAGES, RTT = 200, 50, 100
JOBS = 1, 8, 32, 64


def fill(server):
    """Gives the server as many users, each with the same mail."""
    names = ["user%03d" % number for number in range(ACCOUNTS)]
    mail = [message for _, message in zip(range(MESSAGES), corpus.messages("few", 20))]
    for name in names:
        new = server.folder / "homes" / name / "new"
        new.mkdir(parents=True)
        for number, message in enumerate(mail):
            (new / ("%d.M%dP1.host" % (1_700_000_000 + number, number))).write_bytes(message)
    server.give(server.folder / "homes")
    (server.folder / "users").write_text("".join("%s:{PLAIN}%s\n" % (name, peers.PASSWORD) for name in names))
    return names


def configure(folder, names, port):
    path = folder / "popkeep.toml"
    path.write_text('[defaults]\npassword_file = "password"\n' + "".join(
        '[account.%s]\nurl = "pop3://%s@127.0.0.1:%d"\ntls = "off"\narchive = "%s"\n' % (name, name, port, name) for name in names))
    (folder / "password").write_text(peers.PASSWORD + "\n")
    (folder / "password").chmod(0o600)
    for name in names:
        subprocess.run([peers.PROGRAM, "init", folder / name], check=True, stdout=subprocess.DEVNULL)
    return path


def fetch(server, names, jobs):
    with tempfile.TemporaryDirectory(prefix="popkeep-bench-") as folder:
        folder = pathlib.Path(folder)
        with tools.link(server.port, RTT) as (port, _):
            config = configure(folder, names, port)
            spent = tools.spend([peers.PROGRAM, "fetch", "--config", config, "--jobs", str(jobs), "--per-host", str(jobs)],
                                dict(os.environ), folder)
        if spent.code:
            raise SystemExit("popkeep ended with %d: %s" % (spent.code, spent.said))
        return spent


def bare(server, names, jobs):
    """Seconds of as many bare clients at a time: what the server and this machine give."""
    with tools.link(server.port, RTT) as (port, _):
        began = time.monotonic()
        subprocess.run(["xargs", "-P", str(jobs), "-I", "NAME", tools.tool("wire"), str(port), "NAME", peers.PASSWORD],
                       input="\n".join(names), text=True, stdout=subprocess.DEVNULL, check=True)
        return time.monotonic() - began


def measure(server, verdicts):
    names = fill(server)
    fetch(server, names, 64)  # Dovecot makes its indexes at the first visit
    print("%d accounts of %d messages, %d ms" % (ACCOUNTS, MESSAGES, RTT))
    single = max(fetch(server, [name], 1).wall for name in names[:5])
    print("  one account    %.3f s" % single)
    for jobs in JOBS:
        spent = fetch(server, names, jobs)
        print("  --jobs %-8d %.3f s, CPU %.2f s" % (jobs, spent.wall, spent.cpu), flush=True)
    print("  bare clients, %d at a time: %.3f s" % (JOBS[-1], bare(server, names, JOBS[-1])))
    verdicts.at_most("64 jobs: times the slowest of five single accounts × 200/64",
                     spent.wall / (single * ACCOUNTS / JOBS[-1]), 1.3)
    print(flush=True)
