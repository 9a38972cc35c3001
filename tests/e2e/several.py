"""Several accounts, each with a server of its own, and a configuration that names them all."""

import subprocess
import time

from harness import USER, Case, mboxrd
from popserver import Behaviour, Rule, corpus


def slow(seconds, times=None):
    """A server that waits before each message."""
    return Behaviour(rules=(Rule("RETR", delay=seconds, times=times),), pipelining=False)


def letters(name, count):
    """`count` messages that no other account has."""
    return [data.replace(b"Subject: number", b"Subject: %s" % name.encode()) for data in corpus.plain(count)]


class Several(Case):
    def accounts(self, count, behaviour=None, messages=3):
        """Servers by account's name."""
        names = ["box%02d" % n for n in range(1, count + 1)]
        return {name: self.serve(letters(name, messages), behaviour, hook=lambda *_: None) for name in names}

    def section(self, name, server, **keys):
        keys = {"url": self.url(server), "id": name, "archive": self.archive, "password_file": self.password,
                "tls": "off", **keys}
        return '[account."%s"]\n' % name + "".join('%s = "%s"\n' % pair for pair in keys.items() if pair[1] is not None)

    def configure(self, servers, more="", **keys):
        """popkeep.toml for `servers`."""
        path = self.folder / "popkeep.toml"
        path.write_text("".join(self.section(name, server, **keys) for name, server in servers.items()) + more)
        path.chmod(0o600)
        return path

    def fetch_all(self, config, *extra, **more):
        return self.run_program("fetch", "--config", config, *extra, **more)

    def start(self, *words, **more):
        """A run that goes on beside the test; ended with it."""
        process = subprocess.Popen(self.command(*words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=self.environment, cwd=self.folder, **more)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def wait_until(self, what, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = what()
            if value:
                return value
            time.sleep(0.02)
        self.fail("it never came to it within %d s" % seconds)

    def children(self, process):
        with open("/proc/%d/task/%d/children" % (process.pid, process.pid)) as file:
            return [int(word) for word in file.read().split()]

    def gone(self, pids):
        """Whether they have ended. What nobody has waited for yet is in the list of processes all the same."""
        return not any(self.runs(pid) for pid in pids)

    @staticmethod
    def runs(pid):
        try:
            with open("/proc/%d/stat" % pid) as facts:
                return facts.read().rpartition(")")[2].split()[0] != "Z"
        except (FileNotFoundError, ProcessLookupError):
            return False

    def assert_all_archived(self, servers):
        want = sorted(message.data.replace(b"\r\n", b"\n") for server in servers.values()
                      for message in server.maildrop.messages)
        self.assertEqual(sorted(mboxrd.archive(self.archive)) == want, True)

    def most_at_once(self, servers):
        """Connections that stood at the same time, over all servers."""
        events = sorted((event["time"], 1 if event["event"] == "connect" else -1) for server in servers.values()
                        for event in server.log.events if event["event"] in ("connect", "close"))
        most = now = 0
        for _, step in events:
            now += step
            most = max(most, now)
        return most


__all__ = ["USER", "Several", "letters", "slow"]
