"""What a power cut may make of an append that was not synced, done to the file by hand."""
from .books import Books


def extent(place):
    """The first prepared row's start, and the file that it is in."""
    rows = [row for row in Books(place.archive).rows if row[0] == "prepared"]
    if not rows:
        return None
    return place.archive / rows[0][5], rows[0][2]


def tear(place, change):
    found = extent(place)
    if not found or not found[0].exists():
        return 0
    path, start = found
    data = path.read_bytes()
    changed = change(data[:start], data[start:])
    if changed == data:
        return 0
    with open(path, "r+b") as file:
        file.truncate(len(changed))
        file.write(changed)
    return 1


def half(place):
    return tear(place, lambda before, piece: before + piece[:len(piece) // 2])


def last_bytes_lack(place):
    return tear(place, lambda before, piece: before + piece[:-100])


def zeroed(place):
    return tear(place, lambda before, piece: before + bytes(len(piece)))


def first_block_zeroed(place):
    return tear(place, lambda before, piece: before + bytes(min(4096, len(piece))) + piece[4096:])


def zeroed_behind_a_piece_of_the_postmark(place):
    return tear(place, lambda before, piece: before + piece[:9] + bytes(len(piece) - 9))


def absent(place):
    return tear(place, lambda before, piece: before)


ALL = [half, last_bytes_lack, zeroed, first_block_zeroed, zeroed_behind_a_piece_of_the_postmark, absent]
