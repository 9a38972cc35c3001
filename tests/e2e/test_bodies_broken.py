"""Rows 1, 2 and 4 to 6 of the table: bodies that are cut, split, or refused."""

import unittest

from table import tests

BodiesBroken = tests("BodiesBroken", __name__, ("D01", "D02", "D04", "D05", "D06"))

if __name__ == "__main__":
    unittest.main()
