"""Fetches the same mail from a real Dovecot over a link of a given length, with popkeep, its peers, and a bare
client that throws the bytes away: the wire's limit. Prints medians."""
import argparse
import contextlib
import os
import platform
import shutil
import sys

from . import accounts, corpus, growth, peers, scene, slow_disk, tools
from .scene import DELETE, NEW, NOTHING, Scene
from .targets import Verdicts

import dovecot


def arguments():
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--short", action="store_true", help="small corpus, 0 and 100 ms, mpop (the default)")
    size.add_argument("--full", action="store_true", help="all corpora, links and peers")
    parser.add_argument("--part", choices=PARTS, action="append", help="all with --full, else fetch")
    parser.add_argument("--corpus", choices=corpus.CORPORA, action="append")
    parser.add_argument("--rtt", type=int, action="append", metavar="MS")
    parser.add_argument("--tls", action="store_true", help="over TLS alone, at 0 ms")
    parser.add_argument("--mbit", type=int, default=0, help="cap the bandwidth")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--check", action="store_true", help="end with 1 if a target is missed")
    return parser.parse_args()


def chosen_peers(full, corpus_name, rtt):
    """A lock-step peer needs a message a round trip: left to the small corpus, and to one round of a long link."""
    fast = [peers.Popkeep, peers.Mpop]
    if not full or corpus_name in ("many", "huge"):
        return fast
    slow = [peer for peer in peers.ALL if peer not in fast and peer.installed()]
    return fast + [peer for peer in slow if corpus_name == "small" or rtt == 0 and peer is not peers.Curl]


def versions(wanted):
    print("machine: %s, %d cores, Linux %s" % (processor(), os.cpu_count(), platform.release()))
    print("server:  Dovecot %s" % os.popen("dovecot --version").read().split()[0])
    for peer in wanted:
        print("         %s" % peer.version())


def processor():
    with open("/proc/cpuinfo") as file:
        return next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "?")


def show_link(port):
    """The link must not be what is measured."""
    straight = tools.wire(port)
    with tools.link(port, 0) as (through, _):
        linked = tools.wire(through)
    for name, result in (("straight to the server", straight), ("through the link", linked)):
        print("  bare client %-24s %7.1f MB/s" % (name, result["bytes"] / result["seconds"] / 1e6))
    print()


def main():
    options = arguments()
    for need in ("strace", "dovecot", "mpop", "g++"):
        if not shutil.which(need):
            sys.exit("%s is not installed" % need)
    if not os.access(peers.PROGRAM, os.X_OK):
        sys.exit("no program at %s: build it, or set POPKEEP" % peers.PROGRAM)
    verdicts = Verdicts()
    versions([p for p in peers.ALL if p.installed()] if options.full else [peers.Popkeep, peers.Mpop])
    for part in options.part or (PARTS if options.full else ["fetch"]):
        PARTS[part](options, verdicts)
    print("%d targets missed" % verdicts.missed)
    sys.exit(1 if options.check and verdicts.missed else 0)


@contextlib.contextmanager
def server_with(messages, **settings):
    with dovecot.Dovecot(user=peers.USER, password=peers.PASSWORD, settings=settings) as server:
        server.fill(messages)
        if server.filled:
            tools.wire(server.port, "list")  # Dovecot makes its index at the first visit
        yield server


def fetching(options, verdicts):
    for name in options.corpus or (["small", "mixed", "huge", "many"] if options.full else ["small"]):
        with server_with(corpus.messages(name, options.seed)) as server:
            print("\ncorpus %s, seed %d" % (name, options.seed))
            show_link(server.port)
            for rtt in [] if options.tls else options.rtt or ([0, 20, 100] if options.full else [0, 100]):
                compare(Scene(server, name, rtt, options.mbit), options, verdicts)
            if options.tls or options.full and name == "mixed":
                compare(Scene(server, name, tls=True), options, verdicts)


def compare(at, options, verdicts):
    fetched = {}
    for mode in (NEW, NOTHING):
        wanted = chosen_peers(options.full and mode == NEW, at.corpus, at.rtt)
        fetched[mode] = scene.compare(at, wanted, mode, options.repeat)
        verdicts.look(at, mode, fetched[mode])
        print(flush=True)
    if options.full and at.corpus == "small" and at.rtt == 100:
        verdicts.deleting(at, fetched[NEW], scene.compare(at, [peers.Popkeep, peers.Mpop], DELETE, options.repeat))
        print(flush=True)


def disk(options, verdicts):
    with server_with(corpus.messages("mixed", options.seed)) as server:
        slow_disk.measure(server, "mixed", verdicts)


def growing(options, verdicts):
    with server_with(corpus.messages("few", options.seed)) as server:
        growth.fetch_into_grown(server, verdicts, options.repeat)
    growth.listings(server_with, verdicts, options.repeat)


def many_accounts(options, verdicts):
    with server_with([], mail_location="maildir:%h/../homes/%u") as server:
        accounts.measure(server, verdicts)


PARTS = {"fetch": fetching, "disk": disk, "growth": growing, "accounts": many_accounts}

main()
