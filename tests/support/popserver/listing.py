"""STAT, LIST and UIDL, right or wrong."""


def snapshot(session):
    """The numbers of this session, given once at login."""
    behaviour = session.behaviour
    messages = session.maildrop.present()
    if behaviour.hide_retrieved:
        messages = [message for message in messages if not message.popped]
    if behaviour.show:
        messages = messages[: behaviour.show]
    if behaviour.listing == "empty":
        messages = []
    if behaviour.rotate and messages:
        shift = (session.number - 1) % len(messages)
        messages = messages[shift:] + messages[:shift]
    numbers = behaviour.numbers or range(1, len(messages) + 1)
    return dict(zip(numbers, messages))


def size(session, message):
    data = session.data(message)
    octets = len(data)
    if session.behaviour.sizes == "lf":
        return octets - data.count(b"\r\n")
    if session.behaviour.sizes == "rounded":
        return (octets + 1023) // 1024 * 1024
    return octets


def stat(session, _):
    if session.behaviour.stat is not None:
        return session.write(session.behaviour.stat)
    left = [message for number, message in session.listing.items() if number not in session.marked]
    session.ok("%d %d" % (len(left), sum(len(session.data(message)) for message in left)))


def list_(session, argument):
    lines = session.behaviour.list_lines
    show(session, argument, lines, lambda message: b"%d" % size(session, message),
         session.behaviour.list_extra)


def uidl(session, argument):
    if not session.behaviour.uidl:
        return session.no("unknown command")
    show(session, argument, session.behaviour.uidl_lines, lambda message: message.uid,
         session.behaviour.uidl_extra)


def show(session, argument, special, value, extra):
    if argument:
        message = session.message(argument)
        number = int(argument) if message else 0
        if not message or number in session.marked:
            return session.no("no such message")
        return session.write(b"+OK " + line(number, message, special, value))
    kind = session.behaviour.listing
    if kind == "endless":
        return endless(session)
    rows = [(number, message) for number, message in session.listing.items()
            if number not in session.marked]
    if session.behaviour.order == "reversed":
        rows.reverse()
    text = b"".join(line(number, message, special, value) for number, message in rows)
    if kind == "million":
        extra = b"".join(b"%d 1%06d\r\n" % (n, n) for n in range(len(rows) + 1, 1000001))
    session.write(b"+OK\r\n" + text + extra + b".\r\n")


def line(number, message, special, value):
    if message.number not in special:
        return b"%d %s\r\n" % (number, value(message))
    template = special[message.number]
    return b"" if template is None else template.replace(b"%d", b"%d" % number) + b"\r\n"


def endless(session):
    session.write(b"+OK\r\n")
    number = 0
    while True:
        session.write(b"".join(b"%d uid-%d\r\n" % (n, n) for n in range(number + 1, number + 5001)))
        number += 5000


COMMANDS = {"STAT": stat, "LIST": list_, "UIDL": uidl}
