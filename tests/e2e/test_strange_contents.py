"""Rows 15 to 19: line ends, stuffing, strays, strange messages."""

import unittest

from table import tests

StrangeContents = tests("StrangeContents", __name__, ("D15", "D16", "D17", "D18", "D19"))

if __name__ == "__main__":
    unittest.main()
