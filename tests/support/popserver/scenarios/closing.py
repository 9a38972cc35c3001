"""Rows 25 to 27 and 30: QUIT, DELE, dropped connections, Gmail."""

from ..behaviour import Behaviour, Rule
from .scenario import Scenario

QUITS = {
    "no-reply": ("never answers QUIT", Rule("QUIT", reply=b"", acts=True, then="stall")),
    "slow": ("answers QUIT after a second", Rule("QUIT", delay=1)),
    "err": ("answers QUIT with -ERR and deletes nothing", Rule("QUIT", reply=b"-ERR some messages not removed\r\n")),
    "err-done": ("answers QUIT with -ERR though it deleted", Rule("QUIT", reply=b"-ERR oops\r\n", acts=True)),
    "err-then-ok": ("answers QUIT with -ERR and then +OK (qmail)",
                    Rule("QUIT", reply=b"-ERR unable to unlink all deleted messages\r\n+OK\r\n")),
    "close": ("closes at QUIT without reply, nothing deleted", Rule("QUIT", reply=b"", then="close")),
    "close-done": ("closes at QUIT without reply, all deleted", Rule("QUIT", reply=b"", acts=True, then="close")),
    "reset-after-ok": ("answers QUIT and resets", Rule("QUIT", then="reset")),
    "reset": ("resets at QUIT", Rule("QUIT", reply=b"", then="reset")),
}
ANSWERED = ("slow", "reset-after-ok")
DROP = "drops the connection "

ROWS = [
    Scenario("D25-quit-" + name, does, Behaviour(rules=(rule,)), silent=True, exits_deleting=None if name in ANSWERED else (75,))
    for name, (does, rule) in QUITS.items()
] + [
    Scenario("D26-dele-refused", "refuses DELE 2", Behaviour(rules=(Rule("DELE", message=2, reply=b"-ERR no\r\n"),)),
             exits_deleting=(75,), silent=True, kept=(2,), new_in_second=0),
    Scenario("D26-dele-answered-twice", "answers DELE 2 with +OK twice, and QUIT with -ERR", exits=(75,), kept=(1, 2, 3, 4, 5), said=(("cut short",),), behaviour=Behaviour(
        rules=(Rule("DELE", message=2, after=b"+OK\r\n"), Rule("QUIT", reply=b"-ERR some messages not removed\r\n"))),
        modes=("delete",)),
    Scenario("D26-dele-all-refused", "refuses every DELE", Behaviour(rules=(Rule("DELE", reply=b"-ERR no\r\n"),)),
             exits_deleting=(75,), silent=True, kept=(1, 2, 3, 4, 5), new_in_second=0),
    Scenario("D26-dele-ignored", "answers DELE with +OK and lists the message again (Gmail)",
             Behaviour(dele="ignored"), both=True, new_in_second=0),
    Scenario("D26-dele-at-once", "deletes at DELE, without QUIT", Behaviour(dele="at-once")),
    Scenario("D26-dele-at-once-then-drop", "deletes at DELE and drops the connection at the third",
             Behaviour(dele="at-once", rules=(Rule("DELE", message=3, then="close"),)), exits_deleting=(75,), silent=True),
    Scenario("D26-dele-at-once-cut", "deletes at once; the connection ends at QUIT",
             Behaviour(dele="at-once", rules=(Rule("QUIT", reply=b"", then="close"),)), exits_deleting=(75,), silent=True),
    Scenario("D27-drops-after-uidl", DROP + "after UIDL, once",
             Behaviour(pipelining=False, rules=(Rule("UIDL", times=1, then="close"),))),
    Scenario("D27-drops-before-retr", DROP + "instead of answering RETR 3, once",
             Behaviour(rules=(Rule("RETR", message=3, times=1, reply=b"", then="close"),))),
    Scenario("D27-drops-between", DROP + "after message 3, once; the next session numbers anew",
             Behaviour(rotate=True, rules=(Rule("RETR", message=3, times=1, then="close"),))),
    Scenario("D27-inactivity", "says `-ERR Disconnected for inactivity.` instead of message 3, once",
             Behaviour(rotate=True, rules=(Rule("RETR", message=3, times=1,
                       reply=b"-ERR Disconnected for inactivity.\r\n", then="close"),))),
    Scenario("D27-farewell", "says `-ERR See you.` instead of message 3, once, and closes",
             Behaviour(rotate=True, rules=(Rule("RETR", message=3, times=1, reply=b"-ERR See you.\r\n", then="close"),))),
    Scenario("D27-shutting-down", "says `-ERR [SYS/TEMP] Server shutting down.` after message 2, once, and closes",
             Behaviour(rotate=True, rules=(Rule("RETR", message=2, times=1,
                       after=b"-ERR [SYS/TEMP] Server shutting down.\r\n", then="close"),))),
    Scenario("D27-drops-at-dele", DROP + "at the first DELE; the next session numbers anew",
             Behaviour(rotate=True, rules=(Rule("DELE", times=1, reply=b"", then="close"),)), exits_deleting=(75,), silent=True),
    Scenario("D27-shifted-numbers", "numbers the messages anew in every session", Behaviour(rotate=True),
             both=True, new_in_second=0),
    Scenario("D30-gmail", "shows two messages a session, hides retrieved ones after QUIT, ignores DELE",
             Behaviour(show=2, hide_retrieved=True, dele="ignored", pipelining=False,
                       extra=(b"EXPIRE 0", b"LOGIN-DELAY 0")), archived=(1, 2), new_in_second=5),
    Scenario("D30-gmail-drain", "the same, fetched with --drain",
             Behaviour(show=2, hide_retrieved=True, dele="ignored", pipelining=False), extra_args=("--drain",)),
]
