"""A strict reader of mboxrd, written apart from the product: the tests' oracle."""

import pathlib
import re

POSTMARK = re.compile(rb"From \S+ (Mon|Tue|Wed|Thu|Fri|Sat|Sun) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
                      rb" [ 123]\d \d\d:\d\d:\d\d \d{4}")
QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


class Broken(Exception):
    """The file is not a row of whole messages."""


def expected(served):
    """The content that an archive must hold for a message as the server stores it (CRLF,
    unstuffed): the server ends the last line, and every CRLF becomes LF."""
    if served and not served.endswith(b"\r\n"):
        served += b"\r\n"
    return served.replace(b"\r\n", b"\n")


def entries(data):
    """(postmark, content) of each message, in order; raises Broken."""
    if not data:
        return []
    if not data.endswith(b"\n"):
        raise Broken("the file doesn't end with a line end")
    # Postmarks are the only unquoted From_ lines that mboxrd can hold.
    starts = [match.start() for match in re.finditer(rb"^From ", data, re.MULTILINE)]
    if not starts or starts[0] != 0:
        raise Broken("the file doesn't begin with a postmark: %r" % data[:60])
    found = []
    for start, end in zip(starts, starts[1:] + [len(data)]):
        postmark, _, rest = data[start:end].partition(b"\n")
        if not POSTMARK.fullmatch(postmark):
            raise Broken("not a postmark at %d: %r" % (start, postmark[:80]))
        if not rest.endswith(b"\n"):
            raise Broken("no empty line behind the message at %d" % start)
        content = rest[:-1]
        if content and not content.endswith(b"\n"):
            raise Broken("the last line of the message at %d has no end" % start)
        found.append((postmark, QUOTED.sub(rb"\1", content)))
    return found


def parse(data):
    return [content for _, content in entries(data)]


def read(path):
    return parse(pathlib.Path(path).read_bytes())


def files(folder):
    """The mbox files of an archive directory, in the order of their names."""
    folder = pathlib.Path(folder)
    return [path for path in sorted(folder.rglob("*.mbox")) if ".popkeep" not in path.relative_to(folder).parts]


def archive(folder):
    """The contents of all mbox files of an archive directory."""
    return [content for path in files(folder) for content in read(path)]
