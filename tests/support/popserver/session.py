"""One connection's conversation: state, dispatch, rules."""

import time

from . import listing, login, retrieval

COMMANDS = {**login.COMMANDS, **listing.COMMANDS, **retrieval.COMMANDS}
OPEN_TO_ALL = {"CAPA", "QUIT", "NOOP", *login.COMMANDS}


class Session:
    """`listing` maps the session's message numbers to messages; made at login."""

    def __init__(self, server, wire, behaviour, number):
        self.server = server
        self.wire = wire
        self.behaviour = behaviour
        self.number = number
        self.maildrop = server.maildrop
        self.name = None
        self.user = None
        self.listing = {}
        self.marked = {}
        self.retrieved = set()
        self.lengths = {}  # message: octets of its next RETRs
        self.pipelined = False
        self.entry = None
        wire.on_input = lambda data: self.user or server.log.received(number, data)

    def run(self):
        behaviour = self.behaviour
        time.sleep(behaviour.greeting_delay)
        if behaviour.greeting is not None:
            greeting = behaviour.greeting
            if behaviour.apop:
                greeting = b"+OK popserver " + behaviour.apop + b"\r\n"
            self.write(greeting)
        if behaviour.greeting_then:
            self.wire.end(behaviour.greeting_then)
        while True:
            # A command that lay in the buffer already was sent before the reply to the last.
            self.pipelined = b"\n" in self.wire.input
            line = self.wire.read_line()
            if behaviour.pipeline == "first-only":
                self.wire.input.clear()
            elif behaviour.pipeline == "disconnects" and line[:4].upper() == b"RETR":
                if any(other[:4].upper() == b"RETR" for other in self.wire.waiting_lines()):
                    self.wire.end("close")
            self.handle(line)

    def handle(self, line):
        text = line.decode("latin-1")
        verb, _, argument = text.partition(" ")
        verb = verb.upper()
        message = self.message(argument)
        self.entry = self.server.log.add(
            "command", self.number, verb=verb, line=text, tls=self.wire.tls, user=self.user or "",
            pipelined=self.pipelined, message=message.number if message else None,
            uid=message.uid.decode("latin-1") if message else None, status=None)
        rule = self.rule(verb, message)
        if rule and rule.delay:
            self.wire.flush()
            self.server.stopping.wait(rule.delay)
        if rule and rule.reply is not None:
            if rule.acts:
                self.answer(verb, argument, silent=True)
            self.write(rule.reply)
        else:
            self.answer(verb, argument)
        if rule:
            self.write(rule.after)
            if rule.then == "drop-input":
                self.wire.input.clear()
            elif rule.then:
                self.wire.end(rule.then)
        if verb == "QUIT":
            self.wire.end("close")

    def answer(self, verb, argument, silent=False):
        handler = COMMANDS.get(verb)
        kept = bytes(self.wire.output)
        if handler is None:
            self.no("unknown command")
        elif not self.user and verb not in OPEN_TO_ALL:
            self.no("log in first")
        else:
            handler(self, argument)
        if silent:
            self.wire.output = bytearray(kept)

    def rule(self, verb, message):
        uses = self.server.rule_uses
        for index, rule in enumerate(self.behaviour.rules):
            if rule.verb != verb or (rule.message and (not message or message.number != rule.message)):
                continue
            if rule.sessions and self.number not in rule.sessions:
                continue
            if rule.times is not None and uses.get(index, 0) >= rule.times:
                continue
            uses[index] = uses.get(index, 0) + 1
            return rule
        return None

    def message(self, argument):
        word = argument.split(" ", 1)[0]
        return self.listing.get(int(word)) if word.isascii() and word.isdigit() else None

    def data(self, message):
        """The message as this session shows it."""
        if not (self.behaviour.mark_retrieved and message.popped):
            return message.data
        head, empty, body = message.data.partition(b"\r\n\r\n")
        return head + b"\r\nX-UID: %d\r\nStatus: OR" % message.number + empty + body

    def write(self, data):
        if self.entry is not None and self.entry["status"] is None:
            self.entry["status"] = data.split(b"\r\n", 1)[0][:200].decode("latin-1")
        self.wire.write(data.replace(b"\r\n", b"\n") if self.behaviour.lf else data)

    def ok(self, text="done"):
        self.write(b"+OK " + text.encode("latin-1") + b"\r\n")

    def no(self, text):
        self.write(b"-ERR " + text.encode("latin-1") + b"\r\n")

    def logged_in(self, name):
        self.user = name
        self.listing = listing.snapshot(self)
        self.ok("logged in")

    def told(self, event, message):
        if self.server.hook:
            try:
                self.server.hook(event, self, message)
            except OSError as problem:  # not the connection's
                raise RuntimeError("the hook failed at %s" % event) from problem
