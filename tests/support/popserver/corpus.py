"""Messages to serve: plain ones for scenarios, nasty ones, and as many as wanted."""

HEAD = (b"Return-Path: <anna@example.org>\r\n"
        b"Received: from a.example.org by b.example.org; Tue, 3 Mar 2026 10:00:0%d +0100\r\n"
        b"From: Anna <anna@example.org>\r\nTo: me@example.com\r\n"
        b"Subject: number %d\r\nMessage-ID: <%d.plain@example.org>\r\n\r\n")


def plain(count=5):
    """Small messages that differ, with a dot line and a From_ line in each."""
    return [HEAD % (n % 10, n, n)
            + b"This is message %d.\r\n.dot first\r\nFrom here on\r\n>From there\r\n" % n
            + b"Line %d of the rest.\r\n" % n * (5 + n)
            for n in range(1, count + 1)]


def sized(count, size):
    """`count` messages of `size` octets each."""
    result = []
    for n in range(1, count + 1):
        head = HEAD % (n % 10, n, n)
        filler = (b"%06d abcdefghijklmnopqrstuvwxyz 0123456789 ABCDEFGHIJKLMNOPQRSTUVW\r\n" % n)
        body = filler * ((size - len(head)) // len(filler) + 1)
        result.append((head + body)[: max(size - 2, len(head))] + b"\r\n")
    return result


def nasty():
    """Name and message: everything that has ever broken a mail store."""
    def letter(subject, body):
        return b"From: a@example.org\r\nSubject: " + subject + b"\r\n\r\n" + body

    twin = letter(b"twin", b"the same bytes twice\r\n")
    return [
        ("from-lines", letter(b"from", b"From me\r\n>From me\r\n>>From me\r\nfrom me\r\n From me\r\n>From\r\n")),
        ("dots", letter(b"dots", b".\r\n..\r\n...\r\n.hidden\r\n. \r\nend\r\n")),
        ("lone-double-dot", letter(b"dots", b"..\r\n")),
        ("eight-bit-body", letter(b"8-bit", bytes(range(128, 256)) + b"\r\n")),
        ("eight-bit-header", b"Subject: Gr\xc3\xbc\xc3\x9fe \xff\r\n\r\nbody\r\n"),
        ("nul", letter(b"nul", b"before\0after\r\n\0\r\n")),
        ("bare-cr", letter(b"cr", b"one\rtwo\r \r.\r\rthree\r\n")),
        ("crcrlf", letter(b"crcrlf", b"one\r\r\n\r\r\ntwo\r\r\n")),
        ("very-long-line", letter(b"long", b"x" * 200_000 + b"\r\n")),
        ("empty-body", b"From: a@example.org\r\nSubject: no body\r\n\r\n"),
        ("headers-only", b"From: a@example.org\r\nSubject: no empty line\r\n"),
        ("empty", b""),
        ("one-empty-line", b"\r\n"),
        ("no-header", b"\r\nonly a body, and From nobody\r\nFrom nobody\r\n"),
        ("body-only-from", b"From \r\n"),
        ("from-in-header", b"From someone Tue Mar  3 10:00:00 2026\r\n>From other\r\nSubject: odd\r\n\r\nx\r\n"),
        ("twin-one", twin),
        ("twin-two", twin),
        ("looks-like-mbox", letter(b"mbox", b"\r\nFrom a@b.example Tue Mar  3 10:00:00 2026\r\nSubject: inner\r\n\r\nbody\r\n\r\n")),
        ("blank-end", letter(b"blank", b"text\r\n\r\n\r\n\r\n")),
        ("large", letter(b"large", b"0123456789abcdef" * 4 * 4800 + b"\r\n")),
        ("many-lines", letter(b"lines", b"a line of text, From all sides\r\nFrom within\r\n" * 7000)),
    ]


def messages(name):
    """The messages of a corpus by name."""
    return {"plain": plain, "nasty": lambda: [data for _, data in nasty()]}[name]()
