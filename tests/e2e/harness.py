"""Runs the real program against servers, with an archive and a home of its own."""

import atexit
import os
import pathlib
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import certs  # noqa: E402
import checker  # noqa: E402
import dovecot  # noqa: E402
import mboxrd  # noqa: E402
from popserver import Behaviour, Maildrop, Server, corpus  # noqa: E402

PROGRAM = os.environ.get("POPKEEP") or str(HERE.parent.parent / "build" / "release" / "cmd" / "popkeep")
USER = "me@example.com"
PASSWORD = "secret pass"
DELETING = ("--delete", "fetched", "--max-delete", "100%")
__all__ = ["DELETING", "PASSWORD", "PROGRAM", "USER", "Case", "certificates", "checker", "dovecot", "faked",
           "mboxrd"]
_certificates = []
# In the background of a script (nohup … &) these are ignored, the program would inherit that and rightly keep to it.
for _number in (signal.SIGHUP, signal.SIGINT):
    if signal.getsignal(_number) == signal.SIG_IGN:
        signal.signal(_number, signal.SIG_DFL)


def certificates():
    """Made once a process, in a folder that goes with it."""
    if not _certificates:
        folder = tempfile.mkdtemp(prefix="popkeep-certs-")
        atexit.register(shutil.rmtree, folder, True)
        _certificates.append(certs.Certificates(folder))
    return _certificates[0]


def faked(offset="", *, file=None):
    """The environment under which the program's wall clock, and no other clock, is `offset` from the true one;
    with `file` what that file says at the moment ("-365d"), so that the clock can jump."""
    found = sorted(pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        raise AssertionError("libfaketime is not installed")
    clock = {"FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1"} if file else {"FAKETIME": offset}
    return {"LD_PRELOAD": str(found[0]), "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1", **clock}


def hurried(times):
    """The environment under which all the program's time goes by so many times as fast."""
    return {**faked("+0 x%d" % times), "FAKETIME_DONT_FAKE_MONOTONIC": "0"}


@dataclass
class Result:
    code: int
    out: str
    err: str
    seconds: float

    def __str__(self):
        return "exit %d after %.1f s\nout: %s\nerr: %s" % (self.code, self.seconds, self.out[-2000:], self.err[-2000:])


class Case(unittest.TestCase):
    """A test with a temporary home and an archive in it (founded unless `founded` is False)."""

    founded = True
    maxDiff = 2000

    def setUp(self):
        if not os.access(PROGRAM, os.X_OK):
            self.fail("no program at %s: build it, or set POPKEEP" % PROGRAM)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="popkeep-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.home = self.folder / "home"
        self.home.mkdir()
        self.archive = self.folder / "archive"
        self.password = self.folder / "password"
        self.password.write_text(PASSWORD + "\n")
        self.password.chmod(0o600)
        self.environment = {"HOME": str(self.home), "PATH": "/usr/bin:/bin:/usr/sbin", "LANG": "C.UTF-8",
                            "XDG_CONFIG_HOME": str(self.home / "config"), "XDG_RUNTIME_DIR": str(self.folder)}
        # Sanitizers read their options from here.
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        if self.founded:
            self.found()

    def found(self, folder=None):
        result = self.run_program("init", folder or self.archive)
        self.assertEqual(result.code, 0, result)

    # Servers.

    def serve(self, messages=None, behaviour=None, *, tls="off", certificate="good", **more):
        """A running server that ends with the test; `messages` may be a Maildrop or a list."""
        drop = messages if isinstance(messages, Maildrop) else Maildrop(corpus.plain() if messages is None else messages)
        context = certificates().context(certificate) if tls != "off" else None
        more.setdefault("hook", checker.Witness(self.archive))
        server = Server(drop, behaviour or Behaviour(), tls=tls, context=context, users={USER: PASSWORD}, **more).start()
        self.ends_with_the_test(server)
        return server

    def ends_with_the_test(self, server):
        self.addCleanup(lambda: self.assertEqual(server.faults, [], "the server itself failed"))
        self.addCleanup(server.stop)

    def url(self, server, user=USER):
        host = "[::1]" if server.host == "::1" else server.host
        return "%s://%s@%s:%d" % ("pop3s" if server.tls == "implicit" else "pop3", user, host, server.port)

    # The program.

    def command(self, *words):
        return [PROGRAM, *map(str, words)]

    def run_program(self, *words, timeout=120, **more):
        """Runs it without a terminal, in the test's folder unless `cwd` is another. `env` adds to the environment."""
        environment = {**self.environment, **more.pop("env", {})}
        start = time.monotonic()
        more.setdefault("stdin", subprocess.DEVNULL)
        more.setdefault("cwd", self.folder)
        done = subprocess.run(self.command(*words), capture_output=True, env=environment, timeout=timeout, **more)
        return Result(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"),
                      time.monotonic() - start)

    def fetch_words(self, server, *extra, to=None, user=USER, password=True, timeout=3):
        words = ["fetch", self.url(server, user), "--to", to or self.archive, "--timeout", timeout]
        words += ["--tls", "off"] if server.tls == "off" else ["--ca", certificates().ca]
        words += ["--password-file", self.password] if password else []
        return [*words, *extra]

    def fetch(self, server, *extra, **more):
        own = {name: more.pop(name) for name in ("to", "user", "password", "timeout") if name in more}
        return self.run_program(*self.fetch_words(server, *extra, **own), **more)

    def fetch_at_terminal(self, server, *extra, typed=(), **own):
        return self.run_at_terminal(*self.fetch_words(server, *extra, **own), typed=typed)

    def run_at_terminal(self, *words, typed=(), timeout=60, anew=False, interrupt=None):
        """Runs it with standard input and error on a terminal of its own. `typed`: pairs of
        a text to wait for and what to type then; with `anew` each text must come behind the last
        answer. Ctrl-C is typed once `interrupt` returns true. What the terminal showed is `err`."""
        master, slave = pty.openpty()
        start = time.monotonic()
        process = subprocess.Popen(self.command(*words), stdin=slave, stdout=subprocess.PIPE, stderr=slave,
                                   env=self.environment, cwd=self.folder, start_new_session=True,
                                   preexec_fn=_take_terminal)
        os.close(slave)
        shown, rest, seen = b"", list(typed), 0
        while time.monotonic() - start < timeout:
            ended = process.poll() is not None  # asked first: what it wrote last is there then
            if select.select([master], [], [], 0.1)[0]:
                try:
                    data = os.read(master, 65536)
                except OSError:  # the other side is closed
                    break
                shown += data
            elif ended:
                break
            if rest and rest[0][0].encode() in shown[seen:]:
                os.write(master, rest.pop(0)[1].encode() + b"\n")
                seen = len(shown) if anew else 0
            if interrupt and interrupt():
                os.write(master, b"\x03")
                interrupt = None
        else:
            process.kill()
            process.communicate()
            self.fail("still running after %d s; the terminal shows: %r" % (timeout, shown))
        out, _ = process.communicate(timeout=10)
        os.close(master)
        self.assertFalse(rest, "never asked %r; the terminal shows: %r" % (rest, shown))
        return Result(process.returncode, out.decode("utf-8", "replace"), shown.decode("utf-8", "replace"),
                      time.monotonic() - start)

    def preloaded(self, name):
        """A library of ../support, made from its source, for LD_PRELOAD."""
        library = self.folder / (name + ".so")
        source = HERE.parent / "support" / (name + ".c")
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
        return str(library)

    # Judgements.

    def assert_archived(self, maildrop, *, once=True):
        self.assertEqual(checker.exactly_once(self.archive, maildrop), [])

    def assert_exit(self, result, *codes):
        self.assertIn(result.code, codes, result)

    def assert_no_bad_delete(self, server):
        self.assertEqual(server.hook.violations, [])

    def nothing_went_wrong(self, server, archive=None):
        """After a run that may have failed: no DELE without its bytes, and a healthy run ends complete."""
        archive = archive or self.archive
        self.assert_no_bad_delete(server)
        self.assert_exit(self.fetch(server, *DELETING, to=archive), 0)
        self.assert_no_bad_delete(server)
        self.assertEqual(checker.exactly_once(archive, server.maildrop), [])
        self.assertEqual(server.maildrop.present(), [])


def _take_terminal():
    # Makes the terminal on standard input the controlling one, so that /dev/tty is it.
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
