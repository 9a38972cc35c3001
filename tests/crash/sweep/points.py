"""Where faults can strike: the calls that a healthy run makes, counted by kind."""
import collections
import re

from .place import Place

CALLS = ("openat,mkdir,mkdirat,read,pread64,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,ftruncate,"
         "fallocate,rename,renameat,renameat2,link,linkat,unlink,unlinkat,fcntl,flock,fadvise64,sendto,"
         "sendmsg,recvfrom,poll,close")
LINE = re.compile(r"^(\d+) +(\w+)\((.*)", re.DOTALL)


def calls(workload, faults_before=()):
    """{call: (first N worth a fault, last N)} of the main thread. What comes before the first touch of the
    archive (the loader, the password) is the same for every program and gets one point."""
    log, name = trace(workload, faults_before)
    seen, first, main, inside = collections.Counter(), {}, None, False
    for line in log.splitlines():
        match = LINE.match(line)
        if not match:
            continue
        main = main or match[1]
        if match[1] != main:
            continue  # when= counts each thread by itself
        seen[match[2]] += 1
        inside = inside or name in match[3]
        if inside:
            first.setdefault(match[2], seen[match[2]])
    return {call: (first[call], seen[call]) for call in first}


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
            _traced[key] = ran.log, str(place.archive)
    return _traced[key]


def of_mbox(workload, call):
    """(number, result) of each such call on an mbox."""
    log, _ = trace(workload)
    lines = [line for line in log.splitlines() if " %s(" % call in line]
    found = [(number, int(line.rsplit("= ", 1)[1].split()[0])) for number, line in enumerate(lines, 1)
             if ".mbox>" in line]
    if not found:
        raise SystemExit("no mbox had a %s" % call)
    return found


def sync_of_mbox(workload):
    """The number of the fdatasync that makes the first append durable."""
    return of_mbox(workload, "fdatasync")[0][0]


def kill(call, number):
    return ["-e", "trace=" + call, "-e", "inject=%s:signal=KILL:when=%d" % (call, number)]


def stop(call, number):
    return ["-e", "trace=" + call, "-e", "inject=%s:signal=STOP:when=%d" % (call, number)]


def fail(call, error, number, from_then_on):
    # What the server is told is traced as well: nothing may be deleted behind a local failure.
    return ["-y", "-s", "4096", "-e", "trace=%s,sendto" % call,
            "-e", "inject=%s:error=%s:when=%d%s" % (call, error, number, "+" if from_then_on else "")]


def pretend(call, result, number):
    """The call isn't made and seems to have gone well: a write that got lost, the end of a connection."""
    return ["-y", "-s", "4096", "-e", "trace=%s,sendto" % call,
            "-e", "inject=%s:retval=%d:when=%d" % (call, result, number)]


def damage(call, number):
    """As many bytes as meant, but others: the address of the first piece is bent on the way into the kernel."""
    return ["-y", "-s", "4096", "-e", "trace=%s,sendto" % call,
            "-e", "inject=%s:poke_enter=@arg2=08:when=%d" % (call, number)]


WRITE = ("ENOSPC", "EDQUOT", "EIO")
NAME = ("EACCES", "EROFS", "EIO")
# Not fcntl: SQLite takes its errors for a busy file and waits, and an unlock that fails is no fault of disks.
ERRORS = {
    "write": WRITE, "writev": WRITE, "pwrite64": WRITE, "pwritev": WRITE, "pwritev2": WRITE,
    "fsync": ("EIO", "ENOSPC"), "fdatasync": ("EIO", "ENOSPC"), "ftruncate": ("EIO",),
    "read": ("EIO",), "pread64": ("EIO",), "openat": ("EMFILE", "EACCES", "EROFS", "ENOSPC"),
    "mkdir": NAME, "mkdirat": NAME, "rename": NAME, "renameat": NAME, "renameat2": NAME, "link": NAME,
    "linkat": NAME, "unlink": NAME, "unlinkat": NAME,
    "sendto": ("EPIPE", "ECONNRESET"), "sendmsg": ("EPIPE",), "recvfrom": ("ECONNRESET",),
}
NETWORK = ("sendto", "sendmsg", "recvfrom")
