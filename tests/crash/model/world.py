"""Disk, ledger and server, and the one gate that every step passes: there faults strike and the instant
invariants are looked at."""
from . import faults, invariants, mbox
from .disk import Disk
from .ledger import Ledger
from .server import Server

MBOX = "account.mbox"


class World:
    def __init__(self, rules, plan=()):
        self.rules = rules
        self.disk, self.ledger, self.server = Disk(), Ledger(), Server()
        self.plan = dict(plan)   # step number -> fault
        self.trace = []          # (kind, possible power cuts), by step number
        self.recording = True
        self.violations = []
        self.struck = []         # the faults that happened
        self.torn = 0
        self.outsiders = []      # what others did, by name
        self.meanwhile = None    # what they will do while a run waits for the network, once
        self.foreign = []        # messages that another program delivered into the mbox
        self.unsettled = False   # an outsider was here and no run has reconciled since
        self.exempt = set()      # UIDs whose bytes an outsider took, until they stand again
        self.lost_by_outsiders = {}  # content -> copies that he took and the server no longer has

    def violate(self, sentence):
        if sentence not in self.violations:
            self.violations.append(sentence)

    # -- the gate

    def step(self, kind):
        number = len(self.trace)
        self.trace.append((kind, self.disk.cuts() if self.recording else ()))
        invariants.at_every_step(self)
        fault = self.plan.get(number)
        if fault is None:
            return None
        self.struck.append(fault[0])
        if fault == faults.KILL:
            raise faults.Died("kill")
        if fault[0] == "power cut":
            self.disk.crash(fault[1], fault[2])
            self.ledger.crash()
            raise faults.Died("power cut")
        return fault[0]

    def others_act(self):
        deed, self.meanwhile = self.meanwhile, None
        if deed:
            deed()

    # -- files

    def mbox(self):
        return self.disk.names.get(MBOX)

    def create(self, name):
        if self.step("create"):
            raise faults.Failed("create: ENOSPC")
        return self.disk.create(name)

    def write(self, file, offset, data):
        fault = self.step("write")
        if fault == "enospc":
            raise faults.Failed("write: ENOSPC")
        if fault == "enospc behind half":
            file.write(offset, data[:len(data) // 2])
            raise faults.Failed("write: ENOSPC")
        if fault == "silent damage":
            middle = len(data) // 2
            data = data[:middle] + b"?" + data[middle + 1:]
        file.write(offset, data)

    def sync(self, file):
        fault = self.step("sync")
        if fault:
            file.sync_fails("half" in fault)
            if not self.rules.retry_failed_sync:
                raise faults.Failed("sync: EIO")
            self.step("sync")
        file.sync()

    def sync_folder(self):
        if self.step("sync folder"):
            raise faults.Failed("sync folder: EIO")
        self.disk.sync_folder()

    def truncate(self, file, size):
        if self.step("truncate"):
            raise faults.Failed("truncate: EIO")
        file.truncate(size)

    def read_from_device(self, file):
        if self.step("read"):
            raise faults.Failed("read: EIO")
        if self.rules.device_obeys_advice:
            file.drop_cache()
        return bytes(file.cache)

    # -- ledger

    def open_ledger(self):
        if self.rules.checkpoint_inherited_log and self.ledger.fragile:
            if self.step("checkpoint"):
                raise faults.Failed("checkpoint: EIO")
            self.ledger.checkpoint()

    def commit(self, state):
        fault = self.step("commit")
        if fault == "error though done":
            self.ledger.commit(state)
        elif fault == "error though visible, not durable":
            self.ledger.commit_fragile(state)
        elif fault is None:
            self.ledger.commit(state)
            self.unsettled = False
        if fault:
            raise faults.Failed("commit: " + fault)

    # -- server

    def retrieve(self, message):
        if self.step("retrieve"):
            if self.rules.whole_messages_only:
                raise faults.Failed("retrieve: connection cut")
            return message.content[:len(message.content) // 2] + b"\n"
        return message.content

    def quit(self, marked):
        fault = self.step("quit")
        if fault != "connection cut before":
            for message in marked:
                invariants.at_deletion(self, message)
            self.server.delete(marked)
        if fault:
            raise faults.Failed("quit: " + fault)

    def holds(self, view, row):
        return bytes(view[row.start:row.end]) == mbox.stored(row)
