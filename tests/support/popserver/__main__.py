"""`python3 -m popserver`: serves until standard input closes."""

import argparse
import ssl
import sys

from . import Behaviour, Maildrop, Server, Transcript, corpus
from .scenarios import SCENARIOS, by_id, table


def arguments():
    parser = argparse.ArgumentParser(prog="popserver", description=__doc__)
    parser.add_argument("--scenario", metavar="ID", help="misbehave as the table says")
    parser.add_argument("--list-scenarios", action="store_true")
    parser.add_argument("--tls", choices=["off", "stls", "implicit"], default="off")
    parser.add_argument("--cert", metavar="PEM")
    parser.add_argument("--key", metavar="PEM")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ipv6", action="store_true")
    parser.add_argument("--user", default="me@example.com")
    parser.add_argument("--password", default="secret pass")
    parser.add_argument("--transcript", metavar="FILE")
    parser.add_argument("--count", type=int, help="that many generated messages")
    parser.add_argument("--size", type=int, default=4096, help="octets of each")
    parser.add_argument("--mbox-corpus", action="store_true", help="the nasty messages")
    parser.add_argument("--no-pipelining", action="store_true")
    parser.add_argument("--apop", metavar="STAMP", default="")
    parser.add_argument("--dele", choices=["at-quit", "at-once", "ignored"])
    return parser.parse_args()


def main():
    options = arguments()
    if options.list_scenarios:
        print(table(SCENARIOS))
        return
    behaviour, drop = Behaviour(), Maildrop(corpus.plain())
    if options.scenario:
        scenario = by_id(options.scenario)
        behaviour, drop = scenario.behaviour, scenario.maildrop()
    if options.count is not None:
        drop = Maildrop(corpus.sized(options.count, options.size))
    elif options.mbox_corpus:
        drop = Maildrop(corpus.messages("nasty"))
    changes = {}
    if options.no_pipelining:
        changes["pipelining"] = False
    if options.apop:
        changes["apop"] = options.apop.encode()
    if options.dele:
        changes["dele"] = options.dele
    behaviour = Behaviour(**{**vars(behaviour), **changes})
    context = None
    if options.tls != "off":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.cert, options.key)
    with Server(drop, behaviour, tls=options.tls, context=context, port=options.port,
                ipv6=options.ipv6, users={options.user: options.password},
                transcript=Transcript(options.transcript)) as server:
        print("port=%d" % server.port, flush=True)
        try:
            sys.stdin.buffer.read()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
