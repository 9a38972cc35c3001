"""What a server does, as data. Every default is what a good server does."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rule:
    """Another answer to one command. The first rule that fits wins.

    `message` is the message's place in the maildrop, `sessions` the connections and
    `times` how often (over all connections) the rule applies; None means always.
    With `reply` the command has no effect unless `acts`; without it the ordinary answer
    is given. `then`: close | reset | stall | drop-input, or what is said without end: blank-lines |
    seldom-blank-lines | dripping-line | long-lines."""

    verb: str
    message: int | None = None
    sessions: tuple | None = None
    times: int | None = None
    reply: bytes | None = None
    acts: bool = False
    delay: float = 0
    after: bytes = b""
    then: str = ""


@dataclass(frozen=True)
class Body:
    """How the body of one message is sent.

    `cut`: after-status | after-line | mid-line | before-last-lf | mid-terminator: where
    the bytes end; `how`: close (with close_notify under TLS) | no-notify | reset | stall.
    `drip`: seconds between single bytes, behind the first `at_once`. `end` replaces the terminator, `final_newline`
    False leaves out the CRLF before it. `lengths`: so many octets only in the first RETR, in the second, …
    of a session, though the terminator comes; then the whole message. `raw` replaces message and stuffing."""

    cut: str | None = None
    how: str = "close"
    drip: float = 0
    at_once: int = 0
    end: bytes = b".\r\n"
    final_newline: bool = True
    stuff: bool = True
    raw: bytes | None = None
    lengths: tuple = ()
    after: bytes = b""
    sessions: tuple | None = None
    pipelined_only: bool = False


@dataclass(frozen=True)
class Behaviour:
    # Greeting.
    greeting: bytes | None = b"+OK popserver ready\r\n"
    greeting_delay: float = 0
    greeting_then: str = ""
    apop: bytes = b""
    # Capabilities; `capa` maps "plain", "tls" and "login" to whole lists, None is -ERR.
    pipelining: bool = True
    utf8: bool = True
    uidl: bool = True
    top: bool = True
    sasl: tuple = (b"PLAIN",)
    user_listed: bool = True
    auth_resp_code: bool = True  # then a refusal without [AUTH] isn't the password's fault
    extra: tuple = ()
    capa: dict = field(default_factory=dict)
    # Login.
    accept_sasl: bool = True
    two_step_only: bool = False
    token_challenge: bytes | None = None  # the JSON before the refusal of a token
    token_refusal: bytes | None = None  # the line of the refusal; %TOKEN% becomes the token
    stls: str = "good"  # good | absent | refused | inject | garbage
    # Listings; keys are places in the maildrop, `%d` in a line is the session's number.
    uidl_lines: dict = field(default_factory=dict)
    list_lines: dict = field(default_factory=dict)
    sizes: str = "octets"  # octets | lf | rounded
    uidl_extra: bytes = b""
    list_extra: bytes = b""
    listing: str = "whole"  # whole | empty | endless | million
    numbers: tuple | None = None
    order: str = "given"  # given | reversed
    stat: bytes | None = None
    show: int | None = None
    rotate: bool = False
    # Bodies and replies.
    bodies: dict = field(default_factory=dict)
    rules: tuple = ()
    lf: bool = False
    split: str = ""  # "" | bytes | walk
    pipeline: str = "good"  # good | first-only | interleaved | disconnects | small-window
    # Deleting.
    dele: str = "at-quit"  # at-quit | at-once | ignored
    hide_retrieved: bool = False
    # What was retrieved has status fields from the next session on, as mail readers write them (GNU Mailutils).
    mark_retrieved: bool = False
    # The first RETR behind a TOP of the same message brings so many octets only, each further one four times
    # as many as the last (GNU Mailutils 3.15: from its buffer, which grows); 0: the whole message.
    short_after_top: int = 0
    # What providers do beside the protocol: seconds between two logins, and how many messages are given out
    # in all before RETR is refused for the rest of the "day".
    login_delay: float = 0
    daily: int | None = None

    def offers_pipelining(self, state):
        """`state`: plain | tls | login."""
        if state in self.capa:
            return b"PIPELINING" in (self.capa[state] or b"").upper()
        return self.pipelining
