"""Ways in which a file arrives damaged."""

from __future__ import annotations

import random

DAMAGES = (
    "none",
    "flipped bytes",
    "truncated",
    "another encoding",
    "lines doubled",
    "lines out of order",
    "bytes inserted",
    "line ends",
    "blank lines",
    "joined to itself",
)


def damaged(data: bytes, damage: str, dice: random.Random) -> bytes:
    """Damage the content of a file."""
    match damage:
        case "flipped bytes":
            return _flipped(data, dice, dice.randint(1, 8))
        case "truncated":
            return data[: dice.randint(0, len(data))]
        case "another encoding":
            return _recoded(data, dice)
        case "lines doubled" | "lines out of order" | "blank lines":
            return _reordered(data, damage, dice)
        case "bytes inserted":
            at = dice.randint(0, len(data))
            return data[:at] + dice.randbytes(dice.randint(1, 6)) + data[at:]
        case "line ends":
            return data.replace(b"\n", dice.choice([b"\r\n", b"\r", b"\n\n"]))
        case "joined to itself":
            return data + data
    return data


def _flipped(data: bytes, dice: random.Random, count: int) -> bytes:
    changed = bytearray(data)
    for _ in range(count if changed else 0):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _recoded(data: bytes, dice: random.Random) -> bytes:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data
    encoding = dice.choice(["utf-16", "utf-16-le", "cp1252", "cp932", "cp949", "gb18030", "utf-32", "mac-roman"])
    return text.encode(encoding, errors="replace")


def _reordered(data: bytes, damage: str, dice: random.Random) -> bytes:
    lines = data.split(b"\n")
    if damage == "lines doubled":
        lines.insert(dice.randrange(len(lines) + 1), dice.choice(lines))
    elif damage == "blank lines":
        for _ in range(dice.randint(1, 5)):
            lines.insert(dice.randrange(len(lines) + 1), dice.choice([b"", b" ", b",,,", b"\t"]))
    else:
        dice.shuffle(lines)
    return b"\n".join(lines)
