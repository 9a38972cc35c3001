"""The shape of a row in the table of server behaviours."""

from dataclasses import dataclass, field

from .. import corpus
from ..behaviour import Behaviour
from ..maildrop import Maildrop

ALL = "all"


def but(*numbers):
    """Every message except these."""
    return ("but", numbers)


@dataclass(frozen=True)
class Scenario:
    """`exits`: allowed exit codes of the first run, `exits_deleting` of one that deletes. `archived`: ALL, but(…), () or a tuple of
    places: what must stand in the mbox after it. `forbidden`: what may not. `kept`: what may
    not be deleted. `said`: of each tuple one word must be in standard error (case ignored).
    `never`: verbs that may not be sent. Where all but what is `kept` is archived, a deleting run deletes all but that. `between`: what happens to the maildrop between the
    two runs. `modes`: with which delete policies the row runs. `tls`: the modes in which the row runs. `patience`: seconds for the first run."""

    id: str
    does: str
    behaviour: Behaviour = Behaviour()
    exits: tuple = (0,)
    exits_deleting: tuple | None = None  # None: the same
    archived: object = ALL
    forbidden: tuple = ()
    kept: tuple = ()
    said: tuple = ()
    silent: bool = False  # a passing trouble: told to a person, not to cron
    never: tuple = ()
    sign_ins: int | None = None  # how often PASS may be sent in the first run
    tls: tuple = ("off",)
    certificate: str = "good"
    uids: dict = field(default_factory=dict)
    messages: object = "plain"
    between: str = ""
    both: bool = False  # the defect stays for the second run
    new_in_second: int | None = None  # how many RETRs the second run may need at most
    modes: tuple = ("keep", "delete")
    patience: float = 25
    timeout: int = 3  # of the first run's --timeout
    extra_args: tuple = ()

    def maildrop(self):
        data = corpus.messages(self.messages) if isinstance(self.messages, str) else self.messages()
        return Maildrop(data, self.uids)

    def required(self, count):
        if self.archived == ALL:
            return set(range(1, count + 1))
        if self.archived and self.archived[0] == "but":
            return set(range(1, count + 1)) - set(self.archived[1])
        return set(self.archived)
