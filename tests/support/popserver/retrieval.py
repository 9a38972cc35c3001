"""RETR, TOP, DELE, RSET, NOOP and QUIT."""

from .behaviour import Body


def stuff(data):
    """RFC 1939: one more dot for every line that begins with one."""
    data = data.replace(b"\r\n.", b"\r\n..")
    return b"." + data if data.startswith(b".") else data


def with_final_newline(data):
    return data if not data or data.endswith(b"\r\n") else data + b"\r\n"


def encode(data, body):
    """The bytes behind the status line, terminator included."""
    if body.raw is not None:
        return body.raw
    text = stuff(data) if body.stuff else data
    if body.final_newline:
        text = with_final_newline(text)
    elif text.endswith(b"\r\n"):
        text = text[:-2]
    return text + body.end


def cut(text, place):
    """The part of a body that is still sent before the connection ends."""
    half = text.find(b"\r\n", len(text) // 2) + 2
    return {
        "after-status": text[:0],
        "after-line": text[:half],
        "mid-line": text[: half + 3],
        "before-last-lf": text[:-4],
        "mid-terminator": text[:-2],
        "before-terminator": text[:-3],
    }[place]


def retr(session, argument):
    message = session.message(argument)
    if not message or int(argument) in session.marked:
        return session.no("no such message")
    if message.gone:
        return session.no("Message %s expunged." % argument)
    if session.behaviour.daily is not None and session.maildrop.given_out >= session.behaviour.daily:
        return session.no("[SYS/TEMP] daily limit exceeded")
    session.maildrop.given_out += 1
    body = session.behaviour.bodies.get(message.number, Body())
    if body.sessions and session.number not in body.sessions:
        body = Body()
    if body.pipelined_only and not (session.pipelined or session.wire.waiting_lines()):
        body = Body()
    session.retrieved.add(message.number)
    data = session.data(message)
    session.write(b"+OK %d octets\r\n" % len(data))
    data = shortened(session, message, data, body)
    text = encode(data, body)
    if body.drip:
        session.write(text[: body.at_once])
        session.wire.drip(text[body.at_once :], body.drip)
    elif body.cut:
        session.write(cut(text, body.cut))
        session.wire.end(body.how)
    elif session.behaviour.pipeline == "interleaved":
        interleave(session, text)
    else:
        session.write(text + body.after)


def shortened(session, message, data, body):
    """What this RETR brings of the message: all, or its beginning only."""
    lengths = session.lengths.setdefault(message.number, list(body.lengths))
    return data[: lengths.pop(0) - 2] + b"\r\n" if lengths and lengths[0] < len(data) else data


def interleave(session, text):
    """The next RETR's reply is sent before this one's terminator."""
    waiting = session.wire.waiting_lines()
    if not waiting or waiting[0][:4].upper() != b"RETR":
        return session.write(text)
    session.write(text[:-3])
    session.handle(session.wire.read_line())
    session.write(text[-3:])


def top(session, argument):
    if not session.behaviour.top:
        return session.no("unknown command")
    message = session.message(argument)
    lines = argument.rpartition(" ")[2]
    if not message or int(argument.split(" ")[0]) in session.marked or not lines.isdigit():
        return session.no("no such message")
    if message.gone:
        return session.no("Message expunged.")
    if session.behaviour.short_after_top:
        session.lengths[message.number] = [session.behaviour.short_after_top * 4**n for n in range(20)]
    data = session.data(message)
    head, blank, body = data.partition(b"\r\n\r\n")
    if data.startswith(b"\r\n"):
        head, blank, body = b"", b"\r\n", data[2:]
    part = head + blank + b"".join(row + b"\r\n" for row in body.split(b"\r\n")[: int(lines)])
    session.write(b"+OK\r\n" + with_final_newline(stuff(part)) + b".\r\n")


def dele(session, argument):
    message = session.message(argument)
    if not message or int(argument) in session.marked:
        return session.no("no such message")
    session.told("DELE", message)
    session.marked[int(argument)] = message
    message.deletes += 1
    if session.behaviour.dele == "at-once":
        apply(session, message)
    session.ok("marked")


def apply(session, message):
    if not session.maildrop.remove(message):
        return
    session.server.log.add("applied", session.number, message=message.number,
                           uid=message.uid.decode("latin-1"))
    session.told("applied", message)


def rset(session, _):
    session.marked.clear()
    session.ok()


def noop(session, _):
    session.ok()


def quit_(session, _):
    if session.user:
        if session.behaviour.dele != "ignored":
            for message in session.marked.values():
                if not message.gone:
                    apply(session, message)
        for number in session.retrieved:
            session.maildrop.by_number(number).popped = True
    session.ok("bye")


COMMANDS = {"RETR": retr, "TOP": top, "DELE": dele, "RSET": rset, "NOOP": noop, "QUIT": quit_}
