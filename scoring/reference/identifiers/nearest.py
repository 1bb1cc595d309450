"""What is near a query that nothing fits exactly: candidates for the user, or a name with a typing error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from scoring.reference.identifiers.index import Index
from scoring.reference.identifiers.match import Candidate, Match, Miss
from scoring.reference.identifiers.symbols import code_key

MAX_CANDIDATES: Final = 5

MIN_SIMILARITY: Final = 60.0
"""Likeness from which a company is worth showing; below it, unrelated short names begin to appear."""

MIN_NUMBER_SIMILARITY: Final = 90.0
"""The same for ISINs and FIGIs, which share prefixes: one wrong digit of twelve is 92."""

MIN_LETTERS_FOR_ERROR: Final = 5
"""Words shorter than this must be right: one letter makes another company of them (ACM, Lam)."""

# Queries compared in one call: the matrix of likenesses stays small.
_CHUNK: Final = 512

# Texts of one pool looked at per query: a company has up to four forms of its name.
_PER_POOL: Final = 4 * MAX_CANDIDATES


class Near(NamedTuple):
    """A known text near a query, and the row it belongs to."""

    row: int
    text: str
    similarity: float


class Pool:
    """Known texts, each of a row of some table.

    Parameters
    ----------
    texts : sequence of (str, int)
        Each text with its row.
    least : float
        Likeness below which nothing is returned.
    """

    def __init__(self, texts: Sequence[tuple[str, int]], least: float) -> None:
        self._texts = [text for text, _ in texts]
        self._rows = [row for _, row in texts]
        self._least = least

    def near(self, queries: Sequence[str]) -> list[list[Near]]:
        """Nearest texts per query, best first; none for an empty query."""
        if not any(queries) or not self._texts:
            return [[] for _ in queries]
        likeness = cdist(queries, self._texts, scorer=fuzz.ratio, score_cutoff=self._least, dtype=np.float32)
        return [self._ranked(row) for row in likeness]

    def _ranked(self, likeness: np.ndarray) -> list[Near]:
        above = np.flatnonzero(likeness)
        best = above[np.argsort(-likeness[above], kind="stable")][:_PER_POOL].tolist()
        return [Near(self._rows[i], self._texts[i], float(likeness[i])) for i in best]


class Nearest:
    """Compares queries with every code, number and name of an index.

    Parameters
    ----------
    index : Index
    threshold, margin : float
        From which likeness, and with how much ahead of the second, a near name is taken; see `Resolver`.
    """

    def __init__(self, index: Index, threshold: float, margin: float) -> None:
        self._index, self._threshold, self._margin = index, threshold, margin
        numbers = [(number, row) for number, rows in index.numbers.items() for row in rows]
        codes = [(code_key(ticker), row) for row, ticker in enumerate(index.tickers)]
        names = [(form, company) for form, companies in index.name_index.items() for company in companies]
        self._numbers = Pool(numbers, MIN_NUMBER_SIMILARITY)
        self._codes = Pool(codes, MIN_SIMILARITY)
        self._names = Pool(sorted(names), MIN_SIMILARITY)

    def search(self, missed: Mapping[str, Miss]) -> Iterator[Match]:
        """One match per missed query, in order."""
        queries = iter(missed.items())
        while chunk := list(islice(queries, _CHUNK)):
            numbers = self._numbers.near([miss.number for _, miss in chunk])
            codes = self._codes.near([miss.code for _, miss in chunk])
            names = self._names.near([miss.name for _, miss in chunk])
            for i, (query, miss) in enumerate(chunk):
                yield self._match(query, miss, [*numbers[i], *codes[i]], names[i])

    def _match(self, query: str, miss: Miss, listings: list[Near], names: list[Near]) -> Match:
        meant = self._misspelt(miss.name, names) if miss.may_be_name else []
        if len(meant) == 1:
            listing = self._index.primary_listing(meant[0])
            return Match(query, "ok", meant[0], listing, "name-fuzzy", reason=f"{miss.name!r} read as a misspelling")
        candidates = self._candidates(listings, names)
        if meant:
            reason = "near the names of several companies"
            return Match(query, "ambiguous", candidates=candidates, reason=reason)
        return Match(query, "unresolved", candidates=candidates, reason=miss.reason)

    def _misspelt(self, name: str, names: list[Near]) -> list[int]:
        """Company whose name, mistyped, is `name`; several if they are too close to tell apart; or none."""
        if not names or names[0].similarity < self._threshold:
            return []
        if not _mistyped(name, names[0].text):
            return []
        close = names[0].similarity - self._margin
        return list(dict.fromkeys(near.row for near in names if near.similarity >= close))

    def _candidates(self, listings: list[Near], names: list[Near]) -> tuple[Candidate, ...]:
        """Nearest companies, each with the listing whose code is near or else its primary one."""
        index = self._index
        seen = [(near.similarity, index.company_of[near.row], near.row) for near in listings]
        seen += [(near.similarity, near.row, index.primary_listing(near.row)) for near in names]
        best: dict[int, Candidate] = {}
        for similarity, company, listing in sorted(seen, key=lambda s: (-s[0], s[1])):
            if company not in best and len(best) < MAX_CANDIDATES:
                best[company] = index.candidate(company, listing, similarity)
        return tuple(best.values())


def _mistyped(written: str, known: str) -> bool:
    """Whether one text is the other with at most one typing error in each of its long words."""
    pairs = list(zip(written.split(), known.split(), strict=False))
    if len(pairs) < 2 or len(pairs) != len(written.split()) or len(pairs) != len(known.split()):
        return False
    return all(
        one == other or (min(len(one), len(other)) >= MIN_LETTERS_FOR_ERROR and OSA.distance(one, other) <= 1)
        for one, other in pairs
    )
