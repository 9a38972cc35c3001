"""How a run must go on whose archive failed at a system call, by strace's log."""
import os
import re

# Each with what it is done to, by number or by name.
CALL = re.compile(r'\d+ +(\w+)\((?:\d+<([^>]*)>|(?:AT_FDCWD<[^>]*>, )?"([^"]*)")?')
SAID = re.compile(r'(?:"|\\n)(DELE|QUIT)\b')
DISK_FULL_OR_BROKEN, LOCKED, MAY_NOT = 74, 75, 77
# A run may go on as if these had gone well.
PASSED_OVER = re.compile(
    r"(?:openat|fdatasync) /\.popkeep"            # SQLite: the folder in which it made its log
    r"|(?:newfstatat|lstat) /.*"                  # looked at again, or taken for changed, and so proven anew
    r"|unlink(?:at)? /\.popkeep/newborn"          # not there but in a run or two
    r"|unlink(?:at)? /\.popkeep/ledger\.db\.new-shm" # holds nothing that isn't elsewhere; the next rebuilding removes it
    r"|fchown /\.popkeep/ledger\.db(?:\.new)?-(?:wal|shm|journal)" # SQLite gives these to the owner of the ledger, if it may
    r"|flock /\.popkeep/\..*\.popkeep-\w{6}"       # a temporary file that nobody takes for a left one without a lock
    r"|getdents64 /\.popkeep"                     # looking for temporary files that a killed run left
    r"|link(?:at)? /(?:.*/)?\.lk\w+"              # where there are no links the lock is made otherwise
    r"|unlink(?:at)? /(?:.*/)?(?:\.lk\w+|.*\.mbox\.lock)" # a lock of ours that stays is known as ours
)
# Bringing the log's content into the ledger when it is closed. What fails there stays in the log.
CLOSE = re.compile(
    r"(?:pwrite64|fdatasync|ftruncate) /\.popkeep/ledger\.db"
    r"|(?:pread64|fdatasync|unlink(?:at)?) /\.popkeep/ledger\.db-wal"
    r"|unlink(?:at)? /\.popkeep/ledger\.db-shm"
)


def judged(ran, archive):
    """Behind a call upon the archive that failed, or only seemed to do what it was meant to, nothing is deleted and no
    session is closed in peace, and the exit code says so. Behind QUIT it still does, but for the close."""
    before_quit, behind_quit, wrong, quit_said = [], [], [], False
    begun = None  # where an append only seemed to go well so far
    codes = {DISK_FULL_OR_BROKEN}
    for line in ran.log.splitlines():
        match = CALL.match(line)
        if not match:
            continue
        path = match[2] or match[3] or ""
        verbs = SAID.findall(line) if match[1] == "sendto" else []
        wrong += ["%s was said after a %s that failed" % (verb, name) for verb in verbs for name in before_quit[:1]]
        quit_said = quit_said or "QUIT" in verbs
        # The password's file, and what is looked through for mboxes.
        if "EACCES" in line and path.startswith(os.path.dirname(archive)) and not path.startswith(archive + "/."):
            codes |= {MAY_NOT}
        rolls_over = match[1] == "pwritev" and "EFBIG" in line
        if rolls_over and "(INJECTED" not in line and begun == path:
            before_quit.pop()  # the file doesn't take the rest, and all of it is cut off again
        if match[1] == "pwritev":
            begun = path if "(INJECTED" in line else None
        if "(INJECTED" in line and path.startswith(archive) and not rolls_over:
            what = match[1] + " " + path[len(archive):]
            if not PASSED_OVER.fullmatch(what) and not (quit_said and CLOSE.fullmatch(what)):
                (behind_quit if quit_said else before_quit).append(match[1])
                codes |= {LOCKED} if path.endswith(".mbox.lock") else set()
    if before_quit and "sendto(" not in ran.log:
        # Where the fault strikes beside the main thread, which has deleted nothing yet, only its calls are logged.
        wrong += ["%s was said though a %s failed" % (verb, before_quit[0]) for verb in ran.told]
    if before_quit and not ran.killed and ran.code not in codes:
        wrong.append("exit %d, not %d, after a %s that failed" % (ran.code, DISK_FULL_OR_BROKEN, before_quit[0]))
    if behind_quit and ran.code == 0:
        wrong.append("exit 0 though a %s failed behind QUIT" % behind_quit[0])
    return sorted(set(wrong))
