"""Row 28: PIPELINING that is advertised and doesn't work, or works and isn't advertised."""

from .. import corpus
from ..behaviour import Behaviour, Body, Rule
from .scenario import Scenario

LOST = (Rule("PASS", then="drop-input"),)


def listed_twice(uid):
    """The answer to UIDL comes once more, and those to LIST and RETR late behind it."""
    return {"behaviour": Behaviour(rules=(Rule("UIDL", times=1, reply=b"+OK\r\n1 %s\r\n.\r\n" % uid * 2),
                                          Rule("LIST", times=1, delay=1), Rule("RETR", times=1, delay=1))),
            "messages": lambda: corpus.plain(1), "uids": {1: uid}}


ROWS = [
    Scenario("D28-first-only", "handles only the first command of a segment", Behaviour(pipeline="first-only"),
             patience=60),
    Scenario("D28-interleaved", "answers the next RETR before the terminator of the last (WildDuck)",
             Behaviour(pipeline="interleaved"), patience=60),
    Scenario("D28-disconnects", "disconnects when RETRs are pipelined (o2.pl)", Behaviour(pipeline="disconnects"),
             patience=60),
    Scenario("D28-small-window", "has tiny buffers and never reads while it writes", Behaviour(pipeline="small-window"),
             messages=lambda: [b"A: b\r\n\r\n" + b"line of text %d\r\n" % n * 2000 for n in range(300)],
             patience=60, timeout=30),
    Scenario("D28-uidl-twice", "answers UIDL twice, once", **listed_twice(b"uid-000001")),
    Scenario("D28-uidl-twice-numbers", "the same, and the UID looks like a size", **listed_twice(b"1001")),
    Scenario("D28-not-advertised", "doesn't advertise PIPELINING", Behaviour(pipelining=False), tls=("off", "implicit", "stls")),
    Scenario("D28-lost-behind-login", "reads on behind PASS, and has forgotten that once it signed in",
             Behaviour(rules=LOST), tls=("off", "implicit", "stls"), both=True),
    Scenario("D28-lost-behind-login-courier", "the same, and says that it is Courier", both=True, patience=2.5,
             behaviour=Behaviour(rules=LOST, extra=(b"IMPLEMENTATION Courier Mail Server",))),
    Scenario("D28-damaged-when-pipelined", "sends message 2 cut short when RETRs are pipelined, whole when asked alone",
             Behaviour(bodies={2: Body(raw=b"A: b\r\n\r\nshort\r\n.\r\n", pipelined_only=True)})),
]
