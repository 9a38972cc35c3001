"""The table of server behaviours: one row each, in files named after their subject."""

from . import bodies, closing, contents, listings, login, pipeline, security, uids
from .scenario import ALL, Scenario

SCENARIOS = sorted(
    bodies.ROWS + contents.ROWS + listings.ROWS + uids.ROWS + login.ROWS + security.ROWS
    + closing.ROWS + pipeline.ROWS,
    key=lambda row: row.id,
)


def by_id(name):
    for row in SCENARIOS:
        if row.id == name:
            return row
    raise SystemExit("no scenario %r; --list-scenarios prints them" % name)


def table(rows):
    """The table as text, for a person to read."""
    lines = []
    for row in rows:
        archived = row.archived if row.archived == ALL else (
            "all but %s" % ",".join(map(str, row.archived[1]))
            if row.archived and row.archived[0] == "but" else ",".join(map(str, row.archived)) or "nothing")
        lines.append("%-34s %s\n%34s  exit %s; archives %s; over %s%s" % (
            row.id, row.does, "", "|".join(map(str, row.exits)), archived, "+".join(row.tls),
            "; never " + ",".join(row.never) if row.never else ""))
    return "\n".join(lines)


__all__ = ["ALL", "SCENARIOS", "Scenario", "by_id", "table"]
