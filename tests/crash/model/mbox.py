"""The smallest mbox that can tear: postmark, content, empty line."""

EDGE_FRONT, EDGE_BACK = 16, 32


def postmark(name):
    return b"From %s\n" % name.encode()


def stored(row):
    return row.postmark + row.content + b"\n"


def edges(content, size):
    return bytes(content[:min(size, EDGE_FRONT)]), bytes(content[max(0, size - EDGE_BACK):size])


def closed(content):
    """Whether a message may follow at once."""
    return not content or content.endswith(b"\n\n")


def missing_line_breaks(content):
    return b"" if closed(content) else b"\n" if content.endswith(b"\n") else b"\n\n"


def postmarks(content, begin):
    """Offsets from `begin` on at which a message begins."""
    at = begin
    while True:
        at = content.find(b"From ", at)
        if at < 0:
            return
        if at == begin or content[:at].endswith(b"\n\n"):
            yield at
        at += 1


def foreign_postmark(content, begin, own):
    """The first offset at which another program's message may begin, or the end: ours begin at their places,
    and what they hold of postmarks is quoted. In the middle of a line text may say "From " as well; there, one
    word alone behind it stands for the date that is asked for."""
    at = content.find(b"From ", begin)
    while at >= 0:
        before = content[at - 1:at] if at else b"\n"
        line = content[at:].split(b"\n")[0]
        if at not in own and before != b">" and (before == b"\n" or line.count(b" ") == 1):
            return at
        at = content.find(b"From ", at + 1)
    return len(content)


def torn_from(content, begin):
    """Where a power cut left the beginning of a postmark at the end, or the end: no part of the last message,
    and no message yet."""
    line = content.rfind(b"\n") + 1
    begins = line == begin or content[:line].endswith(b"\n\n")
    torn = content[line:].startswith(b"From ") or b"From ".startswith(content[line:])
    return line if begins and torn and line >= begin else len(content)


def scan(content, begin, stop_at_zeroes=True):
    """(start, postmark, content, whole) of each message from `begin` on; what is no message is skipped.
    Zeroes behind an empty line are what a power cut made of somebody's append: they belong to no message."""
    starts = list(postmarks(content, begin))
    for start, end in zip(starts, starts[1:] + [len(content)]):
        piece = bytes(content[start:end])
        line_end = piece.find(b"\n") + 1
        zeroes = piece.find(b"\n\n\0")
        if stop_at_zeroes and zeroes >= 0:
            piece = piece[:zeroes + 2]
        if line_end:
            whole = piece.endswith(b"\n\n")
            body = piece[line_end:-1] if whole else piece[line_end:]
            yield start, piece[:line_end], body, whole
