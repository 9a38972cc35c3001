"""Rows 20 to 22 and 24: greetings, capabilities and logins."""

from ..behaviour import Behaviour, Rule
from .scenario import Scenario

MAIL = ("RETR", "DELE", "UIDL", "LIST")
SECRET = ("USER", "PASS", "AUTH", "APOP")
EVERY = (1, 2, 3, 4, 5)


def refused(name, reply, exits, said, then="", coded=True):
    """Nothing is fetched; one attempt is made and no retry storm follows. `coded`: the server
    has AUTH-RESP-CODE, so that a refusal without [AUTH] isn't the password's fault."""
    return Scenario("D20-" + name, "answers PASS with " + (reply.decode().strip() or "nothing")
                    + ("" if coded else ", without AUTH-RESP-CODE"),
                    Behaviour(rules=(Rule("PASS", reply=reply, then=then),), auth_resp_code=coded),
                    exits=exits, archived=(), kept=EVERY, said=said, silent=75 in exits,
                    # Without an answer it may be that only pipelining was too much.
                    sign_ins=1 if reply else 2, never=("RETR", "DELE", "AUTH", "APOP"))


def greeted(name, does, exits, *said, **how):
    return Scenario("D21-greeting-" + name, does, Behaviour(**how), exits=exits, archived=(), said=tuple((words,) for words in said),
                    silent=76 not in exits, kept=EVERY, never=SECRET + MAIL)


def capable(name, does, raw, **more):
    return Scenario("D22-capa-" + name, does, Behaviour(capa={"plain": raw, "tls": raw, "login": raw}), **more)


CAPA = b"+OK\r\nTOP\r\nUIDL\r\nUSER\r\n.\r\n"

ROWS = [
    refused("in-use", b"-ERR [IN-USE] mailbox is locked by another session\r\n", (75,), (("in-use", "in use", "locked"),)),
    refused("login-delay", b"-ERR [LOGIN-DELAY] too soon\r\n", (75,), (("login-delay", "too soon"),)),
    refused("sys-temp", b"-ERR [SYS/TEMP] storage is away\r\n", (75,), (("sys/temp", "storage is away"),)),
    refused("sys-perm", b"-ERR [SYS/PERM] mailbox is broken\r\n", (69,), (("sys/perm", "mailbox is broken"),)),
    refused("auth", b"-ERR [AUTH] invalid credentials\r\n", (77,), (("password", "credentials", "login"),)),
    refused("bare-err", b"-ERR\r\n", (77,), (("password", "credentials", "login"),), coded=False),
    refused("bare-err-not-auth", b"-ERR\r\n", (75,), (("refused", "login", "sign"),)),
    refused("maildrop-locked-text", b"-ERR maildrop already locked\r\n", (75,), (("locked",),)),
    refused("close-without-reply", b"", (75,), (("closed", "connection"),), then="close"),
    refused("reset-without-reply", b"", (75,), (("closed", "connection", "reset"),), then="reset"),
    refused("never-answers", b"", (75,), (("time", "silen", "answer"),), then="stall"),
    refused("escape-text", b"-ERR [AUTH] \x1b[2Jred \x07 alarm\r\n", (77,), (("alarm",),)),
    Scenario("D20-slow-login", "answers PASS after a second", Behaviour(rules=(Rule("PASS", delay=1),))),
    Scenario("D20-user-refused", "answers USER with -ERR", Behaviour(rules=(Rule("USER", reply=b"-ERR no such user\r\n"),), auth_resp_code=False),
             exits=(77,), archived=(), kept=EVERY, said=(("no such user",),), sign_ins=1, never=("RETR", "DELE")),
    Scenario("D20-user-refused-lock-step", "answers USER with -ERR, without pipelining",
             Behaviour(pipelining=False, auth_resp_code=False, rules=(Rule("USER", reply=b"-ERR no such user\r\n"),)),
             exits=(77,), archived=(), kept=EVERY, said=(("no such user",),), never=("PASS", "RETR", "DELE")),
    greeted("err", "greets with -ERR", (69,), "turns us away", "go away", greeting=b"-ERR go away\r\n"),
    greeted("in-use", "greets with -ERR [IN-USE]", (75,), "turns us away", "busy", greeting=b"-ERR [IN-USE] busy\r\n"),
    greeted("login-delay", "greets with -ERR [LOGIN-DELAY]", (75,), "turns us away", "too soon",
            greeting=b"-ERR [LOGIN-DELAY] too soon\r\n"),
    greeted("sys-temp", "greets with -ERR [SYS/TEMP]", (75,), "turns us away", "later", greeting=b"-ERR [SYS/TEMP] later\r\n"),
    greeted("never", "never greets", (75,), "did not answer in time", greeting=None, greeting_then="stall"),
    greeted("closes", "closes without a greeting", (75,), "without a greeting", greeting=None, greeting_then="close"),
    # A reset that is fast enough comes before connect() has ended.
    greeted("resets", "resets without a greeting", (69, 75), greeting=None, greeting_then="reset"),
    greeted("http", "greets like a web server", (76,), "not a POP3 server", greeting=b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n"),
    greeted("smtp", "greets like an SMTP server", (76,), "not a POP3 server", greeting=b"220 mx.example.org ESMTP\r\n"),
    greeted("ssh", "greets like an SSH server", (76,), "not a POP3 server", greeting=b"SSH-2.0-OpenSSH_9.2\r\n"),
    greeted("partial", "sends half a greeting and stalls", (75,), "did not answer in time", greeting=b"+OK hal", greeting_then="stall"),
    greeted("endless-line", "greets with a line of a megabyte and no end", (75,),
            greeting=b"+OK " + b"x" * 1_000_000, greeting_then="stall"),
    Scenario("D21-greeting-100k", "greets with a line of 100 kB", Behaviour(greeting=b"+OK " + b"x" * 100_000 + b"\r\n")),
    Scenario("D21-greeting-nul", "greets with a NUL", Behaviour(greeting=b"+OK re\0ady\r\n")),
    Scenario("D21-greeting-late", "greets after a second", Behaviour(greeting_delay=1)),
    Scenario("D21-greeting-bare", "greets with a bare +OK", Behaviour(greeting=b"+OK\r\n")),
    Scenario("D21-greeting-several-lines", "greets with three lines", Behaviour(greeting=b"+OK one\r\n+OK two\r\n+OK three\r\n")),
    capable("err", "knows no CAPA", None, never=()),
    capable("no-list", "answers CAPA with +OK and no list", b"+OK\r\n", exits=(75,), archived=(), silent=True,
            said=(("stopped answering",),)),
    capable("lower-case", "lists capabilities in lower case", b"+OK\r\ntop\r\nuidl\r\nuser\r\npipelining\r\n.\r\n"),
    capable("dot-line", "has a capability that begins with a dot", b"+OK\r\nTOP\r\n..X-ODD\r\nUIDL\r\nUSER\r\n.\r\n"),
    capable("unstuffed-dot-line", "has an unstuffed capability `.X`", b"+OK\r\nTOP\r\n.X-ODD\r\nUIDL\r\nUSER\r\n.\r\n"),
    capable("omits-user-and-sasl", "lists neither USER nor SASL", b"+OK\r\nTOP\r\nUIDL\r\n.\r\n"),
    capable("empty", "lists nothing", b"+OK\r\n.\r\n"),
    capable("junk", "lists junk", b"+OK\r\n\r\n  \r\nSASL\r\nEXPIRE never ever\r\nLOGIN-DELAY soon\r\n\xff\xfe\r\nUSER\r\nUIDL\r\n.\r\n"),
    capable("endless", "never ends its list", b"+OK\r\n" + b"X-MORE\r\n" * 2_000_000, exits=(75,), archived=(), silent=True,
            patience=60),
    Scenario("D22-capa-changes-after-login", "offers PIPELINING before login and takes it back after",
             Behaviour(capa={"login": CAPA})),
    Scenario("D22-capa-changes-under-tls", "offers PIPELINING in plain text and takes it back under TLS",
             Behaviour(capa={"plain": CAPA.replace(b"USER", b"PIPELINING\r\nSTLS\r\nUSER"), "tls": CAPA, "login": CAPA}),
             tls=("stls",)),
    Scenario("D22-capa-more-after-login", "offers PIPELINING after login only", Behaviour(capa={"plain": CAPA, "tls": CAPA}),
             tls=("off", "implicit")),
    Scenario("D24-apop-unverifiable", "greets with an APOP stamp, and refuses APOP",
             Behaviour(apop=b"<1.2@pop.example.com>", rules=(Rule("APOP", reply=b"-ERR [AUTH] no\r\n"),)), never=("APOP",)),
    Scenario("D24-sasl-plain-disabled", "lists SASL PLAIN and refuses it; USER works", Behaviour(accept_sasl=False), tls=("implicit",)),
    Scenario("D24-two-step-only", "lists PLAIN alone and wants it in two steps", Behaviour(two_step_only=True, user_listed=False),
             tls=("implicit",)),
    Scenario("D24-auth-plain-only", "lists PLAIN and no USER", Behaviour(user_listed=False), tls=("implicit", "stls")),
    Scenario("D24-garbage-continuation", "answers AUTH PLAIN with garbage behind `+ `",
             Behaviour(user_listed=False, rules=(Rule("AUTH", reply=b"+ !!!not base64!!!\r\n"),)), exits=(76,),
             archived=(), kept=EVERY, said=(("AUTH makes no sense",),), tls=("implicit",)),
    Scenario("D24-auth-refused", "lists PLAIN and no USER, and refuses it", Behaviour(user_listed=False, accept_sasl=False),
             exits=(77,), archived=(), kept=EVERY, said=(("mechanism disabled",),), never=("USER", "PASS", "RETR"), tls=("implicit",)),
]
