"""One run of `fetch`, as section "Commit" orders it. BATCH messages make a batch."""
from dataclasses import dataclass

from . import mbox
from .faults import Failed
from .ledger import Row
from .reconcile import reconcile
from .world import MBOX

BATCH = 2


@dataclass(frozen=True)
class Put:
    """A batch whose bytes are durable and whose rows are prepared."""
    rows: list
    file: object
    changes: int


def run(world, delete):
    """Returns 0 or why it failed. A run that fails says neither DELE nor QUIT; Died passes through."""
    rules, retrieved = world.rules, []
    try:
        world.open_ledger()
        if choose(world) or rules.reconcile_before_delete:
            reconcile(world)  # before it, nothing is known of the bytes behind the rows
        put = None
        for batch in in_batches(choose(world)):
            try:
                letters = fetch(world, batch, retrieved)
            except Failed:
                finish(world, still(world, put))
                raise
            if put:
                world.others_act()
            letters = claim(world, letters)
            if delete and not rules.delete_after_commit:
                world.quit([mail for mail, _ in letters])
            if letters:
                put = append(world, letters, still(world, put))
        finish(world, still(world, put))
        if delete:
            world.quit(deletable(world))
    except Failed as failure:
        if rules.quit_after_failure and delete:
            try:
                world.quit([mail for mail in retrieved if mail in world.server.listing])
            except Failed:
                pass
        return str(failure)
    return 0


def in_batches(wanted):
    return [wanted[at:at + BATCH] for at in range(0, len(wanted), BATCH)]


def fetch(world, batch, retrieved):
    retrieved += batch
    return [(mail, world.retrieve(mail)) for mail in batch]


def choose(world):
    """What is listed and not known. An archived row is known; a missing one is asked for again only when
    its bytes fell off the end. What is missing from the middle waits for a person."""
    known = {row.uid for row in world.ledger.visible.rows
             if row.state == "archived" or row.state == "missing" and not row.refetch}
    return [mail for mail in world.server.listing if mail.uid not in known]


def deletable(world):
    """Only what stands, by the ledger, after this run's reconcile."""
    archived = {row.uid for row in world.ledger.visible.in_state("archived")}
    return [mail for mail in world.server.listing if mail.uid in archived]


def claim(world, letters):
    """Ties retrieved messages to bytes that stand already (another program's, or ours under a lost
    ledger), one to one. Returns those that have none."""
    state, rest = world.ledger.visible.copy(), []
    for mail, content in letters:
        for at, row in enumerate(state.rows):
            if row.content == content and (row.state == "unclaimed" or
                                           row.state == "archived" and not world.rules.claim_one_to_one):
                state.rows[at] = row.become(state="archived", uid=mail.uid)
                state.rows = [r for r in state.rows if not (r.state == "missing" and r.uid == mail.uid)]
                break
        else:
            rest.append((mail, content))
    if len(rest) < len(letters):
        world.commit(state)
    return rest


def rows_for(letters, start):
    rows = []
    for mail, content in letters:
        rows.append(Row("prepared", mail.uid, start, mbox.postmark(mail.uid), content))
        start = rows[-1].end
    return rows


def append(world, letters, put):
    """Puts letters at the end of the mbox, and commits what was `put` before in the same transaction as it
    prepares these. Returns what is put now."""
    rules = world.rules
    file, made = world.mbox(), False
    if file is None:
        file, made = world.create(MBOX), True
    state = committed(world, put)
    start = state.size
    first_bytes = start == 0 or state.inode != file.inode
    pad = mbox.missing_line_breaks(file.cache[:start]) if rules.close_open_tail else b""
    rows = rows_for(letters, start + len(pad))

    # Prepare.
    if rules.write_intent:
        state.rows += rows
    if rules.write_intent or put:
        commit(world, state, put)

    # Append, make durable, compare. A failure here takes back what was written.
    expected = pad + b"".join(map(mbox.stored, rows))
    try:
        world.write(file, start, expected)
        if rules.sync_content and rules.sync_before_commit:
            world.sync(file)
        if rules.sync_folder and (made or rules.sync_folder_of_found_file and first_bytes):
            world.sync_folder()
        if rules.read_back and world.read_from_device(file)[start:start + len(expected)] != expected:
            raise Failed("read back: not what was written")
    except Failed:
        if rules.truncate_after_failed_append:
            world.truncate(file, start)
        raise
    return Put(rows, file, file.changes)


def still(world, put):
    """What was put, if nobody touched the mbox since; else a reconcile has committed what stands of it."""
    file = world.mbox()
    if not put or not world.rules.look_before_commit or file is put.file and file.changes == put.changes:
        return put
    reconcile(world)
    archived = {row.uid for row in world.ledger.visible.in_state("archived")}
    if not all(row.uid in archived for row in put.rows):
        raise Failed("another program took new messages out of the mbox")
    return None


def finish(world, put):
    if put:
        commit(world, committed(world, put), put)


def committed(world, put):
    """The ledger's state once what was put is archived."""
    state = world.ledger.visible.copy()
    if not put:
        return state
    file, uids = put.file, {row.uid for row in put.rows}
    state.rows = [row for row in state.rows
                  if row.uid not in uids or row.state not in ("prepared", "missing")]
    state.rows += [row.become(state="archived") for row in put.rows]
    state.size, state.inode = put.rows[-1].end, file.inode
    state.edges = mbox.edges(file.cache, state.size)
    return state


def commit(world, state, put):
    """A failure touches nothing, for it may have happened."""
    try:
        world.commit(state)
    except Failed:
        if put and world.rules.truncate_after_failed_commit:
            world.truncate(put.file, put.rows[0].start)
        raise
    if put and world.rules.sync_content and not world.rules.sync_before_commit:
        world.sync(put.file)
