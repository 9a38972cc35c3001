"""Plants each bug of bugs/ in a copy of the tree, builds it there, and sends the replayed power cuts and the
recovery sweep after it. A bug that isn't caught is a blind sweep: ends with 1."""
import os
import pathlib
import subprocess
import sys
import tempfile

CRASH = pathlib.Path(__file__).resolve().parent
ROOT = CRASH.parent.parent
HUNTERS = [["run-powercut", "--count", "40", "--show", "1"], ["run", "--only", "recovery", "--show", "1"]]


def build(tree):
    program = tree / "build" / "cmd" / "popkeep"
    if not (tree / "build" / "build.ninja").exists():
        subprocess.run(["cmake", "-S", tree, "-B", tree / "build", "-G", "Ninja"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", tree / "build", "cmd/popkeep"], check=True, stdout=subprocess.DEVNULL)
    return program


def hunted(program):
    """What the first hunter that barks says."""
    for words in HUNTERS:
        done = subprocess.run([CRASH / words[0], *words[1:]], env={**os.environ, "POPKEEP": str(program)},
                              capture_output=True, text=True)
        if done.returncode:
            bad = [line.strip() for line in done.stdout.splitlines() if not line.startswith(("power cuts", "    exits"))]
            return "%s: %s" % (words[0], " | ".join(bad[:2]) or done.stderr.strip()[-300:])
    return ""


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="popkeep-planted-"))
    if not (folder / "CMakeLists.txt").exists():
        folder.mkdir(exist_ok=True)
        for name in ("CMakeLists.txt", "cmd", "lib", "schema", "man", "LICENSE"):
            subprocess.run(["cp", "-a", ROOT / name, folder], check=True)
    healthy = hunted(build(folder))
    if healthy:
        sys.exit("without a planted bug the sweeps already find: " + healthy)
    missed = 0
    for patch in sorted((CRASH / "bugs").glob("*.patch")):
        subprocess.run(["patch", "-p1", "-d", folder, "-i", patch, "-s"], check=True)
        try:
            found = hunted(build(folder))
        finally:
            subprocess.run(["patch", "-R", "-p1", "-d", folder, "-i", patch, "-s"], check=True)
        missed += not found
        print("%s  %s\n        %s" % ("caught" if found else "MISSED", patch.stem, found), flush=True)
    sys.exit(1 if missed else 0)


main()
