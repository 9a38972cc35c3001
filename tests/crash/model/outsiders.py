"""What people and other programs do to an archive between two runs, or to its mbox in the midst of one."""
from collections.abc import Callable
from dataclasses import dataclass

from . import mbox
from .ledger import State
from .server import Mail
from .world import MBOX

FOREIGN = Mail("foreign", b"procmail\n")


class Backup:
    """The archive as it was before the run that the faults strike."""

    def __init__(self, world):
        self.ledger = world.ledger.visible
        file = world.mbox()
        self.mbox = bytes(file.cache) if file else None


def ledger_old(world, backup):
    world.ledger.restore(backup.ledger)


def ledger_lost(world, backup):
    """The next run builds it again: with no size, all bytes are new, and every message unclaimed."""
    state = State()
    file = world.mbox()
    if file and not world.rules.rebuild_lost_ledger:
        state.size, state.inode = len(file.cache), file.inode
        state.edges = mbox.edges(file.cache, state.size)
    world.ledger.restore(state)


def mbox_old(world, backup):
    """Copied back without a sync, as people do."""
    if backup.mbox is None:
        world.disk.names.pop(MBOX, None)
    else:
        world.disk.create(MBOX).write(0, backup.mbox)


def both_old(world, backup):
    ledger_old(world, backup)
    mbox_old(world, backup)


def mbox_gone(world, backup):
    world.disk.names.pop(MBOX, None)


def other_appends(world, backup):
    file = world.mbox() or world.disk.create(MBOX)
    if not mbox.closed(file.cache):
        file.write(len(file.cache), b"\n\n")
    other_appends_blindly(world, backup)


def other_appends_blindly(world, backup):
    """Without a look at how the file ends."""
    file = world.mbox() or world.disk.create(MBOX)
    file.write(len(file.cache), mbox.postmark("procmail") + FOREIGN.content + b"\n")
    world.foreign.append(FOREIGN)
    file.sync()
    world.disk.sync_folder()


def reader_deletes_first(world, backup):
    rewrite_first(world, lambda first: b"")


def reader_swaps_first(world, backup):
    """Another message of the same size in its place: the file's size tells nothing."""
    rewrite_first(world, lambda first: b"From swap\n" + b"s" * (len(first) - 12) + b"\n\n")


def rewrite_first(world, change):
    file = world.mbox()
    starts = list(mbox.postmarks(file.cache, 0)) if file else []
    if len(starts) > 1 and starts[0] == 0:
        content = bytes(file.cache)
        content = change(content[:starts[1]]) + content[starts[1]:]
        file.truncate(0)
        file.write(0, content)
        file.sync()


def act(world, deed, backup):
    deed(world, backup)
    world.outsiders.append(deed.__name__)
    world.unsettled = True


@dataclass(frozen=True)
class Visit:
    deed: Callable
    meanwhile: bool  # while the first run waits for the network; else behind it


AT_THE_MBOX = [mbox_old, mbox_gone, other_appends, other_appends_blindly, reader_deletes_first, reader_swaps_first]
ALL = ([Visit(deed, False) for deed in [ledger_old, ledger_lost, both_old, *AT_THE_MBOX]] +
       [Visit(deed, True) for deed in AT_THE_MBOX])
