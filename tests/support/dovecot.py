"""Starts a real Dovecot 2.3 on free loopback ports, with its own folder, users and certificate.

It runs as root and as an ordinary user. Dovecot refuses to serve mail as root, so under
root the mail belongs to `nobody`; otherwise everything belongs to whoever runs the tests.
As a command it prints its ports as a line of JSON and serves until standard input closes."""

import json
import os
import pathlib
import poplib
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time

import certs
from dovecot_config import configuration

BINARY = "/usr/sbin/dovecot"
# 2,048 by default, and long lines are part of the corpus.
poplib._MAXLINE = 1 << 26


class Failed(Exception):
    """Dovecot isn't there or doesn't start: the tests can't go on without it."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Dovecot:
    """A context manager. `settings` are Dovecot's own, such as {"pop3_uidl_format": "%m"};
    `storage` is maildir or mbox; `raw` is appended to the configuration as it is."""

    def __init__(self, *, user="me@example.com", password="secret pass", storage="maildir",
                 settings=None, raw="", certificates=None):
        self.user, self.password, self.storage = user, password, storage
        self.settings, self.raw = dict(settings or {}), raw
        # Short, because the paths of Unix sockets are.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pkdv-", dir="/tmp"))
        self.certificates = certificates or certs.Certificates(self.folder / "certs")
        self.ca = self.certificates.ca
        self.owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self.home = self.folder / "home"
        self.inbox = self.home / ("Maildir" if storage == "maildir" else "inbox")
        self.filled = 0
        self.port = self.tls_port = 0
        self.master = None

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, True)

    def start(self):
        if not os.access(BINARY, os.X_OK):
            raise Failed("no Dovecot at %s: install dovecot-pop3d" % BINARY)
        self.folder.chmod(0o755)
        for name in ("new", "cur", "tmp") if self.storage == "maildir" else ():
            (self.inbox / name).mkdir(parents=True, exist_ok=True)
        self.home.mkdir(exist_ok=True)
        self.give(self.home)
        (self.folder / "users").write_text("%s:{PLAIN}%s\n" % (self.user, self.password))
        self.give(self.folder / "users", 0o644)
        for _ in range(3):
            self.port, self.tls_port = free_port(), free_port()
            if self._start_once():
                return self
        raise Failed("Dovecot doesn't start:\n" + self.log()[-4000:])

    def _start_once(self):
        config = self.folder / "dovecot.conf"
        config.write_text(configuration(self))
        # A file, not a pipe: the daemon would hold the pipe's end open for ever.
        with open(self.folder / "start", "w+") as said:
            code = subprocess.run([BINARY, "-c", config], stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                  timeout=30).returncode
            said.seek(0)
            if code:
                raise Failed("dovecot: " + said.read())
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            try:
                with socket.create_connection(("127.0.0.1", self.tls_port), 1):
                    self.master = int((self.folder / "run" / "master.pid").read_text())
                    return True
            except (OSError, ValueError):
                time.sleep(0.05)
        self.stop()
        return False

    def stop(self):
        """Ends the master by the id it wrote down, and waits for it."""
        path = self.folder / "run" / "master.pid"
        if not path.exists():
            return
        master = int(path.read_text())
        try:
            os.kill(master, signal.SIGTERM)
            for _ in range(200):
                os.kill(master, 0)
                time.sleep(0.05)
            os.kill(master, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def log(self):
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else "(no log)"

    def logged(self, text, count=1, seconds=10):
        """The log as soon as it has `text` so many times, or when the time is over: it is written by a process
        of its own, and a session's end comes after the client's."""
        deadline = time.monotonic() + seconds
        while (log := self.log()).count(text) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        return log

    # The mailbox.

    def fill(self, messages):
        """Puts messages (CRLF or LF) into the maildir, as they are stored: with LF."""
        # Names are never used twice, also after deletions: a second file of a name replaces the first.
        for number, data in enumerate(messages, self.filled + 1):
            self.filled = number
            path = self.inbox / "tmp" / ("%010d.M%06dP1.host" % (1_700_000_000 + number, number))
            path.write_bytes(data.replace(b"\r\n", b"\n"))
            self.give(path)
            # Whole and theirs before they see it: a server moves what it finds in new at any moment.
            path.rename(self.inbox / "new" / path.name)

    def fill_mbox(self, messages):
        with open(self.inbox, "ab") as file:
            for data in messages:
                text = data.replace(b"\r\n", b"\n")
                file.write(b"From x@example.org Tue Mar  3 10:00:00 2026\n" + text + b"\n")
        self.give(self.inbox)

    def renew_uids(self):
        """Forgets all indexes: a new UIDVALIDITY, hence new UIDs for all messages."""
        time.sleep(1.1)  # UIDVALIDITY is the time in seconds
        for path in self.inbox.glob("dovecot*"):
            path.unlink()

    def served(self):
        """What the server sends for each message: CRLF, unstuffed (the oracle's bytes)."""
        box = poplib.POP3("127.0.0.1", self.port, timeout=30)
        box.utf8() if "UTF8" in box.capa() else None
        box.user(self.user)
        box.pass_(self.password)
        count = box.stat()[0]
        messages = [b"".join(line + b"\r\n" for line in box.retr(n)[1]) for n in range(1, count + 1)]
        # No QUIT: nothing may change by looking.
        box.close()
        return messages

    def uids(self):
        box = poplib.POP3_SSL("127.0.0.1", self.tls_port, timeout=30,
                              context=ssl.create_default_context(cafile=str(self.ca)))
        box.user(self.user)
        box.pass_(self.password)
        answer = [line.split(b" ", 1)[1] for line in box.uidl()[1]]
        box.close()
        return answer

    def doveadm(self, *words):
        done = subprocess.run(["/usr/bin/doveadm", "-c", self.folder / "dovecot.conf", *words],
                              capture_output=True, text=True, timeout=30)
        if done.returncode:
            raise Failed("doveadm %s: %s" % (words[0], done.stderr))
        return done.stdout

    def give(self, path, mode=None):
        if mode:
            path.chmod(mode)
        if os.getuid() == 0:
            for each in [path, *path.rglob("*")] if path.is_dir() else [path]:
                os.chown(each, self.owner.pw_uid, self.owner.pw_gid)


def main():
    settings = dict(word.split("=", 1) for word in sys.argv[1:])
    storage = settings.pop("storage", "maildir")
    count = int(settings.pop("count", 0))
    with Dovecot(storage=storage, settings=settings) as server:
        if count:
            from popserver import corpus
            server.fill(corpus.sized(count, 4096))
        print(json.dumps({"pop3": server.port, "pop3s": server.tls_port, "ca": str(server.ca), "user": server.user,
                          "password": server.password, "inbox": str(server.inbox), "pid": server.master}), flush=True)
        sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
