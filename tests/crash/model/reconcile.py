"""Before an append or a DELE: what do the bytes say, and what does the ledger say of them?"""
from . import invariants, mbox
from .faults import Failed
from .ledger import Row


def reconcile(world):
    rules, state = world.rules, world.ledger.visible
    file = world.mbox()
    prepared = state.in_state("prepared")
    size = len(file.cache) if file else 0
    unchanged = size == state.size and (
        not rules.check_edges or size == 0 or
        (file.inode == state.inode and mbox.edges(file.cache, size) == state.edges))
    if unchanged and not prepared:
        return
    if file is None:
        world.commit(file_gone(state))
        return
    if rules.look_afresh:
        # What the cache shows may not be on the device (a sync that failed), nor the name. Now it is, or
        # the scan below sees what is there instead.
        world.sync(file)
        world.sync_folder()
        world.read_from_device(file)
    if len(file.cache) < state.size:
        shorter(world, file)
    elif not rules.check_edges or mbox.edges(file.cache, state.size) == state.edges:
        longer(world, file, prepared)
    else:
        changed(world, file)


def file_gone(state):
    after = state.copy()
    after.rows = [row.become(state="missing", refetch=row.refetch)
                  for row in state.rows if row.state in ("archived", "missing")]
    after.size, after.inode, after.edges = 0, 0, (b"", b"")
    return after


def longer(world, file, prepared):
    """The committed part is intact. Behind it stand our own unfinished append, or others' messages."""
    rules, state = world.rules, world.ledger.visible.copy()
    kept = [row for row in state.rows if row.state != "prepared"]
    begin = prepared[0].start if prepared and prepared[0].start >= state.size else state.size
    position = state.size

    adopted = []
    for row in prepared if begin == state.size else []:
        stands = world.holds(file.cache, row) if rules.verify_prepared else row.end <= len(file.cache)
        if not stands:
            break
        adopted.append(row)
    if adopted:
        adopt(world, file, adopted)
        position = adopted[-1].end
        uids = {row.uid for row in adopted}
        kept = [row for row in kept if not (row.state == "missing" and row.uid in uids)]

    settle_rest(world, file, position, prepared[len(adopted):])
    found = look_for_messages(world, file, position)
    if prepared and rules.sync_the_cut and not adopted and not found:
        # An earlier run may have cut without syncing: once its rows are gone nothing would explain the
        # bytes, should a power cut bring them back.
        world.sync(file)
    state.rows = kept + [row.become(state="archived") for row in adopted] + found
    commit_place(world, file, state)


def adopt(world, file, rows):
    rules, start = world.rules, rows[0].start
    expected = b"".join(map(mbox.stored, rows))
    if rules.rewrite_adopted:
        world.write(file, start, expected)
        world.sync(file)
    if rules.sync_folder:
        world.sync_folder()
    if rules.read_back_adopted and world.read_from_device(file)[start:rows[-1].end] != expected:
        raise Failed("read back of adopted messages: not what was written")


def settle_rest(world, file, position, rest):
    """Nobody else's byte may be in what is cut: it lies inside our extent, begins as our next message or
    with zeroes, and holds no postmark but those we meant to write, wherever in a line."""
    piece = bytes(file.cache[position:])
    if not world.rules.cut_torn or not piece or not rest or rest[0].start != position:
        return
    foreign = mbox.foreign_postmark(file.cache, position, {row.start for row in rest})
    # Zeroes may begin in the middle of the postmark: a block ends where it likes.
    head = piece[:min(len(rest[0].postmark), foreign - position)].split(b"\0")[0]
    if not rest[0].postmark.startswith(head):
        return
    alone = foreign == len(file.cache) <= rest[-1].end
    if alone or not world.rules.cut_only_our_own:
        cut(world, file, position)
    elif world.rules.part_from_torn and foreign < len(file.cache):
        # Who delivers doesn't look at how the file ends, and a message begins behind an empty line.
        breaks = b"\n\n"[:foreign - position]
        world.write(file, foreign - len(breaks), breaks)
        world.sync(file)


def cut(world, file, position):
    piece = bytes(file.cache[position:])
    if world.rules.set_torn_aside:
        world.torn += 1
        aside = world.create("torn/%d" % world.torn)
        world.write(aside, 0, piece)
        world.sync(aside)
        world.sync_folder()
    invariants.at_a_cut(world, piece)
    world.truncate(file, position)
    world.sync(file)


def look_for_messages(world, file, position):
    rules = world.rules
    end = mbox.torn_from(file.cache, position) if rules.torn_postmark_ends_a_message else len(file.cache)
    if rules.close_open_tail and not mbox.closed(file.cache[:end]):
        # A torn foreign message: ours must begin behind an empty line.
        close(world, file)
        end = len(file.cache)
    return [Row("unclaimed", None, start, line, body)
            for start, line, body, whole in mbox.scan(file.cache[:end], position, rules.zeroes_end_a_message)]


def close(world, file):
    world.write(file, len(file.cache), mbox.missing_line_breaks(file.cache))
    world.sync(file)
    if not mbox.closed(world.read_from_device(file)):
        raise Failed("read back of an empty line: not what was written")


def shorter(world, file):
    """Somebody put an older copy back. What fell off the end is fetched again if it is still listed."""
    state, rules = world.ledger.visible.copy(), world.rules
    rows, position = [], 0
    for row in state.in_state("archived", "unclaimed"):
        if world.holds(file.cache, row):
            rows.append(row)
            position = max(position, row.end)
        elif row.state == "archived":
            if row.end <= len(file.cache):
                return changed(world, file)
            lost = row.become(state="missing", refetch=True)
            rows.append(lost if rules.shorter_is_missing else row)
    rows += state.in_state("missing")
    state.rows = rows + look_for_messages(world, file, position)
    commit_place(world, file, state)


def changed(world, file):
    """Edited or replaced: everything is found again by its content, one to one."""
    state = world.ledger.visible.copy()
    standing = look_for_messages(world, file, 0)
    rows = []
    for row in state.rows:
        match = next((s for s in standing if row.state != "missing" and s.content == row.content), None)
        if match:
            standing.remove(match)
            after = "archived" if row.state == "prepared" else row.state
            rows.append(row.become(state=after, start=match.start, postmark=match.postmark))
        elif row.state in ("archived", "missing"):
            rows.append(row.become(state="missing"))
    state.rows = rows + standing
    commit_place(world, file, state)


def commit_place(world, file, state):
    state.size, state.inode = len(file.cache), file.inode
    state.edges = mbox.edges(file.cache, state.size)
    world.commit(state)
