"""A real keyring: gnome-keyring-daemon on a session bus of its own, with nothing of the desktop's."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time


class Keyring:
    """A context manager. `environment` leads a program to it."""

    def __init__(self):
        # Short, because the paths of Unix sockets are.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pkkr-", dir="/tmp"))
        (self.folder / "run").mkdir(mode=0o700)
        self.bus = self.folder / "run" / "bus"
        self.environment = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=%s" % self.bus,
                            "XDG_RUNTIME_DIR": str(self.folder / "run")}
        self.processes = []

    def __enter__(self):
        for program in ("dbus-daemon", "gnome-keyring-daemon", "secret-tool"):
            if not shutil.which(program):
                raise RuntimeError("no %s: install dbus-daemon, gnome-keyring and libsecret-tools" % program)
        self._run("dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=unix:path=%s" % self.bus)
        deadline = time.monotonic() + 10
        while not self.bus.exists():
            if time.monotonic() > deadline:
                raise RuntimeError("the bus doesn't start")
            time.sleep(0.02)
        self.start()
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
            process.wait(10)
        shutil.rmtree(self.folder, True)

    def start(self, unlocked=True):
        """The daemon, in the place of the one that runs."""
        while len(self.processes) > 1:
            daemon = self.processes.pop()
            daemon.terminate()
            daemon.wait(10)
        words = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
        daemon = self._run(*words, *(["--unlock"] if unlocked else []), stdin=subprocess.PIPE)
        daemon.stdin.write(b"keyring password" if unlocked else b"")
        daemon.stdin.close()
        deadline = time.monotonic() + 10
        while b"org.freedesktop.secrets" not in self._names():
            if time.monotonic() > deadline:
                raise RuntimeError("the keyring doesn't start")
            time.sleep(0.05)

    def tool(self, *words, secret=None):
        return subprocess.run(["secret-tool", *words], input=secret, env=self._environment(), capture_output=True,
                              timeout=30).stdout

    def _names(self):
        return subprocess.run(["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
                               "org.freedesktop.DBus.ListNames"], env=self._environment(), capture_output=True).stdout

    def _environment(self):
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder),
                **self.environment}

    def _run(self, *words, **more):
        process = subprocess.Popen(words, env=self._environment(), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, **{"stdin": subprocess.DEVNULL, **more})
        self.processes.append(process)
        return process
