"""Where faults can strike: the calls that a healthy run makes, counted by kind."""
import collections
import dataclasses
import re

from .place import Place

CALLS = ("openat,mkdir,mkdirat,read,pread64,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,ftruncate,"
         "fallocate,rename,renameat,renameat2,link,linkat,unlink,unlinkat,fcntl,flock,fadvise64,sendto,"
         "sendmsg,recvfrom,poll,close,newfstatat,lstat,statfs,mmap,fchown,getdents64")
LINE = re.compile(r"^(\d+) +(\w+)\((.*)", re.DOTALL)


# What the thread touches that makes an append durable, whatever the workload. strace counts calls by thread; with
# paths given, it counts those on them.
MBOXES = ("{mbox}", "{archive}/{mbox.stem}.2.mbox", "{archive}/inbox/{mbox.name}")
BESIDE = (*MBOXES, *(mbox + ".lock" for mbox in MBOXES), "{archive}", "{archive}/inbox")


@dataclasses.dataclass(frozen=True)
class Call:
    """A system call, and which of its numbers are worth a fault."""
    name: str
    first: int = 1
    last: int = 1
    beside: bool = False  # made by the thread that works beside the main one

    def numbers(self):
        return range(self.first, self.last + 1)

    def options(self):
        return [word for path in BESIDE for word in ("-P", path)] if self.beside else []


def calls(workload, faults_before=()):
    """The calls of both threads. What comes before the first touch of the archive (the loader, the password) is
    the same for every program and gets one point."""
    log, archive, mbox = trace(workload, faults_before)
    seen, first, main, inside, beside = collections.Counter(), {}, None, False, collections.Counter()
    for line in log.splitlines():
        match = LINE.match(line)
        if not match:
            continue
        main = main or match[1]
        if match[1] == main:
            seen[match[2]] += 1
            inside = inside or archive in match[3]
            if inside:
                first.setdefault(match[2], seen[match[2]])
        elif touches(match[3], archive, mbox):
            beside[match[2]] += 1
    if not beside and not faults_before:
        raise SystemExit("nothing was made durable beside the main thread")
    return [*(Call(name, first[name], seen[name]) for name in first),
            *(Call(name, 1, count, True) for name, count in beside.items())]


def touches(words, archive, mbox):
    paths = [path.format(archive=archive, mbox=mbox) for path in BESIDE]
    return any("<%s>" % path in words or '"%s"' % path in words for path in paths)


_traced = {}


def trace(workload, faults_before=()):
    """What a healthy run does; asked of the program once."""
    key = (workload, str(faults_before))
    if key not in _traced:
        with Place(workload) as place:
            for fault in faults_before:
                fault(place) if callable(fault) else place.fetch(strace=fault)
            ran = place.fetch(strace=["-y", "-e", "trace=" + CALLS])
            if ran.code != 0:
                raise SystemExit("the healthy run under strace failed: %d %s" % (ran.code, ran.said))
            _traced[key] = ran.log, str(place.archive), place.mbox
    return _traced[key]


def writes_to_mbox(workload):
    """(call, result) of each append, all of them the main thread's."""
    log, archive, mbox = trace(workload, workload.before)
    lines = [line for line in log.splitlines() if " pwritev(" in line]
    found = [(Call("pwritev", number, number), result) for number, line in enumerate(lines, 1)
             if touches(line, archive, mbox) and (result := int(line.rsplit("= ", 1)[1].split()[0])) > 0]
    if not found:
        raise SystemExit("nothing was appended to the mbox")
    return found


FIRST_SYNC_OF_MBOX = Call("fdatasync", beside=True)


def kill(call, number):
    return ["-e", "trace=" + call.name] + inject(call, number, "signal=KILL")


def stop(call, number, *watched):
    return ["-e", "trace=" + ",".join((call.name, *watched))] + inject(call, number, "signal=STOP")


def fail(call, error, number, from_then_on):
    return watched(call) + inject(call, number, "error=" + error, "+" if from_then_on else "")


def pretend(call, result, number):
    """The call isn't made and seems to have gone well: a write that got lost, the end of a connection."""
    return watched(call) + inject(call, number, "retval=%d" % result)


def damage(call, number):
    """As many bytes as meant, but others: the address of the first piece is bent on the way into the kernel."""
    return watched(call) + inject(call, number, "poke_enter=@arg2=08")


def inject(call, number, what, and_then=""):
    return [*call.options(), "-e", "inject=%s:%s:when=%d%s" % (call.name, what, number, and_then)]


def watched(call):
    # What the server is told is traced as well: nothing may be deleted behind a local failure.
    return ["-y", "-s", "4096", "-e", "trace=%s,sendto" % call.name]


NEED_ROOM = ("openat", "mkdirat", "write", "pwrite64", "pwritev", "fsync", "fdatasync", "ftruncate", "fallocate", "link", "rename")
WRITE = ("ENOSPC", "EDQUOT", "EIO")
NAME = ("EACCES", "EROFS", "EIO")
# A file that may not grow (EFBIG) is rolled over, and no failure.
# Not fcntl: SQLite takes its errors for a busy file and waits, and an unlock that fails is no fault of disks.
ERRORS = {
    "write": WRITE, "writev": WRITE, "pwrite64": WRITE, "pwritev": (*WRITE, "EFBIG"), "pwritev2": WRITE,
    "fsync": ("EIO", "ENOSPC"), "fdatasync": ("EIO", "ENOSPC", "EFBIG"), "ftruncate": ("EIO",),
    "read": ("EIO",), "pread64": ("EIO",), "openat": ("EMFILE", "EACCES", "EROFS", "ENOSPC"),
    "mkdir": NAME, "mkdirat": NAME, "rename": NAME, "renameat": NAME, "renameat2": NAME, "link": NAME,
    "linkat": NAME, "unlink": NAME, "unlinkat": NAME,
    "newfstatat": ("EIO",), "lstat": ("EIO",), "statfs": ("EIO",), "getdents64": ("EIO",), "flock": ("ENOLCK",),
    "mmap": ("ENOMEM",), "fchown": ("EPERM", "EROFS"),
    "sendto": ("EPIPE", "ECONNRESET"), "sendmsg": ("EPIPE",), "recvfrom": ("ECONNRESET",),
}
# What no workload calls: for other libraries and kernels, and for workloads to come. Any other entry must have points.
ABSENT = ("writev", "pwritev2", "mkdir", "renameat", "renameat2", "linkat", "unlinkat", "sendmsg")
NETWORK = ("sendto", "sendmsg", "recvfrom")
