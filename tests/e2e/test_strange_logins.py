"""Rows 20 to 24: greetings, capabilities, TLS, logins."""

import unittest

from table import tests

StrangeLogins = tests("StrangeLogins", __name__, ("D20", "D21", "D22", "D23", "D24"))

if __name__ == "__main__":
    unittest.main()
