"""A POP3 server for tests: ordinary by default, misbehaving by data."""

from .behaviour import Behaviour, Body, Rule
from .maildrop import Maildrop, Message
from .server import Server
from .transcript import Transcript

__all__ = ["Behaviour", "Body", "Maildrop", "Message", "Rule", "Server", "Transcript"]
