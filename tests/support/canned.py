"""A server that says its lines one by one, whatever it hears: for exchanges that no scenario has."""

import socket
import threading


class Canned:
    """Sends `greeting`, then for each line that comes the next of `replies`, or what that makes of the line; after the last it closes."""

    def __init__(self, *replies, greeting=b"+OK ready\r\n"):
        self.replies, self.greeting = replies, greeting
        self.heard = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, client.makefile("rb") as lines:
            client.sendall(self.greeting)
            for reply in self.replies:
                line = lines.readline()
                if not line:
                    return
                self.heard.append(line)
                if line.startswith(b"QUIT"):
                    client.sendall(b"+OK\r\n")
                    return
                client.sendall(reply(line) if callable(reply) else reply)
