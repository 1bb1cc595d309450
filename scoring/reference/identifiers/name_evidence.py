"""Whether the name in a file and the name of a company can be of the same company."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final, Literal, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from scoring.data import read_words
from scoring.reference.identifiers import names

Agreement = Literal["same", "similar", "differs", "incomparable", "missing"]
"""How the name in a file compares with that of the company."""

_MIN_PREFIX: Final = 3
_MIN_LETTERS_FOR_ERROR: Final = 5
_ALIKE: Final = 90.0


def agreement(written: str, known: Iterable[str]) -> Agreement:
    """Compare the name in a file with the names of a company.

    Parameters
    ----------
    written : str
        As in the file; abbreviations, legal forms and words for the kind of share do not matter.
    known : iterable of str
        Every name that the company has.

    Returns
    -------
    Agreement
        ``same`` for the same words, ``similar`` for a telling word in common, ``incomparable`` where the two are in
        different scripts, else ``differs``.
    """
    given = _telling(written)
    if not given:
        return "missing" if not written.strip() else "incomparable"
    others = [other for name in known for alias in names.aliases(name) if (other := _telling(alias))]
    if any(given == other for other in others):
        return "same"
    if any(_alike(given, other) for other in others):
        return "similar"
    scripts = {_is_latin(given), *(_is_latin(other) for other in others)}
    return "differs" if _is_latin(given) in {_is_latin(other) for other in others} and scripts else "incomparable"


def _telling(text: str) -> list[str]:
    """Words of a name without legal forms and words for the paper, abbreviations spelled out."""
    short, paper, _ = _words()
    expanded = [short.get(word, word) for word in names.words(text)]
    dropped = names.LEGAL_FORMS | names.GROUP_WORDS | paper
    without = [word for word in expanded if word not in dropped]
    return without or expanded


def _alike(given: list[str], known: list[str]) -> bool:
    common = _words().common
    if any(a not in common and b not in common and _same_word(a, b) for a in given for b in known):
        return True
    one, other = "".join(given), "".join(known)
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 2 * _MIN_PREFIX and longer.startswith(shorter):
        return True
    for words, text in ((given, other), (known, one)):  # TSMC, IBM
        if len(words) >= _MIN_PREFIX and "".join(word[0] for word in words)[: len(text)] == text and len(text) >= 3:
            return True
    return fuzz.token_sort_ratio(" ".join(given), " ".join(known)) >= _ALIKE


def _same_word(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= _MIN_PREFIX and longer.startswith(shorter) and not shorter.isdigit():
        return len(shorter) > _MIN_PREFIX or one == other or len(longer) <= 2 * _MIN_PREFIX
    return len(shorter) >= _MIN_LETTERS_FOR_ERROR and OSA.distance(one, other) <= 1


def _is_latin(words: list[str]) -> bool:
    return all(letter.isascii() for word in words for letter in word)


class _Words(NamedTuple):
    """Words of names, from `data/files/name_words.csv`.

    `short` maps an abbreviation to its word; `paper` says what kind of share it is; `common` are shared by so many
    companies that by themselves they do not make two names alike.
    """

    short: dict[str, str]
    paper: frozenset[str]
    common: frozenset[str]


@cache
def _words() -> _Words:
    table = dict(read_words("name_words"))
    short = {word: use.removeprefix("short for ") for use, words in table.items() if " for " in use for word in words}
    return _Words(short, frozenset(table["of the paper"]), frozenset(table["common"]))
