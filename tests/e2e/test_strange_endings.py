"""Rows 25 to 28 and 30: QUIT, DELE, drops, pipelines, Gmail."""

import unittest

from table import tests

StrangeEndings = tests("StrangeEndings", __name__, ("D25", "D26", "D27", "D28", "D30"))

if __name__ == "__main__":
    unittest.main()
