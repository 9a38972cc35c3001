"""The small C++ tools, built when their source is newer: the link, the bare client, the accountant, the slow disk."""
import contextlib
import json
import os
import pathlib
import re
import subprocess
import tempfile

from . import BENCH
from .peers import PASSWORD, USER

BUILT = pathlib.Path(os.environ.get("POPKEEP_BENCH_BUILD", tempfile.gettempdir())) / ("popkeep-bench-%d" % os.getuid())
LIBRARIES = {"wire": ["-lssl", "-lcrypto"]}
FLAGS = {"slow_sync": ["-shared", "-fPIC"]}


def tool(name):
    source, target = BENCH / "tools" / (name + ".cpp"), BUILT / name
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        BUILT.mkdir(mode=0o700, exist_ok=True)
        subprocess.run(["g++", "-std=c++20", "-O2", *FLAGS.get(name, []), "-o", str(target), str(source),
                        *LIBRARIES.get(name, [])], check=True)
    return str(target)


class Spent:
    def __init__(self, entry):
        self.wall, self.rss, self.written = entry["wall"], entry["rss_kib"] / 1024, entry["written"]
        self.cpu, self.code = entry["user"] + entry["sys"], entry["exit"]


def spend(command, environment, cwd, timeout=1800):
    with tempfile.NamedTemporaryFile("r", suffix=".json") as out:
        done = subprocess.run([tool("spend"), out.name, *command], stdin=subprocess.DEVNULL, capture_output=True,
                              env=environment, cwd=cwd, timeout=timeout)
        spent = Spent(json.loads(out.read() or '{"wall":0,"user":0,"sys":0,"rss_kib":0,"written":0,"exit":%d}' % done.returncode))
    spent.said = (done.stdout + done.stderr).decode("utf-8", "replace").strip()[-300:]
    return spent


@contextlib.contextmanager
def link(port, rtt_ms, mbit=0):
    """Yields the link's port and its process, which `turns_of` asks."""
    words = [tool("link"), str(port), str(rtt_ms)] + ([str(mbit)] if mbit else [])
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline().partition("=")[2]), process
    finally:
        process.stdin.close()
        process.wait(10)


def turns_of(process):
    line = process.stdout.readline()
    return int(re.search(r"turns=(\d+)", line)[1])


def wire(port, *mode):
    """Messages, bytes and seconds of the bare client."""
    done = subprocess.run([tool("wire"), str(port), USER, PASSWORD, *mode], capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise SystemExit("the bare client failed: " + done.stderr)
    return {key: float(value) for key, value in re.findall(r"(\w+)=([\d.]+)", done.stdout)}
