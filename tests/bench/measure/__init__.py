"""Measures fetching side by side: popkeep, its peers, and the limit that the wire sets."""
import pathlib
import sys

BENCH = pathlib.Path(__file__).resolve().parent.parent
ROOT = BENCH.parent.parent
sys.path.insert(0, str(BENCH.parent / "support"))
