"""Rows 8, 10, 13 and 29: LIST, UIDL and STAT that lie, lack or never end."""

from ..behaviour import Behaviour, Rule
from .scenario import Scenario, but

NO_UIDL_CAPA = b"+OK\r\nTOP\r\nUSER\r\nPIPELINING\r\n.\r\n"
WITH_UIDL_CAPA = b"+OK\r\nTOP\r\nUSER\r\nUIDL\r\nPIPELINING\r\n.\r\n"

ROWS = [
    Scenario("D08-gaps", "numbers messages 1, 3, 7, 8, 12", Behaviour(numbers=(1, 3, 7, 8, 12))),
    Scenario("D08-unsorted", "lists from the highest number down", Behaviour(order="reversed")),
    Scenario("D08-unsorted-gaps", "lists gapped numbers downwards",
             Behaviour(order="reversed", numbers=(2, 4, 6, 90, 1000))),
    Scenario("D08-repeated-number", "lists number 2 twice with different UIDs",
             Behaviour(uidl_lines={2: b"%d uid-000002\r\n%d other"}), exits=(0, 65, 75, 76), archived=but(2)),
    Scenario("D08-repeated-line", "lists number 2 twice with the same UID",
             Behaviour(uidl_lines={2: b"%d uid-000002\r\n%d uid-000002"}), exits=(0, 65, 75, 76),
             archived=but(2)),
    Scenario("D08-stat-differs", "STAT counts 99 messages", Behaviour(stat=b"+OK 99 1 and more\r\n")),
    Scenario("D10-uid-missing-line", "UIDL leaves out message 2", Behaviour(uidl_lines={2: None}),
             new_in_second=1),
    Scenario("D10-uid-empty", "UIDL gives message 2 an empty UID", Behaviour(uidl_lines={2: b"%d "}),
             new_in_second=1),
    Scenario("D10-uid-no-space", "UIDL gives message 2 a bare number", Behaviour(uidl_lines={2: b"%d"}),
             new_in_second=1),
    Scenario("D10-list-lacks-one", "LIST leaves out message 2", Behaviour(list_lines={2: None}),
             new_in_second=1),
    Scenario("D10-list-refused", "answers LIST with -ERR", Behaviour(rules=(Rule("LIST", reply=b"-ERR no\r\n"),)),
             exits=(0,), new_in_second=5),
    Scenario("D13-no-uidl", "knows no UIDL", Behaviour(uidl=False), new_in_second=5),
    Scenario("D13-no-uidl-lock-step", "knows neither UIDL nor pipelining nor CAPA",
             Behaviour(uidl=False, pipelining=False, capa={"plain": None, "tls": None, "login": None}),
             new_in_second=5),
    Scenario("D13-no-uidl-no-top", "knows neither UIDL nor TOP", Behaviour(uidl=False, top=False),
             new_in_second=5),
    Scenario("D13-uidl-twins-kept", "knows no UIDL and has twins", Behaviour(uidl=False),
             messages=lambda: [b"A: b\r\n\r\nsame\r\n"] * 3, new_in_second=3),
    Scenario("D13-uidl-after-login-only", "advertises UIDL after login only",
             Behaviour(capa={"plain": NO_UIDL_CAPA, "login": WITH_UIDL_CAPA}), new_in_second=0),
    Scenario("D13-uidl-unadvertised", "never advertises UIDL though it works",
             Behaviour(capa={"plain": NO_UIDL_CAPA, "login": NO_UIDL_CAPA}), new_in_second=5),
    Scenario("D13-uidl-without-number", "answers `UIDL n` without the number",
             Behaviour(rules=tuple(Rule("UIDL", message=n, reply=b"+OK uid-%06d\r\n" % n) for n in range(1, 6)))),
    Scenario("D29-million", "lists a million messages", Behaviour(listing="million"), exits=(0, 65, 75, 76),
             archived=(), patience=60, extra_args=("--limit", "3")),
    Scenario("D29-endless-listing", "never ends its listing", Behaviour(listing="endless"),
             exits=(65, 75, 76), archived=(), never=("RETR", "DELE"), patience=60),
    Scenario("D29-huge-number", "lists the number 2^63", Behaviour(uidl_extra=b"9223372036854775808 huge\r\n",
             list_extra=b"9223372036854775808 100\r\n"), exits=(0, 65, 75, 76), archived=()),
    Scenario("D29-overflowing-number", "lists a number of 40 digits", Behaviour(
             uidl_extra=b"1" * 40 + b" huge\r\n"), exits=(0, 65, 75, 76), archived=()),
    Scenario("D29-negative-number", "lists the number -1", Behaviour(uidl_extra=b"-1 minus\r\n"),
             exits=(0, 65, 75, 76), archived=()),
    Scenario("D29-number-zero", "lists the number 0", Behaviour(uidl_extra=b"0 zero\r\n",
             list_extra=b"0 100\r\n"), exits=(0, 65, 75, 76), archived=()),
    Scenario("D29-empty-mailbox", "has no message", messages=lambda: [], never=("RETR", "DELE")),
    Scenario("D29-suddenly-empty", "lists nothing in the second run, everything in the third",
             between="listing-empty-once", new_in_second=0),
]
