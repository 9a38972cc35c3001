"""What must hold, and when it is looked at."""
from . import mbox


def durable_mbox(world):
    file = world.disk.durable_names.get("account.mbox")
    return bytes(file.durable) if file else b""


def cached_mbox(world):
    file = world.mbox()
    return bytes(file.cache) if file else b""


def count(content, mail):
    """How often a message stands whole. What lies behind its empty line (zeroes of somebody's torn append)
    doesn't make it less whole."""
    stands = mail.content + b"\n"
    return sum(content.startswith(stands, start + len(line)) for start, line, _, _ in mbox.scan(content, 0))


def lies(world, state=None):
    """Archived rows of the ledger that a power cut would leave, without bytes that it would leave too."""
    views = durable_mbox(world), cached_mbox(world)
    return [row.uid for row in (state or world.ledger.durable).in_state("archived")
            if not all(world.holds(view, row) for view in views)]


def at_every_step(world):
    lying = set(lies(world))
    if world.unsettled:
        world.exempt |= lying | set(lies(world, world.ledger.visible))
        account_losses(world)
        return
    if not world.ledger.fragile:
        world.exempt &= lying  # made good again: from now on it counts again
    for uid in lying - world.exempt:
        world.violate("ledger says archived, the bytes are not durable: " + uid)


def account_losses(world):
    """What an outsider took, or put there without a sync, that the server no longer has: his doing."""
    standing = cached_mbox(world)
    for mail in world.server.deleted:
        owed = sum(m.content == mail.content for m in world.server.ever)
        listed = sum(m.content == mail.content for m in world.server.listing)
        world.lost_by_outsiders[mail.content] = max(0, owed - listed - count(standing, mail))


def at_deletion(world, mail):
    """I1, at the moment when the server forgets the message: a power cut now must not take it."""
    gone = sum(m.content == mail.content for m in world.server.deleted) + 1
    if count(durable_mbox(world), mail) < gone - world.lost_by_outsiders.get(mail.content, 0):
        world.violate("I1: deleted without durable bytes: " + mail.uid)
    if mail.uid not in [row.uid for row in world.ledger.durable.in_state("archived")]:
        world.violate("I1: deleted without a durable row: " + mail.uid)


def at_a_cut(world, piece):
    """Nothing leaves an mbox that isn't kept elsewhere, durably. (It is not read back: the message that it
    is a piece of is still listed.)"""
    if not any(len(file.durable) == len(piece) for name, file in world.disk.durable_names.items()
               if name.startswith("torn/")):
        world.violate("cut without a durable copy")


def at_the_end(world):
    """I2 and order, after healthy runs."""
    standing = durable_mbox(world)
    for mail in {m.content: m for m in world.server.ever}.values():
        owed = sum(m.content == mail.content for m in world.server.ever)
        copies = count(standing, mail)
        if copies > owed or copies < owed - excused(world, mail):
            world.violate("I2: stands %d times instead of %d: %s" % (copies, owed, mail.uid))
    for mail in world.foreign:
        if count(standing, mail) != 1:
            world.violate("another program's message is gone from the mbox")
    # Who dies before reading back leaves what a lying device made of a postmark: it can't be told from another
    # program's bytes, so it is told of and left alone.
    lied = "silent damage" in world.struck and len(world.struck) > 1
    if not world.outsiders and not lied and not parses(world, standing):
        world.violate("bytes in the mbox that no message explains")
    if world.ledger.visible.in_state("prepared"):
        world.violate("prepared rows stay")


def excused(world, mail):
    """How many copies an outsider's deed excuses: those he took that the server no longer has, and those
    that wait for a person (missing in the ledger, still on the server)."""
    waiting = sum(row.state == "missing" and not row.refetch and row.content == mail.content
                  for row in world.ledger.visible.rows)
    listed = sum(m.content == mail.content for m in world.server.listing)
    return world.lost_by_outsiders.get(mail.content, 0) + (min(waiting, listed) if world.outsiders else 0)


def parses(world, content):
    """Every byte belongs to a message that somebody meant to stand there."""
    position = 0
    known = {m.content for m in world.server.ever}
    for start, line, body, whole in mbox.scan(content, 0):
        if start != position or not whole or body not in known:
            return False
        position = start + len(line) + len(body) + 1
    return position == len(content)
