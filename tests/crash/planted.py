#!/usr/bin/python3
"""Plants each bug of bugs/ in a copy of the sources, builds it there, and sends the hunters named in it after it.
Each must be caught by the name of what it violates: else the hunters are blind. Ends with 1 if one was missed,
if a patch no longer applies, or if a hunter finds something without a bug."""
import argparse
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import time

CRASH = pathlib.Path(__file__).resolve().parent
ROOT = CRASH.parent.parent
NOT_SOURCES = {"build", ".git", "tests"}


class Bug:
    """A patch; the lines before it say what it is, which call catches it, and as what (a regular expression)."""

    def __init__(self, path):
        self.path, self.name = path, path.stem
        self.text = path.read_text()
        self.what, self.hunter, self.caught_as = (
            re.search(r"^%s: (.*)$" % key, self.text, re.MULTILINE)[1] for key in ("What", "Hunted by", "Caught as"))
        self.files = re.findall(r"^--- a/(\S+)", self.text, re.MULTILINE)

    def apply(self, tree, *options):
        return subprocess.run(["patch", "-p1", "-s", "-f", "-F0", "--no-backup-if-mismatch", "-r", "-", *options,
                               "-d", tree, "-i", self.path], capture_output=True, text=True)


class Tree:
    """A copy of the sources with one build folder, in which only what changes is built."""

    def __init__(self, folder):
        self.folder = folder

    def refresh(self):
        wanted = set()
        for top in ROOT.iterdir():
            if top.name not in NOT_SOURCES:
                for path in [top] if top.is_file() else filter(pathlib.Path.is_file, top.rglob("*")):
                    wanted.add(path.relative_to(ROOT))
        for path in wanted:
            self.restore(path)
        for top in self.folder.iterdir():
            if top.name not in NOT_SOURCES and top.is_dir():
                for path in filter(pathlib.Path.is_file, top.rglob("*")):
                    if path.relative_to(self.folder) not in wanted:
                        path.unlink()

    def restore(self, path):
        source, target = ROOT / path, self.folder / path
        if not target.exists() or source.read_bytes() != target.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)  # with a new date, so that it is built

    def build(self):
        """What the compiler says if it doesn't build."""
        made = subprocess.run("cmake --preset release && ninja -C build/release popkeep", shell=True, cwd=self.folder,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return made.stdout[-2000:] if made.returncode else ""

    def hunt(self, hunter):
        """(the hunter's exit code, what it says)."""
        words = shlex.split(hunter)
        program = str(self.folder / "build" / "release" / "cmd" / "popkeep")
        done = subprocess.run([CRASH.parent / words[0], *words[1:]], env={**os.environ, "POPKEEP": program},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.returncode, done.stdout


def verdict(bug, tree):
    """(whether it was caught by name, a line about it)."""
    healthy = {path: (tree.folder / path).read_bytes() for path in bug.files if (tree.folder / path).exists()}
    patched = bug.apply(tree.folder)
    try:
        if patched.returncode:
            return False, "the patch doesn't apply to these sources: " + patched.stdout.strip()
        problem = tree.build()
        if problem:
            return False, "doesn't build: " + problem
        code, said = tree.hunt(bug.hunter)
    finally:
        for path, content in healthy.items():
            (tree.folder / path).write_bytes(content)
    named = re.search(r".*(?:%s).*" % bug.caught_as, said)
    if code == 0:
        return False, "%s finds nothing" % bug.hunter
    if not named:
        return False, "%s ends with %d and names something else:\n%s" % (bug.hunter, code, said[-1500:])
    return True, named[0].strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only see whether the patches apply")
    parser.add_argument("--only", metavar="BUG")
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "build" / "planted", help="of the copy")
    options = parser.parse_args()
    bugs = [Bug(path) for path in sorted((CRASH / "bugs").glob("*.patch")) if options.only in (None, path.stem)]
    if not bugs:
        sys.exit("no such bug")
    if options.check:
        bad = [(bug, done.stdout) for bug in bugs if (done := bug.apply(ROOT, "--dry-run")).returncode]
        for bug, said in bad:
            print("%s doesn't apply to these sources: %s" % (bug.path.name, said.strip()))
        print("%d passed, %d failed" % (len(bugs) - len(bad), len(bad)))
        sys.exit(1 if bad else 0)
    tree, began = Tree(options.folder), time.time()
    options.folder.mkdir(parents=True, exist_ok=True)
    tree.refresh()
    problem = tree.build()
    if problem:
        sys.exit("the program doesn't build: " + problem)
    bad = 0
    for hunter in sorted({bug.hunter for bug in bugs}):
        code, said = tree.hunt(hunter)
        if code:
            bad += 1
            print("FALSE   without a bug, %s says:\n%s" % (hunter, said[-1500:]), flush=True)
    missed = 0
    for bug in bugs:
        caught, line = verdict(bug, tree)
        missed += not caught
        print("%s  %s: %s\n        %s" % ("caught" if caught else "MISSED", bug.name, bug.what, line), flush=True)
    print("planted: %d bugs, %d caught by name, %d missed, %d false alarms, %.0f s"
          % (len(bugs), len(bugs) - missed, missed, bad, time.time() - began))
    sys.exit(1 if missed or bad else 0)


main()
