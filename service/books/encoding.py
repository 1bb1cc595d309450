"""Bytes of a file that should be text, decoded, with the encoding said where it is not UTF-8."""

from __future__ import annotations

import codecs
from typing import Final

from scoring.errors import InputError

_SAVE_AS_UTF8: Final = "save it as UTF-8 (in Excel: CSV UTF-8), or as .xlsx, or name its encoding with --encoding"

# The mark of UTF-32 begins with that of UTF-16, so it is looked for first.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

DETECTED: Final = ("cp1252", "cp932", "cp949", "gb18030")
"""Encodings that are told from each other: what programs write where they do not write UTF-8, in Western Europe,
Japan, Korea and China."""

_CONTROLS: Final = frozenset(range(32)) - {9, 10, 11, 12, 13, 26, 28, 29, 30, 31}
_SAMPLE: Final = 100_000


def decode(name: str, data: bytes, encoding: str | None = None) -> tuple[str, str | None]:
    """Text of a file.

    Parameters
    ----------
    name : str
        Name of the file, for the message.
    data : bytes
        Its content.
    encoding : str, optional
        Its encoding, where the user names it. Default: its byte-order mark decides, else UTF-8 if it is that, else
        the likeliest of `DETECTED`.

    Returns
    -------
    text : str
        Without its byte-order mark.
    detected : str or None
        Encoding that was detected; None where there was nothing to detect.

    Raises
    ------
    InputError
        It is not text, or not in the encoding that is named, or in none that is known.
    """
    if encoding is not None:
        return _named(name, data, encoding), None
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    detected = None
    try:
        text = data.decode(marked or "utf-8")
    except UnicodeDecodeError as error:
        detected = None if marked else _detect(data)
        if detected is None:
            line = data.count(b"\n", 0, error.start) + 1
            problem = f"is not {(marked or 'utf-8').upper()} text (line {line}), nor in a known encoding"
            raise InputError(name, problem, _SAVE_AS_UTF8) from None
        text = data.decode(detected)
    if "\0" in text:
        raise InputError(name, "is a binary file, or UTF-16 without a byte-order mark", _SAVE_AS_UTF8)
    return text, detected


def _named(name: str, data: bytes, encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding)
        if not codec._is_text_encoding:
            raise LookupError
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        known = ", ".join(("utf-8", *DETECTED))
        raise InputError("--encoding", f"{encoding[:40]!r} is not an encoding", f"write one such as {known}") from None
    try:
        return data.decode(codec.name).removeprefix("\ufeff")
    except UnicodeError:
        raise InputError(name, f"is not {encoding[:40]} text", "name another one, or leave --encoding out") from None


def _detect(data: bytes) -> str | None:
    """Likeliest of the encodings that fit every byte: the one in which most header words are known.

    Short files say little by their letters' frequencies, and much by their first lines.
    """
    if any(byte in _CONTROLS for byte in data):  # text has none
        return None
    fitting = [encoding for encoding in DETECTED if _fits(data, encoding)]
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    known = {encoding: _known_headers(data, encoding) for encoding in fitting}
    most = max(known.values())
    best = [encoding for encoding in fitting if known[encoding] == most]
    return best[0] if len(best) == 1 else _by_frequency(data, best)


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _known_headers(data: bytes, encoding: str) -> int:
    """Header cells in the first lines that are written with more than ASCII and are known words."""
    from service.books.header import LINES_SEARCHED
    from service.books.words import read_title

    cells: set[str] = set()
    for line in data.split(b"\n", LINES_SEARCHED)[:LINES_SEARCHED]:
        text = line[:_SAMPLE].decode(encoding, errors="ignore")
        for delimiter in ",;\t|":
            cells.update(cell.strip(' "\r') for cell in text.split(delimiter))
    return sum(not cell.isascii() and read_title(cell).role is not None for cell in cells)


def _by_frequency(data: bytes, encodings: list[str]) -> str:
    """Likeliest by how its letters follow each other; Korean before Chinese only where every letter is Hangul."""
    from charset_normalizer import from_bytes

    found = from_bytes(data[:_SAMPLE], cp_isolation=encodings, preemptive_behaviour=False)
    ranked = sorted((match.chaos, -match.coherence, match.encoding) for match in found if match.encoding in encodings)
    best = [encoding for chaos, order, encoding in ranked if (chaos, order) == ranked[0][:2]] or encodings
    if {"cp949", "gb18030"} <= set(best):
        letters = [letter for letter in data.decode("cp949") if letter.isalpha() and not letter.isascii()]
        return "cp949" if all("가" <= letter <= "힣" for letter in letters) else "gb18030"
    return best[0]
