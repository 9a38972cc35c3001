"""Row 23: TLS that is absent, refused, broken or somebody else's."""

from ..behaviour import Behaviour
from .scenario import Scenario

NEVER = ("USER", "PASS", "AUTH", "APOP", "UIDL", "LIST", "RETR", "DELE")
BARE = b"+OK\r\nTOP\r\nUIDL\r\nUSER\r\n.\r\n"


def insecure(name, does, behaviour=Behaviour(), exits=(76,), **more):
    return Scenario("D23-" + name, does, behaviour, exits=exits, archived=(), kept=(1, 2, 3, 4, 5),
                    never=NEVER, **{"tls": ("stls",), **more})


def certificate(kind, does, *said):
    return insecure("certificate-" + kind, does, certificate=kind, tls=("implicit", "stls"),
                    said=(("certificate",), *((words,) for words in said)))


ROWS = [
    insecure("stls-absent", "offers no STLS", Behaviour(stls="absent"), said=(("stls", "tls"),)),
    insecure("capa-stripped", "has its CAPA stripped of STLS", Behaviour(capa={"plain": BARE}), said=(("stls", "tls"),)),
    insecure("capa-err", "knows no CAPA, hence no STLS", Behaviour(capa={"plain": None}), said=(("stls", "tls"),)),
    insecure("stls-refused", "lists STLS and refuses it", Behaviour(stls="refused"), said=(("stls", "tls"),)),
    insecure("stls-injected", "sends plain text behind STLS's +OK", Behaviour(stls="inject"), said=(("spoke in plaintext",),)),
    insecure("stls-garbage", "answers the TLS hello with text", Behaviour(stls="garbage"), said=(("no TLS connection",),)),
    certificate("wrong-host", "shows a certificate for another host", "for another host"),
    certificate("expired", "shows an expired certificate", "expired"),
    certificate("not-yet-valid", "shows a certificate of the future", "not yet valid"),
    certificate("self-signed", "shows a self-signed certificate", "self-signed"),
    certificate("unknown-ca", "shows a certificate of an unknown authority", "unknown authority"),
    insecure("old-tls", "has TLS 1.1 and nothing newer", certificate="old-tls", tls=("implicit", "stls"), said=(("1.2",),)),
    insecure("pin-mismatch", "has another public key than the pinned one", said=(("not the pinned one",),), tls=("implicit", "stls"),
             extra_args=("--pin", "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")),
]
