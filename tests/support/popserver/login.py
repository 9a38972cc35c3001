"""CAPA, STLS and every way to log in."""

import base64
import hashlib

from . import tokens


def capa(session, _):
    behaviour = session.behaviour
    state = "login" if session.user else "tls" if session.wire.tls else "plain"
    if state in behaviour.capa:
        raw = behaviour.capa[state]
        session.write(b"-ERR unknown command\r\n" if raw is None else raw)
        return
    lines = [b"CAPA", b"RESP-CODES", *behaviour.extra] + [b"AUTH-RESP-CODE"] * behaviour.auth_resp_code
    lines += [b"TOP"] * behaviour.top + [b"UIDL"] * behaviour.uidl
    lines += [b"PIPELINING"] * behaviour.pipelining + [b"UTF8"] * behaviour.utf8
    if behaviour.user_listed:
        lines.append(b"USER")
    if behaviour.sasl:
        lines.append(b"SASL " + b" ".join(behaviour.sasl))
    if state == "plain" and session.server.tls == "stls" and behaviour.stls != "absent":
        lines.append(b"STLS")
    session.write(b"+OK list follows\r\n" + b"".join(line + b"\r\n" for line in lines) + b".\r\n")


def stls(session, _):
    kind = session.behaviour.stls
    if session.wire.tls or session.server.tls != "stls" or kind in ("absent", "refused"):
        return session.no("no TLS here")
    if kind == "inject":
        session.write(b"+OK begin TLS\r\n+OK injected in plain text\r\n")
        session.wire.start_tls(session.server.context)
    elif kind == "garbage":
        session.write(b"+OK begin TLS\r\n")
        session.wire.flush()
        session.wire.receive()
        session.wire.write(b"this is no TLS record\r\n")
        session.wire.end("close")
    else:
        session.ok("begin TLS")
        session.wire.start_tls(session.server.context)


def utf8(session, _):
    session.ok("UTF8") if session.behaviour.utf8 else session.no("unknown command")


def user(session, argument):
    session.name = argument
    session.ok("password?")


def password(session, argument):
    # Lines are read as latin-1; a password is UTF-8 on the wire.
    check(session, session.name, argument.encode("latin-1").decode("utf-8", "replace"))


def apop(session, argument):
    name, _, digest = argument.rpartition(" ")
    secret = session.server.users.get(name)
    stamp = session.behaviour.apop
    if secret and stamp and hashlib.md5(stamp + secret.encode()).hexdigest() == digest:
        return session.logged_in(name)
    session.no("[AUTH] wrong")


def auth(session, argument):
    mechanism, _, initial = argument.partition(" ")
    if not session.behaviour.accept_sasl:
        return session.no("[AUTH] mechanism disabled")
    if not mechanism:
        names = b"".join(name + b"\r\n" for name in session.behaviour.sasl)
        return session.write(b"+OK mechanisms\r\n" + names + b".\r\n")
    if initial and session.behaviour.two_step_only:
        return session.no("no initial response, please")
    if mechanism.upper() in ("XOAUTH2", "OAUTHBEARER") and mechanism.upper().encode() in session.behaviour.sasl:
        return tokens.auth(session, mechanism.upper(), initial)
    if mechanism.upper() != "PLAIN" or b"PLAIN" not in session.behaviour.sasl:
        return session.no("mechanism unknown")
    if not initial:
        session.write(b"+ \r\n")
        initial = session.wire.read_line().decode("latin-1")
        session.server.log.add("continuation", session.number, line=initial, tls=session.wire.tls)
    try:
        _, name, secret = base64.b64decode(initial, validate=True).decode().split("\0")
    except ValueError:
        return session.no("that is no answer")
    check(session, name, secret)


def check(session, name, secret):
    if name and session.server.users.get(name) == secret:
        if session.maildrop.too_soon(session.behaviour.login_delay):
            return session.no("[LOGIN-DELAY] too soon")
        session.logged_in(name)
    else:
        session.no("[AUTH] wrong name or password")


COMMANDS = {"CAPA": capa, "STLS": stls, "UTF8": utf8, "USER": user, "PASS": password,
            "APOP": apop, "AUTH": auth}
