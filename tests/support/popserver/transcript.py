"""What happened, connection by connection: the witness that checkers question."""

import json
import threading
import time


class Transcript:
    """A list of events (dictionaries), also written as JSON lines when a path is given."""

    def __init__(self, path=None):
        self.events = []
        self.guard = threading.Lock()
        self.file = open(path, "a", encoding="utf-8") if path else None
        self.before_login = {}

    def add(self, event, connection, **more):
        entry = {"time": time.time(), "event": event, "connection": connection, **more}
        with self.guard:
            self.events.append(entry)
            if self.file:
                self.file.write(json.dumps(entry) + "\n")
                self.file.flush()
        return entry

    def received(self, connection, data):
        """Bytes that a connection sent before it was logged in."""
        self.before_login[connection] = self.before_login.get(connection, b"") + data

    def commands(self, verb=None, connection=None):
        with self.guard:
            return [
                event
                for event in self.events
                if event["event"] == "command"
                and verb in (None, event["verb"])
                and connection in (None, event["connection"])
            ]

    def of(self, event):
        with self.guard:
            return [entry for entry in self.events if entry["event"] == event]

    def connections(self):
        return len(self.of("connect"))

    def verbs(self, connection=None):
        return [event["verb"] for event in self.commands(connection=connection)]

    def wire_text(self):
        """Everything that came before a login, for searching secrets."""
        return b"".join(self.before_login.values())

    def close(self):
        if self.file:
            self.file.close()
            self.file = None
