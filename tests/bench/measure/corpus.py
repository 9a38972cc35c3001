"""Seeded messages: the same seed gives the same bytes on every machine."""
import random

WORDS = ("the mail of twenty years lies here and nobody wants to lose a line of it From time to time a "
         "sentence begins like a postmark or with a dot and must come back as it was").split()
LINES = [" ".join(WORDS[(i * 7 + j) % len(WORDS)] for j in range(11)) for i in range(64)]
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def body(choice, size):
    """Text for small messages; for big ones base64, as attachments are. A few From_ and dot lines."""
    lines, left = [], size
    encoded = ["".join(choice.choices(BASE64, k=76)) for _ in range(16)] if size > 20_000 else None
    while left > 0:
        draw = choice.random()
        if encoded:
            line = choice.choice(encoded)
        elif draw < 0.01:
            line = "From here on it is prose"
        elif draw < 0.02:
            line = ". a dot"
        else:
            line = choice.choice(LINES)
        lines.append(line)
        left -= len(line) + 2
    return "\n".join(lines)


def message(number, size, choice):
    head = ("Return-Path: <sender%d@example.org>\n"
            "Received: from a.example.org by b.example.org; Tue, 3 Mar 2026 10:%02d:%02d +0100\n"
            "From: Sender %d <sender%d@example.org>\nTo: me@example.com\nSubject: message %d\n"
            "Message-ID: <%d.%08x@example.org>\nDate: Tue, 3 Mar 2026 10:00:00 +0100\n\n"
            % (number, number // 60 % 60, number % 60, number, number, number, number, choice.getrandbits(32)))
    return (head + body(choice, max(1, size - len(head)))).encode() + b"\n"


def small(choice):
    return [choice.randint(3000, 5200) for _ in range(1000)]


def mixed(choice):
    """Log-normal, 1 KiB to 5 MiB, about 400 MiB in all."""
    sizes = [min(5 << 20, max(1024, int(choice.lognormvariate(9.6, 1.72)))) for _ in range(5000)]
    scale = (400 << 20) / sum(sizes)
    return [min(5 << 20, max(1024, int(size * scale))) for size in sizes]


def huge(choice):
    return [4096] * 10 + [300 << 20] + [4096] * 10


def many(choice):
    return [1024] * 100_000


def few(choice):
    return [choice.randint(3000, 5200) for _ in range(100)]


CORPORA = {"small": small, "mixed": mixed, "huge": huge, "many": many, "few": few}


def messages(name, seed):
    choice = random.Random("%s %d" % (name, seed))
    for number, size in enumerate(CORPORA[name](choice), 1):
        yield message(number, size, choice)


def tiny(count):
    """As many small messages as one wants, made quickly."""
    for number in range(count):
        yield b"From: a@example.org\nMessage-ID: <tiny.%d@example.org>\n\nA line.\n" % number
