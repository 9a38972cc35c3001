"""How each program is asked to fetch everything into an mbox and keep it on the server. A peer gets a fresh
folder for each fetch of new mail and the same one again for a run without news."""
import os
import pathlib
import shutil
import subprocess

from . import ROOT

PROGRAM = os.environ.get("POPKEEP") or str(ROOT / "build" / "release" / "cmd" / "popkeep")
USER, PASSWORD = "me@example.com", "secret"
# Some peers won't deliver as root.
AS_NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.getuid() == 0 else []


def give_away(folder):
    for path in [folder, *folder.iterdir()]:
        if AS_NOBODY:
            shutil.chown(path, "nobody", "nogroup")


class Peer:
    name, binary, version_words = "", "", ("--version",)
    pipelines = False  # a lock-step one takes minutes over a long link
    files = {}         # name in the folder -> content, formatted with port, user, password, folder

    def __init__(self, folder, tls_ca=None, delete=False):
        self.folder, self.tls_ca, self.delete = pathlib.Path(folder), tls_ca, delete

    def prepare(self, port):
        """Before each run; whatever isn't measured."""
        for name, text in self.files.items():
            path = self.folder / name
            path.write_text(text.format(port=port, user=USER, password=PASSWORD, folder=self.folder))
            path.chmod(0o600)

    def command(self, port):
        raise NotImplementedError

    @classmethod
    def version(cls):
        done = subprocess.run([cls.binary, *cls.version_words], capture_output=True, text=True)
        lines = [line for line in (done.stdout + done.stderr).splitlines() if any(c.isdigit() for c in line)]
        return lines[0].strip() if lines else "?"

    @classmethod
    def installed(cls):
        return bool(shutil.which(cls.binary))


class Popkeep(Peer):
    name, binary, pipelines = "popkeep", PROGRAM, True
    files = {"password": "{password}\n"}

    def prepare(self, port):
        super().prepare(port)
        if not (self.folder / "archive").exists():
            subprocess.run([PROGRAM, "init", self.folder / "archive"], check=True, stdout=subprocess.DEVNULL)

    def command(self, port):
        where = (["pop3s://%s@localhost:%d" % (USER, port), "--ca", str(self.tls_ca)] if self.tls_ca else
                 ["pop3://%s@127.0.0.1:%d" % (USER, port), "--tls", "off"])
        policy = ["--delete", "fetched", "--max-delete", "100%"] if self.delete else []
        return [PROGRAM, "fetch", *where, "--to", str(self.folder / "archive"),
                "--password-file", str(self.folder / "password"), *policy]

    def fetched(self):
        return sum(path.stat().st_size for path in (self.folder / "archive").rglob("*.mbox"))


class Mpop(Peer):
    name, binary, pipelines, mode = "mpop", "mpop", True, "on"

    def prepare(self, port):
        path = self.folder / "rc"
        tls = "on\ntls_starttls off\ntls_trust_file %s" % self.tls_ca if self.tls_ca else "off"
        path.write_text("account a\nhost %s\nport %d\nuser %s\npassword %s\nauth user\ntls %s\n"
                        "keep %s\nonly_new on\nreceived_header off\nuidls_file %s/uidls\n"
                        "delivery mbox %s/mbox\npipelining %s\n"
                        % ("localhost" if self.tls_ca else "127.0.0.1", port, USER, PASSWORD, tls,
                           "off" if self.delete else "on", self.folder, self.folder, self.mode))
        path.chmod(0o600)

    def command(self, port):
        return ["mpop", "-q", "-C", str(self.folder / "rc"), "a"]

    def fetched(self):
        return (self.folder / "mbox").stat().st_size


class MpopLockStep(Mpop):
    name, pipelines, mode = "mpop, lock-step", False, "off"


class Getmail(Peer):
    name, binary = "getmail", "getmail"
    files = {"rc": "[retriever]\ntype = SimplePOP3Retriever\nserver = 127.0.0.1\nport = {port}\n"
                   "username = {user}\npassword = {password}\n"
                   "[destination]\ntype = Mboxrd\npath = {folder}/mbox\n"
                   "[options]\nread_all = false\ndelete = false\nverbose = 0\ndelivered_to = false\n"
                   "received = false\n"}

    def prepare(self, port):
        super().prepare(port)
        (self.folder / "mbox").touch()
        give_away(self.folder)

    def command(self, port):
        return AS_NOBODY + ["getmail", "--getmaildir", str(self.folder), "--rcfile", "rc"]

    def fetched(self):
        return (self.folder / "mbox").stat().st_size


class Fetchmail(Peer):
    name, binary = "fetchmail", "fetchmail"
    files = {"rc": 'set pidfile "{folder}/pid"\npoll 127.0.0.1 service {port} proto POP3 uidl\n'
                   '  user "{user}" password "{password}" sslproto "" keep bsmtp "{folder}/batch"\n'}

    @classmethod
    def version(cls):
        done = subprocess.run(["fetchmail", "-V"], capture_output=True, text=True)
        return done.stdout.splitlines()[0]

    def command(self, port):
        return ["fetchmail", "-s", "-f", str(self.folder / "rc"), "-i", str(self.folder / "ids")]

    def fetched(self):
        return (self.folder / "batch").stat().st_size


class Fdm(Peer):
    name, binary = "fdm", "fdm"
    files = {"conf": 'set queue-high 50\nset lock-file "{folder}/lock"\n'
                     'action "m" mbox "{folder}/mbox"\n'
                     'account "a" pop3 server "127.0.0.1" port {port} user "{user}" pass "{password}" '
                     'new-only cache "{folder}/cache" keep\nmatch all action "m"\n'}

    def prepare(self, port):
        super().prepare(port)
        give_away(self.folder)

    @classmethod
    def version(cls):
        done = subprocess.run(["dpkg-query", "-W", "-f", "fdm ${Version}", "fdm"], capture_output=True, text=True)
        return done.stdout or "fdm ?"

    def command(self, port):
        return AS_NOBODY + ["fdm", "-q", "-f", str(self.folder / "conf"), "fetch"]

    def fetched(self):
        return (self.folder / "mbox").stat().st_size


class Curl(Peer):
    """One transfer a message, on one connection: no mbox, no memory of what was fetched."""
    name, binary, count = "curl", "curl", 1000

    def command(self, port):
        return ["curl", "-s", "--user", "%s:%s" % (USER, PASSWORD), "-o", str(self.folder / "out"),
                "pop3://127.0.0.1:%d/[1-%d]" % (port, self.count)]

    def fetched(self):
        return (self.folder / "out").stat().st_size


ALL = [Popkeep, Mpop, MpopLockStep, Getmail, Fetchmail, Fdm, Curl]
