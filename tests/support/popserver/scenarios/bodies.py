"""Rows 1 to 7: the body of a message doesn't come whole, or not at all."""

from .. import corpus
from ..behaviour import Behaviour, Body, Rule
from .scenario import Scenario, but

PLACES = {
    "after-line": "after a full line",
    "mid-line": "in the middle of a line",
    "after-status": "right after +OK",
    "mid-terminator": "after the dot's CRLF and dot, before its CRLF",
    "before-terminator": "after the last line, before the dot",
    "before-last-lf": "between the CR and the LF of the last line",
}
BOTH = ("off", "implicit", "stls")
SECOND = (("uid-000002",), ("could not be had",))


def broken(body):
    return Behaviour(bodies={2: body})


def lost(name, does, body, **more):
    defaults = {"exits": (75,), "archived": but(2), "forbidden": (2,), "kept": (2,), "tls": BOTH, "said": SECOND}
    return Scenario(name, does, **{"behaviour": broken(body), **defaults, **more})


ROWS = [
    lost("D01-cut-" + place, "closes TCP in message 2 " + words, Body(cut=place))
    for place, words in PLACES.items()
] + [
    Scenario("D01-cut-once", "closes in message 2, but only in the first session",
             broken(Body(cut="mid-line", sessions=(1,))), tls=BOTH),
    Scenario("D01-cut-in-two", "closes in the middle of messages 1 and 2, so that two sessions in a row bring nothing",
             Behaviour(bodies={n: Body(cut="mid-line") for n in (1, 2)}), exits=(75,), archived=but(1, 2),
             forbidden=(1, 2), kept=(1, 2), said=(("uid-000001",), ("uid-000002",))),
    Scenario("D01-cut-in-two-lock-step", "does so without pipelining",
             Behaviour(pipelining=False, bodies={n: Body(cut="mid-line") for n in (1, 2)}), exits=(75,),
             archived=but(1, 2), forbidden=(1, 2), kept=(1, 2), said=(("uid-000001",), ("uid-000002",))),
    Scenario("D01-cut-in-every-message", "closes in the middle of every message",
             Behaviour(bodies={n: Body(cut="mid-line") for n in range(1, 6)}),
             exits=(75,), archived=(), forbidden=(1, 2, 3, 4, 5), kept=(1, 2, 3, 4, 5),
             said=tuple(("uid-00000%d" % n,) for n in range(1, 6))),
] + [
    # With close_notify: these are the cuts of row 1 over TLS.
    lost("D02-%s-%s" % (how, place), "%s in message 2 %s" % (words, PLACES[place]), Body(cut=place, how=how),
         tls=(*plain, "implicit", *(("stls",) if place in ("mid-line", "mid-terminator") else ())))
    for how, words, plain in (("no-notify", "closes TCP without close_notify", ()), ("reset", "resets the connection", ("off",)))
    for place in PLACES
] + [
    lost("D03-stall-" + place, "falls silent in message 2 " + PLACES[place], Body(cut=place, how="stall"))
    for place in ("after-line", "mid-line", "after-status", "mid-terminator")
] + [
    lost("D03-drip", "sends message 2 with a byte every tenth of a second, which is too slow to end",
         Body(drip=0.1, raw=b"From: a@example.org\r\n\r\n" + b"x" * 100_000), patience=90,
         tls=("off", "stls")),
    lost("D03-drip-behind-much", "sends most of message 2 at once, then a byte every tenth of a second",
         Body(drip=0.1, at_once=400_000, raw=b"From: a@example.org\r\n\r\n" + b"x" * 500_000),
         tls=("implicit",)),
    Scenario("D03-slow", "sends message 2 slowly, for longer than a silence may last", broken(Body(drip=0.01)),
             tls=("off", "implicit"), modes=("delete",)),
    lost("D03-drip-status", "answers RETR 2 with a status line that drips and never ends", Body(), tls=("off", "implicit"),
         behaviour=Behaviour(rules=(Rule("RETR", message=2, reply=b"+OK ", then="dripping-line"),))),
    Scenario("D03-stall-status", "never answers RETR 2",
        Behaviour(rules=(Rule("RETR", message=2, reply=b"", then="stall"),)),
        exits=(75,), archived=but(2), forbidden=(2,), kept=(2,), tls=BOTH, said=SECOND),
    Scenario("D04-split-bytes", "sends every byte in its own segment", Behaviour(split="bytes"),
             tls=("off", "implicit")),
    Scenario("D04-split-walk", "splits every batch of replies at another position",
             Behaviour(split="walk"), tls=("off", "implicit")),
    Scenario("D04-split-walk-lock-step", "splits every single reply at another position",
             Behaviour(split="walk", pipelining=False)),
    Scenario("D04-split-bytes-nasty", "sends nasty messages byte by byte",
             Behaviour(split="bytes", pipelining=False),
             messages=lambda: [b"", b".\r\n", b"..\r\n.\r\n", b"\r\n", b"A: b\r\n\r\n\r\n.\r\n.x\r\nFrom \r\n\r.\r\n"]),
    Scenario("D04-one-segment", "sends all replies of a flight in one segment"),
] + [
    Scenario("D05-" + name, "answers RETR 2 with " + text.decode(),
             Behaviour(rules=(Rule("RETR", message=2, reply=text + b"\r\n"),)),
             exits=(75,), archived=but(2), kept=(2,), said=SECOND)
    for name, text in (
        ("poisoned", b"-ERR Can't get the letter xtb[301], try again later"),
        ("bare-err", b"-ERR"),
        ("sys-temp", b"-ERR [SYS/TEMP] Server error - Please try again later"),
        ("sys-perm", b"-ERR [SYS/PERM] this message is broken"),
        ("utf8", b"-ERR [UTF8] message needs UTF8"),
    )
] + [
    Scenario("D05-all-poisoned", "refuses every RETR", Behaviour(rules=(Rule("RETR", reply=b"-ERR no\r\n"),)),
             exits=(75,), archived=(), kept=(1, 2, 3, 4, 5), said=tuple(("uid-00000%d" % n,) for n in range(1, 6))),
    Scenario("D05-all-sys-temp", "answers every RETR with -ERR [SYS/TEMP]", messages=lambda: corpus.plain(25),
             behaviour=Behaviour(rules=(Rule("RETR", reply=b"-ERR [SYS/TEMP] storage is away\r\n"),)), exits=(75,), archived=(),
             kept=tuple(range(1, 26)), silent=True, said=(("storage is away",),)),
    Scenario("D05-poisoned-lock-step", "refuses RETR 2, without pipelining",
             Behaviour(pipelining=False, rules=(Rule("RETR", message=2, reply=b"-ERR broken\r\n"),)),
             exits=(75,), archived=but(2), kept=(2,), said=SECOND),
    Scenario("D06-expunged", "message 2 vanished between UIDL and RETR; a second ask disconnects",
             Behaviour(rules=(Rule("RETR", message=2, times=1, reply=b"-ERR Message 2 expunged.\r\n"),
                              Rule("RETR", message=2, reply=b"", then="close"))),
             exits=(75,), archived=but(2), kept=(2,), said=SECOND, between="remove-2"),
    lost("D07-no-newline-before-dot", "ends message 2 without CRLF before the dot (Exchange 2000)",
         Body(final_newline=False), tls=("off", "implicit"), said=SECOND),
    lost("D07-terminator-without-lf", "ends message 2 with dot and CR, no LF (Cyrus 3.4.6)",
         Body(end=b".\r"), tls=("off", "implicit"), said=SECOND),
    lost("D07-no-terminator", "forgets the dot of message 2", Body(end=b""), tls=("off",),
         said=SECOND),
]

__all__ = ["ROWS"]
