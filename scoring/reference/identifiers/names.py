"""Company names in a form that can be compared: no case, accents, punctuation or legal form."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS: Final = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"})

_APOSTROPHES: Final = re.compile(r"['’‘`´]")
_NOT_WORD: Final = re.compile(r"[\W_]+")
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_ASCII: Final = {code: None if chr(code) in "'`" else " " for code in range(128) if not chr(code).isalnum()}
_NATIVE_FORMS: Final = re.compile(r"株式会社|\(株\)|주식회사|\(주\)|股份有限公司|有限公司")
"""Legal forms of Japan, Korea and China, which stand before or behind a name without a space."""

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
    found = text.lower().translate(_ASCII).split() if text.isascii() else _words_of_any_script(text)
    if any(len(word) == 1 for word in found):
        found = _with_joined_initials(found)
    found = [_SAME.get(word, word) for word in found if word != "and"]
    return found[1:] if len(found) > 1 and found[0] == "the" else found


def _words_of_any_script(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    # Only accents of the Latin kind: the marks that tell Japanese syllables apart stay.
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", plain))
    return _NOT_WORD.sub(" ", _NATIVE_FORMS.sub(" ", _APOSTROPHES.sub("", plain))).split()


def _with_joined_initials(words: list[str]) -> list[str]:
    """Initials as one word whether written `N.V.`, `N. V.` or `NV`."""
    merged: list[str] = []
    initials = False
    for word in words:
        initial = len(word) == 1 and word.isalpha() and word.isascii()
        if initial and initials:
            merged[-1] += word
        else:
            merged.append(word)
        initials = initial
    return merged


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
    if "(" not in name:
        return [name]
    inside = [alias.removeprefix("formerly ") for alias in _PARENTHESIS.findall(name)]
    return [alias for alias in (_PARENTHESIS.sub(" ", name).strip(), *inside) if alias]
