"""Company names in a form that can be compared: no case, accents, punctuation or legal form."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS: Final = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"})

_APOSTROPHES: Final = re.compile(r"['’‘`´]")
_NOT_WORD: Final = re.compile(r"[\W_]+")
_PARENTHESIS: Final = re.compile(r"\(([^()]*)\)")

_SAME: Final = {
    "incorporated": "inc",
    "corporation": "corp",
    "limited": "ltd",
    "company": "co",
    "companies": "co",
}

# fmt: off
LEGAL_FORMS: Final = frozenset({
    "inc", "corp", "ltd", "co", "llc", "lp", "plc", "nv", "bv", "ag", "se", "sa", "sas", "spa", "ab", "publ",
    "asa", "as", "oyj", "oy", "kgaa", "kg", "gmbh", "sca", "kk", "adr", "ads",
})
# fmt: on
"""Words at the end of a name that say what kind of company it is, or that the paper is a receipt."""

GROUP_WORDS: Final = frozenset({"group", "holding", "holdings"})
"""Words at the end of a name that may be left out, although they can tell two companies apart."""


def words(text: str) -> list[str]:
    """Words of a name, comparable: ``The Estée Lauder Companies`` -> ``estee lauder co``."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = _NOT_WORD.sub(" ", _APOSTROPHES.sub("", plain))
    merged: list[str] = []
    initials = False
    for word in plain.split():
        # Initials stay one word whether written `N.V.`, `N. V.` or `NV`.
        initial = len(word) == 1 and word.isalpha()
        if initial and initials:
            merged[-1] += word
        else:
            merged.append(word)
        initials = initial
    merged = [_SAME.get(word, word) for word in merged if word != "and"]
    return merged[1:] if len(merged) > 1 and merged[0] == "the" else merged


def forms(text: str) -> list[str]:
    """Forms of one name from full to bare: ``merck co inc``, ``merck co``, ``merck``; empty for no words."""
    left = words(text)
    found = [" ".join(left)] if left else []
    while len(left) > 1 and (left[-1] in LEGAL_FORMS or left[-1] in GROUP_WORDS):
        left = left[:-1]
        found.append(" ".join(left))
    return found


def aliases(name: str) -> list[str]:
    """Name without its parentheses, and each name inside them: ``Hon Hai (Foxconn)`` -> Hon Hai, Foxconn."""
    inside = [alias.removeprefix("formerly ") for alias in _PARENTHESIS.findall(name)]
    return [alias for alias in (_PARENTHESIS.sub(" ", name).strip(), *inside) if alias]
