"""strace's log as a list of operations on paths below the archive."""
import re

CALLS = ("openat,write,pwrite64,pwritev,ftruncate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,"
         "unlinkat,mkdir,mkdirat,sendto")
STRACE = ["-y", "-xx", "-s", "10000000", "-e", "trace=" + CALLS]
LINE = re.compile(r"^\d+ +(\w+)\((.*)\) = (\d+)(?:<(.*)>)?$")
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
HANDLE = re.compile(r"^\d+<((?:\\x[0-9a-f]{2})*)>")


class Operation:
    """kind: create, write, truncate, sync, link, unlink, rename, mkdir, say."""

    def __init__(self, kind, path, **more):
        self.kind, self.path = kind, path
        self.offset = self.size = 0
        self.data, self.to = b"", ""
        self.whole = False  # survives wholly or not at all
        vars(self).update(more)


def plain(text):
    return bytes.fromhex(text.replace("\\x", ""))


def operations(log, root):
    """Failed calls changed nothing and are left out."""
    found = []
    for line in log.splitlines():
        match = LINE.match(line)
        if match:
            found += operation(match[1], match[2], int(match[3]), match[4], root)
    # The index of SQLite's log is written through a mapping, and made anew after a crash.
    return [op for op in found if not op.path.endswith("-shm")]


def operation(call, words, result, made, root):
    strings = [plain(s) for s in STRING.findall(words)]
    handle = HANDLE.match(words)
    path = relative(plain(handle[1]), root) if handle else None
    if call == "sendto":
        return [Operation("say", "", data=strings[0])]
    if call == "openat":
        path = relative(plain(made), root) if made else None
        if path is None or "O_TMPFILE" in words or "O_CREAT" not in words:
            return []
        return [Operation("create", path)] + ([Operation("truncate", path)] if "O_TRUNC" in words else [])
    if call in ("rename", "renameat", "renameat2", "link", "linkat"):
        ends = [relative(s, root) for s in strings]
        return [Operation(call[:6].rstrip("a") if call[0] == "r" else "link", ends[0], to=ends[1])] if ends[0] else []
    if call in ("unlink", "unlinkat", "mkdir", "mkdirat"):
        path = relative(strings[0], root, plain(handle[1]) if handle else b"")
        return [Operation(call.removesuffix("at"), path)] if path else []
    if path is None:
        return []
    if call in ("fsync", "fdatasync"):
        return [Operation("sync", path)]
    numbers = re.findall(r", (\d+)", STRING.sub("", words))
    if call == "ftruncate":
        return [Operation("truncate", path, size=int(numbers[-1]))]
    data = b"".join(strings)[:result]
    return [Operation("write", path, data=data, offset=-1 if call == "write" else int(numbers[-1]))]


def relative(path, root, folder=b""):
    """The path below the archive, "." for itself, None outside of it."""
    text = path.decode()
    if not text.startswith("/") and folder:
        text = folder.decode() + "/" + text
    if text == root:
        return "."
    return text[len(root) + 1:] if text.startswith(root + "/") and "(deleted)" not in text else None
