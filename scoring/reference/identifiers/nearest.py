"""What is near a query that nothing fits exactly: candidates for the user, or a name with a typing error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from scoring.reference.identifiers.index import Index
from scoring.reference.identifiers.keys import Keys
from scoring.reference.identifiers.match import Candidate, Match, Miss
from scoring.reference.identifiers.symbols import slips

MAX_CANDIDATES: Final = 5

MIN_SIMILARITY: Final = 80.0
"""Likeness from which the name of a company is worth showing; below it, unrelated names are more than the meant one."""

MIN_WORD_SIMILARITY: Final = 85.0
"""The same for a single word, which must begin with the same letter: Xilinx is not Linde."""

MIN_NUMBER_SIMILARITY: Final = 90.0
"""The same for ISINs and FIGIs, which share prefixes: one wrong digit of twelve is 92."""

MIN_LETTERS_FOR_ERROR: Final = 5
"""Words shorter than this must be right: one letter makes another company of them (ACM, Lam)."""

# Queries compared in one call: what is held at a time stays small.
_CHUNK: Final = 512

# Runs of letters are numbers below _RUNS; two that meet there only cost a comparison.
_RUNS: Final = 1 << 16
_SPREAD: Final = 1_000_003
_END: Final = ord("\n")

# Looked up per query: its rarest runs. Compared with it: the texts that hold most of them.
_RAREST: Final = 8
_COMPARED: Final = 100

# Texts of one pool looked at per query: a company has up to four forms of its name.
_PER_POOL: Final = 4 * MAX_CANDIDATES


class Near(NamedTuple):
    """A known text near a query, and the row it belongs to."""

    row: int
    text: str
    similarity: float


def _is_plausible(name: str, near: Near) -> bool:
    """Whether a user may have meant a near name: a single word is often a name or code of another company."""
    if " " in name or near.text == name or near.text.startswith(f"{name} "):
        return True
    same_start = name[:1] == near.text[:1] and min(len(name), len(near.text)) >= MIN_LETTERS_FOR_ERROR
    return same_start and near.similarity >= MIN_WORD_SIMILARITY


class Pool:
    """Known texts, each of a row of some table, compared by likeness with those that share a run of letters.

    Comparing with every text costs as many comparisons as there are; what shares none of the rarest runs of a query is
    not like it, and is left out at the price of a few look-ups.

    Parameters
    ----------
    texts : sequence of (str, int)
        Each text with its row.
    least : float
        Likeness below which nothing is returned.
    run : int
        Letters in a run: short for codes, longer for names.
    """

    def __init__(self, texts: Sequence[tuple[str, int]], least: float, run: int) -> None:
        self._texts = [text for text, _ in texts]
        self._rows = [row for _, row in texts]
        self._least, self._run = least, run
        if not texts:
            return
        runs, of_text = _runs(self._texts, run)
        order = np.argsort(runs, kind="stable")
        self._holders = of_text[order]
        self._first = np.searchsorted(runs[order], np.arange(_RUNS + 1))

    def near(self, queries: Sequence[str]) -> list[list[Near]]:
        """Nearest texts per query, best first; none for an empty query."""
        if not any(queries) or not self._texts:
            return [[] for _ in queries]
        runs, of_query = _runs(queries, self._run)
        ends = np.searchsorted(of_query, np.arange(len(queries) + 1))
        return [self._nearest(query, runs[ends[i] : ends[i + 1]]) if query else [] for i, query in enumerate(queries)]

    def _nearest(self, query: str, runs: np.ndarray) -> list[Near]:
        first, end = self._first[runs], self._first[runs + 1]
        rarest = np.argsort(end - first, kind="stable")[:_RAREST].tolist()
        held = np.concatenate([self._holders[first[i] : end[i]] for i in rarest])
        shared = np.bincount(held)
        texts = np.flatnonzero(shared)
        if texts.size > _COMPARED:
            texts = texts[np.argsort(-shared[texts], kind="stable")[:_COMPARED]]
        chosen = [self._texts[i] for i in texts.tolist()]
        best = extract(query, chosen, scorer=fuzz.ratio, score_cutoff=self._least, limit=_PER_POOL)
        found = [Near(self._rows[texts[i]], text, similarity) for text, similarity, i in best]
        # A name of which only the beginning is written is less like itself than another short one.
        begun = [i for i, text in enumerate(chosen) if text.startswith(f"{query} ")][:_PER_POOL]
        return found + [Near(self._rows[texts[i]], chosen[i], fuzz.ratio(query, chosen[i])) for i in begun]


def _runs(texts: Sequence[str], run: int) -> tuple[np.ndarray, np.ndarray]:
    """Every run of letters in some texts as a number below `_RUNS`, and the text that each is in; ends count."""
    joined = "\n".join(["", *texts, ""])
    letters = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.int64)
    text = np.cumsum(letters == _END) - 1
    size = letters.size - run + 1
    number = np.zeros(size, dtype=np.int64)
    for place in range(run):
        number = number * _SPREAD + letters[place : place + size]
    # The end of a text belongs to its last run and to the first of the next; a run across two texts is none.
    inside = text[run - 2 : run - 2 + size] == text[:size] if run > 2 else np.ones(size, dtype=bool)
    return (number % _RUNS)[inside], text[:size][inside]


class _Pools:
    """Every number, code and name of the keys of a release, to be compared with."""

    def __init__(self, keys: Keys) -> None:
        numbers = [(number, row) for number, rows in (keys.by_isin | keys.by_figi).items() for row in rows]
        names = [(form, company) for form, companies in keys.name_index.items() for company in companies]
        self.numbers = Pool(numbers, MIN_NUMBER_SIMILARITY, run=3)
        self.names = Pool(sorted(names), MIN_SIMILARITY, run=3)


_POOLS: WeakKeyDictionary[Keys, _Pools] = WeakKeyDictionary()


def _pools_of(keys: Keys) -> _Pools:
    if keys not in _POOLS:
        _POOLS[keys] = _Pools(keys)
    return _POOLS[keys]


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
        pools = _pools_of(index.keys)
        self._numbers, self._names = pools.numbers, pools.names

    def search(self, missed: Mapping[str, Miss]) -> Iterator[Match]:
        """One match per missed query, in order."""
        queries = iter(missed.items())
        while chunk := list(islice(queries, _CHUNK)):
            numbers = self._numbers.near([miss.number for _, miss in chunk])
            names = self._names.near([miss.name for _, miss in chunk])
            for i, (query, miss) in enumerate(chunk):
                yield self._match(query, miss, [*numbers[i], *self._codes(miss)], names[i])

    def _match(self, query: str, miss: Miss, listings: list[Near], names: list[Near]) -> Match:
        meant = self._misspelt(miss.name, names) if miss.may_be_name else []
        if len(meant) == 1:
            listing = self._index.primary_listing(meant[0])
            return Match(query, "ok", meant[0], listing, "name-fuzzy", reason=f"{miss.name!r} read as a misspelling")
        candidates = self._candidates(listings, [near for near in names if _is_plausible(miss.name, near)])
        if meant:
            reason = "near the names of several companies"
            return Match(query, "ambiguous", candidates=candidates, reason=reason)
        return Match(query, "unresolved", candidates=candidates, reason=miss.reason)

    def _codes(self, miss: Miss) -> Iterator[Near]:
        """Listings whose code it may have been: the same on another exchange, or one that a slip of the hand spoilt."""
        index = self._index
        for row in index.with_code(miss.code) if miss.code else ():
            yield Near(row, miss.code, 100.0)
        for slip in slips(miss.code):
            for row in index.on(slip, miss.mics):
                yield Near(row, slip, fuzz.ratio(miss.code, slip))

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
