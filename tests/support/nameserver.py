"""A name server on 127.0.0.1:53 for a network namespace: A and SRV records, everything else doesn't exist."""

import socket
import struct
import threading

A, SRV = 1, 33


def _name(text):
    return b"".join(bytes([len(part)]) + part.encode() for part in text.rstrip(".").split(".")) + b"\0"


def _question(packet):
    at, parts = 12, []
    while packet[at]:
        parts.append(packet[at + 1:at + 1 + packet[at]].decode("latin-1").lower())
        at += 1 + packet[at]
    return ".".join(parts), struct.unpack("!H", packet[at + 1:at + 3])[0], at + 5


class Nameserver:
    """`addresses` maps names to IPv4 addresses, `srv` names to lists of (priority, weight, port, target)."""

    def __init__(self):
        self.addresses, self.srv = {}, {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def stop(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.sendto(b"", ("127.0.0.1", 53))
        self.thread.join(5)
        self.socket.close()

    def _run(self):
        while True:
            packet, peer = self.socket.recvfrom(4096)
            if not packet:
                return
            self.socket.sendto(self._answer(packet), peer)

    def _answer(self, packet):
        name, kind, end = _question(packet)
        records = []
        if kind == A and name in self.addresses:
            records = [socket.inet_aton(self.addresses[name])]
        elif kind == SRV:
            records = [struct.pack("!HHH", *entry[:3]) + _name(entry[3]) for entry in self.srv.get(name, [])]
        known = name in self.addresses or name in self.srv
        head = packet[:2] + struct.pack("!HHHHH", 0x8180 if known else 0x8183, 1, len(records), 0, 0)
        body = b"".join(struct.pack("!HHHIH", 0xc00c, kind, 1, 60, len(data)) + data for data in records)
        return head + packet[12:end] + body
