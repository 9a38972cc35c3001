"""Starts a real Kerberos realm (MIT's) on a free loopback port, with a folder, principals and keytabs of its own.

It runs as root and as an ordinary user, touches no file of the system's Kerberos, and asks no name server."""

import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

SBIN = pathlib.Path("/usr/sbin")
PASSWORD = "ticket pass"

# Names are taken as they are written: neither looked up nor turned into what an address stands for.
KRB5_CONF = """
[libdefaults]
default_realm = {realm}
dns_lookup_realm = false
dns_lookup_kdc = false
dns_canonicalize_hostname = false
rdns = false
default_ccache_name = FILE:{folder}/tickets
default_client_keytab_name = FILE:{folder}/none.keytab
[realms]
{realm} = {{
  kdc = 127.0.0.1:{port}
}}
"""

KDC_CONF = """
[kdcdefaults]
kdc_listen = 127.0.0.1:{port}
kdc_tcp_listen = 127.0.0.1:{port}
[realms]
{realm} = {{
  database_name = {folder}/principals
  key_stash_file = {folder}/stash
  acl_file = {folder}/acl
}}
[logging]
kdc = FILE:{folder}/log
"""


class Failed(Exception):
    """The KDC isn't there or doesn't start: the tests can't go on without it."""


class Realm:
    """A context manager. `environment` is what a program needs to use the realm: its tickets are of nobody but it."""

    def __init__(self, realm="POPKEEP.TEST"):
        self.realm = realm
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pkrb-", dir="/tmp"))
        # A Dovecot started by root reads its keytab as somebody else.
        self.folder.chmod(0o755)
        self.tickets, self.port, self.process = self.folder / "tickets", 0, None

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, True)

    @property
    def environment(self):
        return {"KRB5_CONFIG": str(self.folder / "krb5.conf"), "KRB5CCNAME": "FILE:%s" % self.tickets}

    def start(self):
        for name in ("krb5kdc", "kdb5_util", "kadmin.local"):
            if not os.access(SBIN / name, os.X_OK):
                raise Failed("no %s: install krb5-kdc and krb5-admin-server" % (SBIN / name))
        for _ in range(3):
            self.port = _free_port()
            for name, text in (("krb5.conf", KRB5_CONF), ("kdc.conf", KDC_CONF)):
                (self.folder / name).write_text(text.format(folder=self.folder, realm=self.realm, port=self.port))
            if not (self.folder / "principals").exists():
                self._run(SBIN / "kdb5_util", "create", "-s", "-r", self.realm, "-P", "master of the test")
                self.add("probe")
            if self._start_once():
                return self
        raise Failed("the KDC doesn't start:\n" + self.log())

    def _start_once(self):
        with open(self.folder / "start", "w") as said:
            self.process = subprocess.Popen([SBIN / "krb5kdc", "-n", "-r", self.realm, "-P", self.folder / "pid"],
                                            env=self._environment(), stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.sign_in("probe", cache=self.folder / "probe")
                return True
            except Failed:
                time.sleep(0.05)
        self.stop()
        return False

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def log(self):
        return "".join((self.folder / name).read_text(errors="replace")[-4000:] for name in ("start", "log")
                       if (self.folder / name).exists())

    # Principals.

    def add(self, name):
        """A person: signs in by PASSWORD."""
        self._run(SBIN / "kadmin.local", "-r", self.realm, "addprinc", "-pw", PASSWORD, name)

    def keytab(self, *names, file="keytab"):
        """Services or robots with random keys; the path of the keytab with them."""
        path = self.folder / file
        for name in names:
            self._run(SBIN / "kadmin.local", "-r", self.realm, "addprinc", "-randkey", name)
            self._run(SBIN / "kadmin.local", "-r", self.realm, "ktadd", "-k", path, name)
        path.chmod(0o644)
        return path

    # Tickets.

    def sign_in(self, name, *, lifetime="1h", cache=None):
        self._run("/usr/bin/kinit", "-l", lifetime, "-c", "FILE:%s" % (cache or self.tickets), "%s@%s" % (name, self.realm),
                  input=PASSWORD + "\n")

    def sign_out(self):
        self.tickets.unlink(missing_ok=True)

    def _environment(self):
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "KRB5_KDC_PROFILE": str(self.folder / "kdc.conf"),
                **self.environment}

    def _run(self, *words, input=None):
        done = subprocess.run(words, env=self._environment(), cwd=self.folder, input=input, text=True, capture_output=True,
                              timeout=30)
        # kadmin.local ends with 0 also after an error.
        if done.returncode or "while" in done.stderr and "kadmin" in str(words[0]):
            raise Failed("%s: %s" % (" ".join(map(str, words)), done.stderr))


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
