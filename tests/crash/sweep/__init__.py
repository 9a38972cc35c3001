"""Faults against the real program, one place and one judge for all of them."""
import pathlib
import sys

CRASH = pathlib.Path(__file__).resolve().parent.parent
TESTS = CRASH.parent
sys.path.insert(0, str(TESTS / "support"))
