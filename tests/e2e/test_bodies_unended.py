"""The rest of row 3, and row 7 of the table: bodies that drip, and bodies without an end."""

import unittest

from table import tests

BodiesUnended = tests("BodiesUnended", __name__, ("D03-drip", "D03-slow", "D07"))

if __name__ == "__main__":
    unittest.main()
