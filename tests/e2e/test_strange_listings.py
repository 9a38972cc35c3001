"""Rows 8 to 14 and 29: LIST, UIDL and STAT that lie, lack, repeat or never end."""

import unittest

from table import tests

StrangeListings = tests("StrangeListings", __name__, ("D08", "D09", "D10", "D11", "D12", "D13", "D14", "D29"))

if __name__ == "__main__":
    unittest.main()
