"""The home of somebody whose cron runs popkeep, the server of his provider, and the clock."""

import datetime
import os
import pathlib
import re
import subprocess
import sys
from unittest import mock

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import certs  # noqa: E402
import checker  # noqa: E402
from popserver import Maildrop, Server, Transcript  # noqa: E402

import events  # noqa: E402

PROGRAM = os.environ.get("POPKEEP") or str(HERE.parent.parent / "build" / "release" / "cmd" / "popkeep")
CONFIGURATION = """[account.home]
url = "pop3s://%(user)s@%(host)s:%(port)d"
id = "%(user)s"
archive = "%(archive)s"
ca = "%(ca)s"
password_file = "%(password)s"
delete = "after:7d"
timeout = %(timeout)d
"""


def faketime():
    found = sorted(pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        raise SystemExit("libfaketime is not installed: cmd/packages test")
    return str(found[0])


class World:
    user = "me@example.com"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.home = self.folder / "home"
        self.home.mkdir()
        self.archive = self.home / "Mail"
        self.password = self.home / "password"
        self.password.write_text("secret pass\n")
        self.password.chmod(0o600)
        self.configuration = self.home / ".config" / "popkeep" / "popkeep.toml"
        self.configuration.parent.mkdir(parents=True)
        self.full_disk = self.folder / "full_disk.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", self.full_disk, HERE / "full_disk.c", "-ldl"], check=True)
        self.disk_is_full = False
        self.hurry = None
        self.certificates = self._certificates()
        self.maildrop = Maildrop([])
        self.witness = checker.Witness(self.archive)
        self.log = Transcript()
        self.users = {self.user: "secret pass"}
        self.servers = []
        self.port, self.context = 0, self.certificates.context("first")
        self.listen()
        self.configure()
        said, code = self.run_program(events.START, "init", self.archive)
        if code:
            raise SystemExit("no archive: " + said)

    def _certificates(self):
        # The authority is to be valid in the month, and openssl issues it as of now.
        with mock.patch.dict(os.environ, self._clock(events.START - datetime.timedelta(days=1)), LD_PRELOAD=faketime()):
            made = certs.Certificates(self.folder / "certificates", days=60)
        expires, life = events.at(events.CERTIFICATE_EXPIRES), datetime.timedelta(days=90)
        for kind, end in ("first", expires), ("renewed", expires + life):
            made.issue(kind, *("{:%Y%m%d%H%M%SZ}".format(time) for time in (end - life, end)))
        return made

    # The server.

    def listen(self):
        self.server = Server(self.maildrop, tls="implicit", context=self.context, users=self.users, port=self.port,
                             transcript=self.log, hook=self.witness).start()
        self.servers.append(self.server)
        self.port = self.server.port

    def close(self):
        self.users = self.server.users
        self.server.stop()

    def use_certificate(self, kind):
        self.server.context = self.context = self.certificates.context(kind)

    # The program.

    def configure(self, host="127.0.0.1", timeout=20):
        self.configuration.write_text(CONFIGURATION % {
            "user": self.user, "host": host, "port": self.port, "archive": self.archive, "ca": self.certificates.ca,
            "password": self.password, "timeout": timeout})

    def run_program(self, time, *words):
        """As cron does it: what it writes and its exit code."""
        preload = [faketime()] + ([str(self.full_disk)] if self.disk_is_full else [])
        done = subprocess.run(
            [PROGRAM, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            cwd=self.home, timeout=300, env={"HOME": str(self.home), "LOGNAME": "me", "SHELL": "/bin/sh",
                                             "PATH": "/usr/bin:/bin", "TZ": "UTC", "LD_PRELOAD": " ".join(preload),
                                             **self._clock(time)})
        said = done.stdout.decode().replace(str(self.home), "~").replace(str(self.port), "PORT")
        return re.sub(r"after \d+ ms", "after N ms", said), done.returncode

    def _clock(self, time):
        clock = time.strftime("%Y-%m-%d %H:%M:%S")
        if self.hurry:
            return {"NO_FAKE_STAT": "1", "FAKETIME": "@%s x%d" % (clock, self.hurry)}
        # It stands still during a run, so that no second more or less changes the month. Waits are real.
        return {"NO_FAKE_STAT": "1", "FAKETIME": clock, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}

    # The judgement.

    def complaints(self):
        """What is wrong at the end of the month."""
        wrong = checker.exactly_once(self.archive, self.maildrop) + self.witness.violations
        wrong += checker.lost_deletes(self.archive, self.log, self.maildrop)
        wrong += [fault for server in self.servers for fault in server.faults]
        if not self.witness.deletes:
            wrong.append("nothing was deleted")
        return wrong
