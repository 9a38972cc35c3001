"""Rows 14 to 19: sizes, line ends, stuffing, strays and strange contents."""

from ..behaviour import Behaviour, Body, Rule
from ..corpus import HEAD, nasty, sized
from .bodies import SECOND
from .scenario import Scenario, but

SIZES = {"minus-one": b"%d -1", "zero": b"%d 0", "ten-to-the-20": b"%d 100000000000000000000",
         "too-big": b"%d 999999", "too-small": b"%d 7", "missing": b"%d", "text": b"%d many",
         "junk-after": b"%d 333 octets, roughly", "two-to-the-63": b"%d 9223372036854775808"}


def size(name, template):
    return Scenario("D14-size-" + name, "LIST says %r for message 2" % template.decode(),
                    Behaviour(list_lines={2: template}))


def letter(body, number=2):
    return HEAD % (number, number, number) + body


def plain_with(second):
    # The last three are equally long, so that a reply taken for its neighbour's isn't told by size.
    return lambda: [letter(b"first\r\n", 1), second, letter(b"third\r\n", 3), letter(b"forth\r\n", 4),
                    letter(b"fifth\r\n", 5)]


def long_ones():
    return sized(4, 20_000)


BARE = {
    "lf-dot-crlf": letter(b"one\n.\r\ntwo\r\n"),
    "lf-dot-lf": letter(b"one\n.\ntwo\r\n"),
    "cr-dot-cr": letter(b"one\r.\rtwo\r\n"),
    "crcrlf": letter(b"one\r\r\n.x\r\r\n\r\r\ntwo\r\n"),
    "crcrlf-dot": letter(b"one\r\r\n.\r\r\ntwo\r\n"),
    "bare-lf": letter(b"one\ntwo\n\nFrom three\nfour\r\n"),
}

NASTY = dict(nasty())
STRANGE = {
    **{name: data for name, data in NASTY.items() if name not in ("twin-two",)},
    "five-megabyte-line": letter(b"x" * 5_000_000 + b"\r\n"),
    "hundred-thousand-headers": b"X-A: b\r\n" * 100_000 + b"\r\nbody\r\n",
    "only-from-lines": b"From \r\n>>From \r\nFrom x\r\n",
}

ROWS = [size(name, template) for name, template in SIZES.items()] + [
    Scenario("D14-size-lf-counted", "LIST counts a line end as one octet (qmail)", Behaviour(sizes="lf")),
    Scenario("D14-size-lf-counted-lock-step", "LIST counts LF; no pipelining",
             Behaviour(sizes="lf", pipelining=False)),
    Scenario("D14-size-rounded", "LIST rounds up to 1024 (OpenMail)", Behaviour(sizes="rounded")),
    Scenario("D14-extra-blank-line", "sends an empty line more than LIST says (qmail)",
             Behaviour(sizes="lf"), messages=lambda: [letter(b"x\r\n\r\n"), letter(b"y\r\n\r\n")]),
    Scenario("D15-lf-server", "ends all lines with LF alone", Behaviour(lf=True)),
    Scenario("D15-lf-server-lock-step", "ends all lines with LF alone, no pipelining",
             Behaviour(lf=True, pipelining=False)),
] + [
    Scenario("D16-" + name, "CRLF server, message 2 holds " + name.replace("-", " "),
             messages=plain_with(data), tls=("off", "implicit"))
    for name, data in BARE.items()
] + [
    Scenario("D16-%s-lock-step" % name, "the same without pipelining: " + name.replace("-", " "),
             Behaviour(pipelining=False), messages=plain_with(BARE[name]))
    for name in ("lf-dot-crlf", "lf-dot-lf")
] + [
    Scenario("D17-unstuffed-hidden", "forgets to stuff `.hidden` in message 2",
             Behaviour(bodies={2: Body(stuff=False)}), messages=plain_with(letter(b".hidden\r\nend\r\n"))),
    Scenario("D17-unstuffed-lone-dot", "forgets to stuff a lone dot in message 2",
             Behaviour(bodies={2: Body(stuff=False)}), exits=(75,), archived=but(2), forbidden=(2,),
             kept=(2,), said=SECOND, messages=plain_with(letter(b"one\r\n.\r\ntwo\r\n"))),
    Scenario("D17-unstuffed-lone-dot-lock-step", "the same without pipelining",
             Behaviour(pipelining=False, bodies={2: Body(stuff=False)}), exits=(75,), archived=but(2),
             forbidden=(2,), kept=(2,), said=SECOND, messages=plain_with(letter(b"one\r\n.\r\ntwo\r\n"))),
    Scenario("D17-lone-dot-then-ok", "a lone unstuffed dot, behind it lines that look like replies",
             Behaviour(bodies={2: Body(stuff=False)}), exits=(75,), archived=but(2), forbidden=(2,),
             kept=(2,), said=SECOND, messages=plain_with(letter(b"one\r\n.\r\n+OK\r\n+OK deleted\r\n"))),
    Scenario("D18-stray-blank", "sends a blank line behind message 2's dot",
             Behaviour(pipelining=False, bodies={2: Body(after=b"\r\n")})),
    Scenario("D18-blank-lines", "sends blank lines without end instead of message 2",
             Behaviour(rules=(Rule("RETR", message=2, reply=b"", then="blank-lines"),)), exits=(75,), archived=but(2), kept=(2,), said=SECOND),
    Scenario("D18-endless-status", "answers RETR 2 with a line of a megabyte and no end",
             Behaviour(rules=(Rule("RETR", message=2, reply=b"+OK " + b"x" * 1_000_000, then="stall"),)), exits=(75,),
             archived=but(2), kept=(2,), said=SECOND),
    Scenario("D18-stray-ok", "sends a stray +OK behind message 2's dot",
             Behaviour(pipelining=False, bodies={2: Body(after=b"+OK\r\n")}), exits=(75,),
             archived=but(2), kept=(2,), said=SECOND),
    Scenario("D18-stray-ok-last", "sends a stray +OK behind the last message's dot",
             Behaviour(pipelining=False, bodies={5: Body(after=b"+OK\r\n")}), exits=(75,),
             archived=but(5), kept=(5,), said=(("uid-000005",), ("could not be had",))),
    Scenario("D18-stray-ok-pipelined", "the same with pipelining",
             Behaviour(bodies={2: Body(after=b"+OK\r\n")})),
    Scenario("D18-second-copy", "sends message 2 twice (FTGate)",
             Behaviour(pipelining=False, bodies={2: Body(after=b"+OK\r\nA: b\r\n\r\nagain\r\n.\r\n")}),
             exits=(75,), archived=but(2), kept=(2,), said=SECOND),
] + [
    Scenario("D19-" + name, "message 2 is strange: " + name.replace("-", " "), messages=plain_with(data))
    for name, data in STRANGE.items()
] + [
    Scenario("D19-marked-as-read", "writes status fields into what was retrieved (GNU Mailutils)",
             Behaviour(mark_retrieved=True), both=True, new_in_second=5),
    Scenario("D19-marked-as-read-no-top", "the same, and knows no TOP",
             Behaviour(mark_retrieved=True, top=False), both=True, new_in_second=5),
    Scenario("D14-short-behind-top", "cuts a message short when it was asked for by TOP before (GNU Mailutils)",
             Behaviour(mark_retrieved=True, short_after_top=200), both=True, messages=long_ones),
    Scenario("D14-short-behind-top-lock-step", "the same without pipelining",
             Behaviour(mark_retrieved=True, short_after_top=200, pipelining=False), both=True, messages=long_ones),
    Scenario("D14-short-at-first", "cuts message 2 short in the first RETR of a session",
             Behaviour(pipelining=False, bodies={2: Body(lengths=(500,))}), messages=long_ones, both=True),
    Scenario("D14-short-ever-shorter", "cuts message 2 short, differently each time",
             Behaviour(pipelining=False, bodies={2: Body(lengths=(900, 700, 500, 300) * 5)}), messages=long_ones,
             exits=(75,), archived=but(2), kept=(2,), said=(("cut short",),)),
    Scenario("D19-strange-lock-step", "all strange messages, no pipelining", Behaviour(pipelining=False),
             messages="nasty"),
    Scenario("D19-strange-together", "all strange messages in one flight", messages="nasty",
             tls=("off", "implicit", "stls")),
]
