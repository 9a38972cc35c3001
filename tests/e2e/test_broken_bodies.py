"""Rows 1 to 7 of the table: bodies that are cut, stalled, split, refused or unended."""

import unittest

from table import tests

BrokenBodies = tests("BrokenBodies", __name__, ("D01", "D02", "D03", "D04", "D05", "D06", "D07"))

if __name__ == "__main__":
    unittest.main()
