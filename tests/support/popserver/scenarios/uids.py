"""Rows 9, 11 and 12: unique ids that are not unique, not ids, or not lasting."""

from ..behaviour import Behaviour
from .scenario import Scenario


def SAME():
    return [b"A: b\r\n\r\ntwin\r\n"] * 3 + [b"A: c\r\n\r\nother\r\n"]

STRANGE = {
    "71-chars": b"u" * 71, "300-chars": b"u" * 300, "60000-chars": b"u" * 60000,
    "inner-space": b"two words", "tab": b"tab\tinside", "eight-bit": b"\xe4\xf6\xfc\xff",
    "quote": b"it's \"quoted\"; DROP TABLE message;--", "percent": b"%s%n%d%%", "dotdot": b"../../../../tmp/evil",
    "absolute": b"/etc/passwd", "nul": b"nul\0inside", "control": b"esc\x1b[31mred\x07\x08", "dot": b".",
    "utf8": "ключ".encode(), "bare-cr": b"cr\rinside", "only-digits": b"2", "star": b"*",
}

ROWS = [
    Scenario("D09-same-uid-twins", "gives two identical copies one UID", messages=SAME,
             uids={1: b"same", 2: b"same"}, new_in_second=0),
    Scenario("D09-same-uid-three", "gives three identical copies one UID", messages=SAME,
             uids={1: b"same", 2: b"same", 3: b"same"}, new_in_second=0),
    Scenario("D09-same-uid-different-content", "gives two different messages one UID",
             uids={1: b"same", 2: b"same"}, new_in_second=0),
    Scenario("D09-same-uid-for-all", "gives every message the same UID",
             uids={n: b"same" for n in range(1, 6)}, new_in_second=0),
    Scenario("D09-same-uid-no-top", "gives every message the same UID and knows no TOP",
             Behaviour(top=False), uids={n: b"same" for n in range(1, 6)}, new_in_second=5),
] + [
    Scenario("D11-uid-" + name, "the UID of message 2 is strange: " + name.replace("-", " "),
             uids={2: uid}, new_in_second=0)
    for name, uid in STRANGE.items()
] + [
    Scenario("D11-uid-several-spaces", "puts three spaces before the UIDs (Maillennium)",
             Behaviour(uidl_lines={n: b"%%d   uid-%06d" % n for n in range(1, 6)}), new_in_second=0),
    Scenario("D11-uid-tab-separated", "puts a tab before the UID of message 2",
             Behaviour(uidl_lines={2: b"%d\tuid-000002"})),
    Scenario("D11-uids-are-numbers", "uses message numbers as UIDs",
             uids={n: b"%d" % n for n in range(1, 6)}),
    Scenario("D11-uids-are-numbers-of-other-mail", "uses message numbers as UIDs, the next time for other messages of the same sizes",
             uids={n: b"%d" % n for n in range(1, 6)}, between="replace-all", modes=("keep",)),
    Scenario("D11-uids-are-numbers-but-one-of-other-mail", "the same, and UIDL leaves message 3 out",
             Behaviour(uidl_lines={3: b"", 8: b""}), uids={n: b"%d" % n for n in range(1, 6)},
             between="replace-all", both=True, modes=("keep",)),
    Scenario("D12-all-uids-change", "changes all UIDs between two runs (a migration)",
             between="new-uids", new_in_second=0),
    Scenario("D12-all-uids-change-no-top", "changes all UIDs between two runs, and knows no TOP",
             Behaviour(top=False), between="new-uids", both=True, new_in_second=5),
    Scenario("D12-uid-reused", "gives a new message the UID of a deleted one", between="reuse-uid-2"),
    Scenario("D12-uid-reused-same-size", "gives another message of the same size the UID of message 2",
             between="reuse-uid-2-same-size", modes=("delete",)),
    Scenario("D12-uids-differ-in-case", "has UIDs that differ only in case",
             uids={1: b"aBc", 2: b"AbC", 3: b"abc", 4: b"ABC"}, new_in_second=0),
    Scenario("D12-uids-swap-case", "swaps two UIDs that differ only in case between two runs",
             uids={1: b"abc", 2: b"ABC"}, between="swap-1-2"),
]
