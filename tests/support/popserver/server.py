"""Listens on loopback and gives every connection a thread."""

import socket
import threading
import traceback

from .behaviour import Behaviour
from .session import Session
from .transcript import Transcript
from .wire import Gone, Wire


class Server:
    """Use as a context manager. `tls` is off, stls or implicit; the last two need `context`
    (an ssl.SSLContext). `behaviour` may be exchanged while the server runs: the next
    connection has the new one. `hook(event, session, message)` is called on "DELE" before
    it is answered, and on "applied" when a message is removed. `faults` are its own: what a
    connection's thread, or the hook in it, died of. Whoever stops it looks there."""

    def __init__(self, maildrop, behaviour=None, *, tls="off", context=None, transcript=None,
                 users=None, port=0, ipv6=False, hook=None):
        self.maildrop = maildrop
        self.behaviour = behaviour or Behaviour()
        self.tls = tls
        self.context = context
        self.log = transcript or Transcript()
        self.users = users or {"me@example.com": "secret pass"}
        self.tokens = {}
        self.hook = hook
        self.host = "::1" if ipv6 else "127.0.0.1"
        self.rule_uses = {}
        self.open = set()
        self.guard = threading.Lock()
        self.connections = 0
        self.faults = []
        self.peers = []
        self.listener = socket.socket(socket.AF_INET6 if ipv6 else socket.AF_INET)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((self.host, port))
        self.listener.listen(64)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.threads = []
        self.stopping = threading.Event()  # ends every delay

    def start(self):
        self.thread.start()
        return self

    def stop(self):
        self.stopping.set()
        # shutdown() wakes accept() and recv(); close() alone would leave them waiting.
        _shut(self.listener)
        with self.guard:
            still_open = list(self.open)
        for wire in still_open:
            _shut(wire.sock)
        self.thread.join(5)
        for thread in self.threads:
            thread.join(5)
        self.log.close()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def _accept(self):
        while True:
            try:
                sock, peer = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            self.peers.append(peer)
            thread = threading.Thread(target=self._serve, args=(sock, self.connections), daemon=True)
            self.threads.append(thread)
            thread.start()

    def _serve(self, sock, number):
        behaviour = self.behaviour
        wire = Wire(sock, behaviour.split, behaviour.pipeline == "small-window")
        with self.guard:
            self.open.add(wire)
        self.log.add("connect", number)
        why = ""
        try:
            if self.tls == "implicit":
                wire.start_tls(self.context)
            Session(self, wire, behaviour, number).run()
        except Gone as gone:
            why = str(gone)
        except OSError as problem:
            why = repr(problem)
        except Exception as problem:  # a thread's end is seen by nobody
            why = repr(problem)
            self.faults.append(traceback.format_exc())
        finally:
            with self.guard:
                self.open.discard(wire)
            wire.shut()
            self.log.add("close", number, why=why)


def _shut(sock):
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    try:
        sock.close()
    except OSError:
        pass
