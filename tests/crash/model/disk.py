"""A disk that forgets what was not synced, in the ways that real ones do.

A file has two views: `cache`, what a program reads, and `durable`, what a power cut leaves. They differ in
the dirty blocks, and, after a failed sync, in blocks that are *clean but not durable*: the kernel has marked
them written, programs still read them, no later sync writes them. Names are durable only after the folder's
own sync.
"""

BLOCK = 16

# What a power cut makes of the dirty blocks.
IMAGES = ("absent", "half", "whole", "zeroed", "holes")


class File:
    def __init__(self, inode, content=b""):
        self.inode = inode
        self.cache = bytearray(content)
        self.durable = bytearray(content)
        self.dirty = set()
        self.changes = 0  # stands for the modification time

    def write(self, offset, data):
        end = offset + len(data)
        if len(self.cache) < end:
            self.cache.extend(bytes(end - len(self.cache)))
        self.cache[offset:end] = data
        self.changes += 1
        if data:
            self.dirty.update(range(offset // BLOCK, (end - 1) // BLOCK + 1))

    def truncate(self, size):
        del self.cache[size:]
        self.changes += 1
        self.dirty = {b for b in self.dirty if b * BLOCK < size}

    def sync(self):
        self.durable = self._resized(len(self.cache))
        self._persist(self.durable, sorted(self.dirty))
        self.dirty = set()

    def sync_fails(self, some_blocks_written):
        blocks = sorted(self.dirty)
        if some_blocks_written:
            kept = blocks[:len(blocks) // 2]
            if kept:
                size = max(len(self.durable), min(len(self.cache), (kept[-1] + 1) * BLOCK))
                self.durable = self._resized(size)
                self._persist(self.durable, kept)
        self.dirty = set()  # the kernel's way: reported once, then forgotten

    def drop_cache(self):
        """POSIX_FADV_DONTNEED: clean blocks come from the device again, dirty ones stay."""
        fresh = self._resized(len(self.cache))
        self._persist(fresh, sorted(self.dirty))
        self.cache = fresh

    def image(self, how):
        """What is on the device after a power cut now."""
        size, old = len(self.cache), len(self.durable)
        blocks = sorted(self.dirty)
        if how == "absent":
            return bytes(self.durable)
        if how == "half":
            if size < old:
                return bytes(self.durable)  # the truncation did not make it
            half = self._resized(old + (size - old) // 2)
            self._persist(half, blocks[:(len(blocks) + 1) // 2])
            return bytes(half)
        result = self._resized(size)
        if how == "whole":
            self._persist(result, blocks)
        elif how == "holes":
            self._persist(result, blocks[1::2])
        return bytes(result)  # zeroed: the size arrived, the data did not

    def crash(self, how):
        self.durable = bytearray(self.image(how))
        self.cache = bytearray(self.durable)
        self.dirty = set()

    def _resized(self, size):
        kept = self.durable[:size]
        return kept + bytes(size - len(kept))

    def _persist(self, target, blocks):
        for block in blocks:
            begin, end = block * BLOCK, min((block + 1) * BLOCK, len(target), len(self.cache))
            target[begin:end] = self.cache[begin:end]


class Disk:
    def __init__(self):
        self.names = {}          # what a program sees
        self.durable_names = {}  # what a power cut leaves
        self._inodes = 0

    def create(self, name, content=b""):
        self._inodes += 1
        self.names[name] = File(self._inodes, content)
        return self.names[name]

    def sync_folder(self):
        self.durable_names = dict(self.names)

    def cuts(self):
        """The power cuts that leave different disks: (image, whether unsynced names survive)."""
        seen, result = set(), []
        for names in ((False, True) if self.names != self.durable_names else (False,)):
            table = self.names if names else self.durable_names
            for how in IMAGES:
                state = tuple(sorted((n, f.image(how)) for n, f in table.items()))
                if state not in seen:
                    seen.add(state)
                    result.append((how, names))
        return result

    def crash(self, how, names_survive):
        self.names = dict(self.names if names_survive else self.durable_names)
        self.durable_names = dict(self.names)
        for file in self.names.values():
            file.crash(how)
