"""A maildrop that outlives the client, an archive, and the program between them."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

from . import CRASH
from .witness import Witness
from .workload import FIRST

from popserver import Behaviour, Maildrop, Server
from popserver.maildrop import Message

PROGRAM = os.environ.get("POPKEEP") or str(CRASH.parent.parent / "build" / "release" / "cmd" / "popkeep")
HUNG = 124
USER, PASSWORD = "me@example.com", "secret"


def whole(log):
    """strace's log with each call in one line, where it ended: it splits those of two threads at a time."""
    begun, lines = {}, []
    for line in log.splitlines():
        thread, _, rest = line.partition(" ")
        resumed = re.match(r" *<\.\.\. \w+ resumed>(.*)", rest)
        if line.endswith("<unfinished ...>"):
            begun[thread] = line.removesuffix("<unfinished ...>")
        elif resumed and thread in begun:
            lines.append(begun.pop(thread).rstrip() + resumed[1])
        else:
            lines.append(line)
    return "\n".join(lines + list(begun.values()))


class Ran:
    def __init__(self, code, said, log, told):
        self.code, self.killed = code, code in (-9, 137)
        self.said = said.decode("utf-8", "replace").strip()
        self.log = whole(log)
        self.told = told  # DELE and QUIT, as the server got them in this run

    @property
    def struck(self):
        """Whether the fault really happened."""
        return self.killed or "(INJECTED" in self.log or "--- stopped by SIGSTOP" in self.log


class Place:
    """`disk`: a file system of mounts.py for the archive."""

    def __init__(self, workload, disk=None):
        self.workload, self.disk = workload, disk
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="popkeep-crash-"))
        self.archive = (disk.path if disk else self.folder) / "archive"
        self.mbox = self.archive / (USER + "@127.0.0.1.mbox")
        self.password = self.folder / "password"
        self.password.write_text(PASSWORD + "\n")
        self.password.chmod(0o600)
        messages = [Message(data, uid) for uid, data in workload.messages()]
        self.stood = []  # contents in the archive that the server's log doesn't tell of
        self.later = messages[FIRST:] if workload.incremental else []
        self.maildrop = Maildrop(messages[:FIRST] if workload.incremental else messages)
        self.witness = Witness(self.archive)
        self.server = Server(self.maildrop, Behaviour(dele=workload.dele), users={USER: PASSWORD},
                             hook=self.witness).start()
        founded = self.run_program("init", str(self.archive))
        assert founded.code == 0, "init failed: %d %s" % (founded.code, founded.said)
        if workload.incremental:
            before = self.fetch(delete=False)
            assert before.code == 0, "the healthy first run failed: %d %s" % (before.code, before.said)
            self.deliver_later()

    def deliver_later(self):
        for message in self.later:
            self.maildrop.add(message.data, message.uid)

    def __enter__(self):
        return self

    def __exit__(self, problem, *_):
        self.server.stop()
        shutil.rmtree(self.folder, True)
        # A server that failed has judged nothing.
        assert problem or not self.server.faults, "the server failed: " + self.server.faults[0]

    def fetch_words(self, delete=None):
        delete = self.workload.delete if delete is None else delete
        return ["fetch", "pop3://%s@127.0.0.1:%d" % (USER, self.server.port), "--tls", "off", "--to",
                str(self.archive), "--password-file", str(self.password), "--timeout", "5",
                *(self.workload.extra() if delete else ())]

    def fetch(self, strace=(), delete=None, when_stopped=None):
        return self.run_program(*self.fetch_words(delete), strace=strace, when_stopped=when_stopped)

    def run_program(self, *words, strace=(), timeout=90, when_stopped=None):
        """`when_stopped(place, pid)` is called once the program stands still by an injected SIGSTOP."""
        command, log = [*self.workload.under, PROGRAM, *words], self.folder / "strace.log"
        log.unlink(missing_ok=True)
        before = len(self.told())
        if strace:
            names = {"archive": self.archive, "mbox": self.mbox}
            command = ["strace", "-f", "-qq", "-o", str(log), *(word.format(**names) for word in strace), *command]
        environment = {"HOME": str(self.folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, env=environment, cwd=self.folder,
                                   start_new_session=True)
        stopped = when_stopped and self.await_stop(process, log)
        if stopped:
            when_stopped(self, stopped)
        try:
            said, code = process.communicate(timeout=timeout)[1], process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # strace alone would let the program go on
            said, code = b"hung for %d s: " % timeout + process.communicate()[1], HUNG
        return Ran(code, said, log.read_text("utf-8", "replace") if log.exists() else "", self.told()[before:])

    def told(self):
        return [event["verb"] for event in self.server.log.commands() if event["verb"] in ("DELE", "QUIT")]

    @staticmethod
    def await_stop(process, log):
        """The number of the process that stopped, or None if it ended."""
        while process.poll() is None:
            stop = re.search(r"^(\d+) +--- stopped by SIGSTOP", log.read_text("utf-8", "replace") if log.exists() else "",
                             re.MULTILINE)
            if stop:
                return int(stop[1])
            time.sleep(0.01)
        return None
