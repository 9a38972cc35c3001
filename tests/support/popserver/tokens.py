"""AUTH XOAUTH2 and OAUTHBEARER (RFC 7628), with the refusals that providers send."""

import base64


def auth(session, mechanism, initial):
    """`server.tokens` maps users to their access tokens."""
    behaviour = session.behaviour
    if not initial:
        session.write(b"+ \r\n")
        initial = _line(session)
    try:
        text = base64.b64decode(initial, validate=True).decode()
    except ValueError:
        return session.no("that is no answer")
    name, token = _parts(mechanism, text)
    refusal = behaviour.token_refusal
    if refusal is None and behaviour.token_challenge is None and name and session.server.tokens.get(name) == token:
        return session.logged_in(name)
    challenge = behaviour.token_challenge
    if refusal is None and challenge is None:
        challenge = b'{"status":"401","schemes":"bearer","scope":"mail"}'
    if challenge is not None:
        session.write(b"+ " + base64.b64encode(challenge) + b"\r\n")
        _line(session)
    refusal = refusal or b"-ERR [AUTH] token refused"
    session.write(refusal.replace(b"%TOKEN%", (token or "").encode()) + b"\r\n")


def _line(session):
    line = session.wire.read_line().decode("latin-1")
    session.server.log.add("continuation", session.number, line=line, tls=session.wire.tls)
    return line


def _parts(mechanism, text):
    fields = text.split("\x01")
    if mechanism == "XOAUTH2":
        name = fields[0].removeprefix("user=")
    else:
        name = fields[0].removeprefix("n,a=").removesuffix(",")
    bearer = [field.removeprefix("auth=Bearer ") for field in fields if field.startswith("auth=Bearer ")]
    return name, bearer[0] if bearer else None
