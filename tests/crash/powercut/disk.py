"""What of a prefix of operations is on the device for certain, and what may be."""
import posixpath


class Inode:
    def __init__(self, data=b"", folder=False):
        self.data = bytearray(data)   # on the device for certain
        self.length = len(data)       # as the program sees it
        self.folder = folder
        self.kept = None

    def content(self):
        """The same object until it changes: its hash is then known, and most states differ in few files."""
        if self.kept is None:
            self.kept = bytes(self.data)
        return self.kept


class Pending:
    """One change that no sync has covered yet."""

    def __init__(self, kind, inode=None, offset=0, data=b"", size=0, path="", gone=False, whole=False):
        self.kind, self.inode, self.offset, self.data, self.size = kind, inode, offset, data, size
        self.path, self.gone = path, gone  # a name that appears or goes
        self.whole = whole                 # survives wholly or not at all

    def may_tear(self):
        """Bytes that stand there already can't become others."""
        there = self.inode.data[self.offset:self.offset + len(self.data)]
        return self.kind == "write" and not self.whole and len(self.data) > 1 and there != self.data


class Disk:
    """`ext4`: the journal keeps the order of names, and a file's sync takes its name along. Strict: a name
    needs its folder's sync, and each may survive without the others."""

    def __init__(self, files, ext4):
        self.ext4 = ext4
        self.names = {path: Inode(data) for path, data in files.items()}
        self.durable = dict(self.names)
        self.made = set()  # folders
        self.pending = []

    def apply(self, op):
        if op.kind == "create" and op.path not in self.names:
            self.name(op.path, Inode(), op.whole)
        elif op.kind == "mkdir":
            self.made.add(op.path)
            self.name(op.path, Inode(folder=True))
        elif op.kind in ("write", "truncate") and op.path in self.names:
            inode = self.names[op.path]
            if op.kind == "write":
                offset = inode.length if op.offset < 0 else op.offset
                self.pending.append(Pending("write", inode, offset, op.data, whole=op.whole))
                inode.length = max(inode.length, offset + len(op.data))
            else:
                self.pending.append(Pending("truncate", inode, size=op.size))
                inode.length = op.size
        elif op.kind in ("link", "rename") and op.path in self.names:
            self.name(op.to, self.names[op.path], op.whole)
            if op.kind == "rename":
                self.unname(op.path)
        elif op.kind == "unlink" and op.path in self.names:
            self.unname(op.path)
        elif op.kind == "sync":
            self.sync(op.path)

    def name(self, path, inode, whole=False):
        self.names[path] = inode
        self.pending.append(Pending("name", inode, path=path, whole=whole))

    def unname(self, path):
        self.pending.append(Pending("name", self.names.pop(path), path=path, gone=True))

    def sync(self, path):
        inode = self.names.get(path)
        folder = inode is None or inode.folder
        done = [p for p in self.pending
                if (p.kind == "name" and (posixpath.dirname(p.path) or ".") == path and folder)
                or (p.kind != "name" and p.inode is inode)
                or (self.ext4 and p.kind == "name" and not folder)]
        self.persist(done, self.durable)
        self.pending = [p for p in self.pending if p not in done]

    @staticmethod
    def persist(changes, names):
        for change in changes:
            if change.kind == "name":
                names.pop(change.path, None) if change.gone else names.update({change.path: change.inode})
                continue
            change.inode.kept = None
            if change.kind == "truncate":
                put(change.inode.data, change.size)
            else:
                put(change.inode.data, change.offset, change.data)

    def state(self, survivors):
        """Path -> bytes, if of what is pending these survived."""
        copies = {id(p.inode): Inode(p.inode.data) for p in survivors if p.kind != "name"}
        copy = lambda inode: copies.get(id(inode), inode)  # noqa: E731
        moved = [Pending(p.kind, copy(p.inode), p.offset, p.data, p.size, p.path, p.gone) for p in survivors]
        names = {path: copy(inode) for path, inode in self.durable.items()}
        self.persist(moved, names)
        return {path: inode.content() for path, inode in names.items()
                if not inode.folder and self.reachable(path, names)}

    def reachable(self, path, names):
        """What lies in a folder is lost with its name."""
        while path := posixpath.dirname(path):
            if path in self.made and path not in names:
                return False
        return True


def put(data, offset, piece=None):
    if piece is None:
        del data[offset:]
    if len(data) < offset:
        data.extend(bytes(offset - len(data)))
    if piece is not None:
        data[offset:offset + len(piece)] = piece


def fingerprint(state):
    return hash(frozenset(state.items()))


def survivors(pending, ext4, choice):
    """Sets of what survived. In the ext4-like model names survive in their order, as a prefix."""
    yield pending
    yield []
    for at, change in enumerate(pending):
        yield pending[:at]
        yield pending[:at] + pending[at + 1:]
        yield [change]
        if change.may_tear():
            half = len(change.data) // 2
            yield pending[:at] + [Pending("write", change.inode, change.offset, change.data[:half])]
            yield pending[:at] + [Pending("write", change.inode, change.offset + half, change.data[half:])]
            yield pending[:at] + [Pending("write", change.inode, change.offset, bytes(len(change.data)))]
    for _ in range(4):
        yield [p for p in pending if choice.random() < 0.5]


def in_order(chosen, pending):
    """Whether the names among what survived are a prefix of all pending names."""
    names = [p for p in pending if p.kind == "name"]
    kept = [p for p in chosen if p.kind == "name"]
    return kept == names[:len(kept)]


def wholly(chosen, pending):
    """Whether what must survive wholly comes with its name, or not at all."""
    kept = {id(p) for p in chosen}
    lacking = {id(p.inode) for p in pending if p.whole and p.kind == "write" and id(p) not in kept}
    return not any(p.whole and p.kind == "name" and id(p.inode) in lacking for p in chosen)


def states(disk, choice):
    for chosen in survivors(disk.pending, disk.ext4, choice):
        if wholly(chosen, disk.pending) and (not disk.ext4 or in_order(chosen, disk.pending)):
            yield disk.state(chosen)
