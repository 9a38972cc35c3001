"""One run of `fetch`, as section "Commit" orders it. BATCH messages make a batch."""
from . import mbox
from .faults import Failed
from .ledger import Row
from .reconcile import reconcile
from .world import MBOX

BATCH = 2


def run(world, delete, ride=False):
    """Returns 0 or why it failed. A run that fails says neither DELE nor QUIT; Died passes through.
    `ride`: the next batch's Prepare rides in this batch's Commit."""
    rules, retrieved = world.rules, []
    try:
        world.open_ledger()
        if choose(world) or rules.reconcile_before_delete:
            reconcile(world)  # before it, nothing is known of the bytes behind the rows
        batches = in_batches(choose(world))
        letters, prepared = fetch_next(world, batches, retrieved), False
        while letters:
            following = fetch_next(world, batches, retrieved) if ride else []
            if not prepared:
                letters = claim(world, letters)
            if delete and not rules.delete_after_commit:
                world.quit([mail for mail, _ in letters])
            ahead = [] if world.ledger.visible.in_state("unclaimed") else following
            if letters:
                append(world, letters, prepared, ahead)
            prepared = bool(letters and ahead)
            letters = following if ride else fetch_next(world, batches, retrieved)
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


def fetch_next(world, batches, retrieved):
    if not batches:
        return []
    batch = batches.pop(0)
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


def append(world, letters, prepared_ahead, ahead):
    rules = world.rules
    file, made = world.mbox(), False
    if file is None:
        file, made = world.create(MBOX), True
    start = world.ledger.visible.size
    first_bytes = start == 0 or world.ledger.visible.inode != file.inode
    rows = rows_for(letters, start)

    # Prepare: rode with the commit before, or has its own.
    if rules.write_intent and not prepared_ahead:
        state = world.ledger.visible.copy()
        state.rows += rows
        world.commit(state)

    # Append, make durable, compare. A failure here takes back what was written.
    expected = b"".join(map(mbox.stored, rows))
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

    # Commit: a failure touches nothing, for it may have happened.
    state = world.ledger.visible.copy()
    uids = {row.uid for row in rows}
    state.rows = [row for row in state.rows
                  if row.uid not in uids or row.state not in ("prepared", "missing")]
    state.rows += [row.become(state="archived") for row in rows]
    state.size, state.inode = rows[-1].end, file.inode
    state.edges = mbox.edges(file.cache, state.size)
    if ahead:
        state.rows += rows_for(ahead, state.size)
    try:
        world.commit(state)
    except Failed:
        if rules.truncate_after_failed_commit:
            world.truncate(file, start)
        raise
    if rules.sync_content and not rules.sync_before_commit:
        world.sync(file)
