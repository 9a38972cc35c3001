"""A connection: reads lines, sends replies in batches, and can do both badly."""

import socket
import ssl
import struct
import time


class Gone(Exception):
    """The connection ended, by the client's will or by the scenario's."""


# Ways to never end: what is said, and the seconds between.
TALK = {"blank-lines": (b"\r\n", 0.002), "seldom-blank-lines": (b"\r\n", 0.8), "dripping-line": (b"x", 0.5),
        "long-lines": ((b"x" * 60_000 + b"\r\n") * 20, 0)}


class Wire:
    def __init__(self, sock, split="", small=False):
        self.sock = sock
        self.split = split
        self.input = bytearray()
        self.output = bytearray()
        self.walked = 0
        self.on_input = None
        self.tls = isinstance(sock, ssl.SSLSocket)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if small:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

    def read_line(self):
        """The next command without its line end; sends what is pending before it waits."""
        while True:
            end = self.input.find(b"\n")
            if end >= 0:
                line = bytes(self.input[:end])
                del self.input[: end + 1]
                return line[:-1] if line.endswith(b"\r") else line
            self.flush()
            self.receive()

    def receive(self):
        try:
            data = self.sock.recv(65536)
        except (OSError, ValueError) as problem:
            raise Gone(str(problem)) from None
        if not data:
            raise Gone("end of input")
        if self.on_input:
            self.on_input(data)
        self.input += data

    def waiting_lines(self):
        return bytes(self.input).splitlines() if b"\n" in self.input else []

    def write(self, data):
        self.output += data
        if len(self.output) > 1 << 18:
            self.flush()

    def flush(self):
        data, self.output = bytes(self.output), bytearray()
        if not data:
            return
        try:
            if self.split == "bytes":
                for position in range(len(data)):
                    self.sock.sendall(data[position : position + 1])
            elif self.split == "walk":
                # The cut moves by one with every batch: in time it lies everywhere.
                self.walked += 1
                cut = self.walked % len(data)
                self.sock.sendall(data[:cut])
                time.sleep(0.002)
                self.sock.sendall(data[cut:])
            else:
                self.sock.sendall(data)
        except (OSError, ValueError) as problem:
            raise Gone(str(problem)) from None

    def drip(self, data, pause):
        self.flush()
        for position in range(len(data)):
            self.output += data[position : position + 1]
            self.flush()
            time.sleep(pause)

    def start_tls(self, context):
        self.flush()
        self.input.clear()
        try:
            self.sock = context.wrap_socket(self.sock, server_side=True)
        except (OSError, ValueError) as problem:
            raise Gone("TLS: %s" % problem) from None
        self.tls = True

    def stall(self):
        """Say nothing more, and wait for the client to lose patience."""
        self.flush()
        while True:
            self.receive()

    def talk(self, words, pause):
        """Say the same again and again, until the client has enough."""
        while True:
            self.output += words
            self.flush()
            time.sleep(pause)

    def end(self, how="close"):
        if how == "stall":
            self.stall()
        if how in TALK:
            self.talk(*TALK[how])
        try:
            self.flush()
            if how == "reset":
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif self.tls and how == "close":
                # unwrap() would wait for the client's answer to our close_notify.
                self.sock.settimeout(0.2)
                self.sock.unwrap()
        except (Gone, OSError, ValueError):
            pass
        self.shut()
        raise Gone(how)

    def shut(self):
        try:
            self.sock.close()
        except OSError:
            pass
