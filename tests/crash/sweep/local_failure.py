"""How a run must go on whose archive failed at a system call, by strace's log."""
import re

LOCAL = re.compile(r"(?:write|writev|pwrite64|pwritev|pwritev2|fsync|fdatasync|ftruncate|pread64)$")
CALL = re.compile(r"^\d+ +(\w+)\(")
DISK_FULL_OR_BROKEN = 74


def judged(ran, archive):
    """Behind a write, sync or read of the archive that failed nothing is deleted and no session is closed in
    peace, and the exit code says so."""
    failed, wrong = None, []
    for line in ran.log.splitlines():
        match = CALL.match(line)
        if not match:
            continue
        if failed is None and "(INJECTED)" in line and "= -1" in line and LOCAL.match(match[1]) and archive in line:
            # SQLite passes over a failed sync of the folder in which it made its log.
            failed = None if match[1] == "fdatasync" and ".popkeep>" in line else match[1]
        elif failed and match[1] == "sendto":
            wrong += ["%s was said after a %s that failed" % (verb, failed) for verb in ("DELE", "QUIT")
                      if re.search(r'["n]%s\b' % verb, line)]
    if failed and "sendto(" not in ran.log:
        # Where the fault strikes beside the main thread, which has deleted nothing yet, only its calls are logged.
        wrong += ["%s was said though a %s failed" % (verb, failed) for verb in ran.told]
    quit_before = re.search(r'sendto\(.*["n]QUIT\b', ran.log)
    if failed and not quit_before and not ran.killed and ran.code != DISK_FULL_OR_BROKEN:
        wrong.append("exit %d, not %d, after a %s that failed" % (ran.code, DISK_FULL_OR_BROKEN, failed))
    return sorted(set(wrong))
