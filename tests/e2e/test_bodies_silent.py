"""Of row 3 of the table: bodies in which the server falls silent."""

import unittest

from table import tests

BodiesSilent = tests("BodiesSilent", __name__, ("D03-stall",))

if __name__ == "__main__":
    unittest.main()
