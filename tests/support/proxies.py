"""Proxies for tests: HTTP CONNECT and SOCKS5, with or without a password, and what carries a Unix socket."""

import base64
import socket
import sys
import threading

RELAY = """
import os, socket, sys, threading
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def up():
    while data := os.read(0, 65536):
        s.sendall(data)
    s.shutdown(socket.SHUT_WR)
threading.Thread(target=up, daemon=True).start()
while data := s.recv(65536):
    os.write(1, data)
"""


def _pipe(one, other):
    try:
        while data := one.recv(65536):
            other.sendall(data)
    except OSError:
        pass
    for end in (one, other):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def join(one, other):
    """Carries bytes both ways until one side ends."""
    back = threading.Thread(target=_pipe, args=(other, one), daemon=True)
    back.start()
    _pipe(one, other)
    back.join(5)


class Relay:
    """Listens and carries each connection to where `greet` says, or drops it if that returns None."""

    family, address = socket.AF_INET, ("127.0.0.1", 0)

    def __init__(self):
        self.listener = socket.socket(self.family)
        self.listener.bind(self.address)
        self.listener.listen(8)
        self.port = self.listener.getsockname()[1] if self.family == socket.AF_INET else None
        self.seen = []
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
        with client:
            target = self.greet(client)
            if target is not None:
                with socket.create_connection(target, 5) as server:
                    join(client, server)

    def greet(self, client):
        raise NotImplementedError


class HttpProxy(Relay):
    """`places`: addresses of hosts that only this proxy knows."""

    also_offered = b""

    def __init__(self, name=None, secret=None, places=None):
        self.places = places or {}
        self.wanted = name and b"Basic " + base64.b64encode(("%s:%s" % (name, secret)).encode())
        super().__init__()

    def greet(self, client):
        while True:
            head = b""
            while b"\r\n\r\n" not in head:
                data = client.recv(4096)
                if not data:
                    return None
                head += data
            self.seen.append(head)
            given = [line.split(b": ", 1)[1] for line in head.split(b"\r\n") if line.lower().startswith(b"proxy-authorization")]
            if self.wanted and given != [self.wanted]:
                client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                               + self.also_offered + b"Content-Length: 0\r\n\r\n")
                continue
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            host, _, port = head.split(b" ")[1].decode().rpartition(":")
            return self.places.get(host, host.strip("[]")), int(port)


class DigestProxy(HttpProxy):
    """One that takes a readable password as well; it sees what comes, and lets nobody in who answers by a digest."""

    also_offered = b"Proxy-Authenticate: Digest realm=\"x\", nonce=\"n\"\r\n"


class SocksProxy(Relay):
    def __init__(self, name=None, secret=None):
        self.wanted = name and (name.encode(), secret.encode())
        super().__init__()

    def greet(self, client):
        stream = client.makefile("rb")
        methods = stream.read(stream.read(2)[1])
        if not self.wanted:
            client.sendall(b"\5\0")
        elif 2 not in methods:
            client.sendall(b"\5\xff")
            return None
        else:
            client.sendall(b"\5\2")
            stream.read(1)
            name = stream.read(stream.read(1)[0])
            secret = stream.read(stream.read(1)[0])
            self.seen.append((name, secret))
            if (name, secret) != self.wanted:
                client.sendall(b"\1\1")
                return None
            client.sendall(b"\1\0")
        kind = stream.read(4)[3]
        host = socket.inet_ntoa(stream.read(4)) if kind == 1 else stream.read(stream.read(1)[0]).decode()
        port = int.from_bytes(stream.read(2), "big")
        client.sendall(b"\5\0\0\1\0\0\0\0\0\0")
        return host, port


class UnixRelay(Relay):
    """A Unix socket at `path` that leads to `target`."""

    family = socket.AF_UNIX

    def __init__(self, path, target):
        self.address, self.target = str(path), target
        super().__init__()

    def greet(self, client):
        return self.target


def relay_command(folder, port):
    """A tunnel: a command whose standard input and output lead to a port of this machine."""
    script = folder / "relay.py"
    script.write_text(RELAY)
    return [sys.executable, str(script), str(port)]
