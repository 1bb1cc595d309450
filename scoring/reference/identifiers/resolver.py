"""From what a user writes (ticker, ISIN, FIGI, LEI, company id or name) to a company of a release.

What is read, in this order; the first that is known wins:

1. a company id, exactly as in the data: ``tokyo-electron``
2. an ISIN, FIGI or LEI, by its shape; one with a wrong check digit is refused and never read as anything else
3. a code with its exchange: ``8035.T``, ``TSE:8035``, ``XTKS:8035``, ``8035 JT Equity``, ``8035-JP``
4. a bare code: its US listing if there is one; a code with digits, the one company that has it
5. a name, exact but for case, accents, punctuation and legal form
6. a name with a typing error, under the conditions of `Resolver`
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from scoring.errors import QueryError
from scoring.reference.identifiers import names as company_names
from scoring.reference.identifiers import venues
from scoring.reference.identifiers.index import Index, Tables
from scoring.reference.identifiers.match import Candidate, Match, MatchedBy, Miss
from scoring.reference.identifiers.row import Queries, Query, Row, as_queries
from scoring.reference.identifiers.symbols import clean, code_key, readings, without_market

if TYPE_CHECKING:
    from scoring.reference.identifiers.nearest import Nearest
    from scoring.reference.identifiers.row_match import RowMatch

__all__ = ["Candidate", "Match", "Resolver"]

MAX_LENGTH: Final = 200
"""Longest query that is looked at; no identifier or company name comes near it."""

MAX_CODE_LETTERS: Final = 5
"""Longest code of a US listing: an unknown word of capitals up to this length may be one."""

_ISIN: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]")
_FIGI: Final = re.compile(r"BBG[A-Z0-9]{8}[0-9]")
_LEI: Final = re.compile(r"[A-Z0-9]{18}[0-9]{2}")


class Resolver(Index):
    """Finds the company that a query means.

    Parameters
    ----------
    release : Release
        Tables `companies` and `listings` are read.
    fuzzy_threshold : float, default 90
        Likeness of names (0 to 100, ``rapidfuzz.fuzz.ratio``) from which a name with a typing error is
        accepted. One letter wrong in ten is 90; below that, different companies begin to meet
        (Samsung Electro-Mechanics and Samsung Electronics are 86).
    fuzzy_margin : float, default 5
        The best company must be ahead of the second by more than this, or the query is ambiguous. One letter
        left out of ten costs 5, so the second is at least one more error away.

    Notes
    -----
    Likeness alone is not safe: ACM Research and Lam Research are 92 alike. So a name with a typing error is
    accepted only if it also has as many words as the known one, at least two (Photonics is one letter from
    Photronics), each word being the same or, from five letters on, one error away. Whatever looks like a
    code or names an exchange is never taken for a misspelt name.
    """

    def __init__(self, release: Tables, *, fuzzy_threshold: float = 90.0, fuzzy_margin: float = 5.0) -> None:
        super().__init__(release)
        self._fuzzy_threshold, self._fuzzy_margin = fuzzy_threshold, fuzzy_margin

    def resolve(self, query: str) -> Match:
        """Find the company that one query means.

        Parameters
        ----------
        query : str
            Any text.

        Returns
        -------
        Match
            Never an exception, whatever the text.
        """
        return self.resolve_many([query])[0]

    def one(self, query: Query) -> Match:
        """Find the company that a query means, where nothing can be said without one.

        Raises
        ------
        QueryError
            The query does not name exactly one company; the message lists the nearest.
        """
        match = self.resolve_many([query])[0]
        if match.company < 0:
            nearest = ", ".join(map(str, match.candidates)) or "none"
            raise QueryError("ticker", f"{match.query!r} is {match.status}", f"name one company; nearest: {nearest}")
        return match

    def resolve_many(self, queries: Queries) -> list[Match]:
        """Resolve many queries at once, each distinct one only once.

        Parameters
        ----------
        queries : str, or iterable of str or Row
            Any texts, or rows of a file; duplicates are kept. What is missing is an empty query, a number is its
            digits, and one text is one query; see `as_queries`.

        Returns
        -------
        list of Match
            One per query, in the same order.
        """
        order = as_queries(queries)
        texts = self._resolve_texts([query for query in order if isinstance(query, str)])
        rows = [query for query in order if isinstance(query, Row)]
        if not rows:
            return texts
        of_texts, of_rows = iter(texts), iter(self.match_rows(rows))
        return [next(of_texts) if isinstance(query, str) else next(of_rows).match for query in order]

    def match_rows(self, rows: Sequence[Row]) -> list[RowMatch]:
        """Find the company that each row of a list means, by all of its columns, and say by which."""
        from scoring.reference.identifiers.evidence import match_rows  # only rows of files need it

        return match_rows(self, self._resolve_texts, rows)

    def _resolve_texts(self, order: Sequence[str]) -> list[Match]:
        found: dict[str, Match] = {}
        missed: dict[str, Miss] = {}
        for query in dict.fromkeys(order):
            outcome = self._exact(query)
            if isinstance(outcome, Match):
                found[query] = outcome
            else:
                missed[query] = outcome
        if missed:
            found.update(zip(missed, self._nearest.search(missed), strict=True))
        return [found[query] for query in order]

    @cached_property
    def _nearest(self) -> Nearest:
        from scoring.reference.identifiers.nearest import Nearest  # only unknown queries need it

        return Nearest(self, self._fuzzy_threshold, self._fuzzy_margin)

    def _exact(self, query: str) -> Match | Miss:
        """Match by anything but likeness, or say why there is none."""
        text = clean(query[: 2 * MAX_LENGTH])
        if not text:
            return Miss("the query is empty")
        if len(query) > 2 * MAX_LENGTH or len(text) > MAX_LENGTH:
            return Miss(f"the query has more than {MAX_LENGTH} characters")
        if text in self.by_id:
            return self._company(query, self.by_id[text], "company-id")
        upper = text.upper()
        return self._by_standard_number(query, upper) or self._by_ticker_or_name(query, text, upper)

    def _by_standard_number(self, query: str, upper: str) -> Match | Miss | None:
        """Match by ISIN, FIGI or LEI; None if the query has the shape of none of them."""
        if _FIGI.fullmatch(upper):
            if rows := self.by_figi.get(upper):
                return self._rows(query, rows, "figi")
            return Miss(_why_unknown("FIGI", upper), number=upper)
        if _ISIN.fullmatch(upper):
            if rows := self.by_isin.get(upper):
                return self._rows(query, rows, "isin")
            return Miss(_why_unknown("ISIN", upper), number=upper)
        if _LEI.fullmatch(upper):
            if companies := self.by_lei.get(upper):
                return self._company(query, companies[0], "lei")
            return Miss(_why_unknown("LEI", upper))
        return None

    def _by_ticker_or_name(self, query: str, text: str, upper: str) -> Match | Miss:
        symbol, is_code = without_market(upper)
        bare = code_key(symbol)
        rows = self.as_pointed(symbol, self.by_code.get(bare, []))
        if rows and symbol == self.tickers[rows[0]] and symbol.endswith("."):
            return self._rows(query, self.live_first(rows), "ticker")
        if rows:
            return self._bare(query, bare, self.live_first(rows))
        with_venue = list(readings(symbol))
        rows = sorted({row for code, mics in with_venue for row in self.on(code_key(code), mics)})
        if rows:
            return self._rows(query, self.live_first(rows), "ticker")
        if with_venue:
            # `FORD.CO` is a code in Copenhagen; but in `Puma SE` the last word is no exchange.
            is_code = is_code or " " not in text or _capitals(text.rpartition(" ")[0])
        names = [] if is_code else self._named(text)
        if names:
            return self._one_of(query, names, looks_like_code=_capitals(text))
        stem = company_names.forms(with_venue[0][0] if with_venue else text)
        name = stem[-1] if stem else ""
        if with_venue:
            code, mics = with_venue[0]
            return Miss(
                f"no listing with the code {code.strip()} on an exchange of {venues.countries(mics)}",
                code=code_key(code),
                name=name,
            )
        one_word = " " not in text
        return Miss(
            "no code, identifier or name of this release fits",
            code=bare if one_word or is_code else "",
            name=name,
            may_be_name=not is_code and " " in name,
        )

    def _bare(self, query: str, code: str, rows: list[int]) -> Match:
        """Match of a code without an exchange: a US listing, or one whose code no US listing could have.

        A code of letters that only a listing elsewhere has here may be that of a US company outside the release
        (MC is LVMH in Paris and Moelis in New York), so it is never taken for the one that happens to be known.
        """
        in_us = [row for row in rows if self.mics[row] in venues.US_MICS]
        if not in_us and code.isalpha():
            if names := self._named(query):
                return self._one_of(query, names, looks_like_code=True)
            elsewhere = self._candidates_at(rows)
            reason = f"no US listing of this release has this code; with its exchange it could be {elsewhere[0].ticker}"
            return Match(query, "unresolved", candidates=elsewhere, reason=reason)
        match = self._rows(query, in_us or rows, "ticker")
        if match.status != "ok":
            return match
        taken = f"{self.mics[match.listing]}:{self.tickers[match.listing]}"
        others = [row for row in rows if self.company_of[row] != match.company]
        if others:
            also = self._candidates_at(others)
            reason = f"no exchange given: read as {taken}; {also[0].ticker} is {also[0].name}"
            return Match(query, "ok", match.company, match.listing, "ticker", also, reason)
        return match

    def _named(self, text: str) -> list[int]:
        """Companies with this name; the fullest form that any company has decides."""
        outside = company_names.aliases(text)[:1]
        for form in company_names.forms(outside[0]) if outside else []:
            if form in self.name_index:
                return sorted(self.name_index[form])
        return []

    def _one_of(self, query: str, companies: list[int], looks_like_code: bool) -> Match:
        if len(companies) == 1:
            reason = "no US listing has this code: read as a company name" if looks_like_code else ""
            return self._company(query, companies[0], "name", reason)
        found = tuple(self.candidate(c, self.primary_listing(c), 100.0) for c in companies[:5])
        return Match(query, "ambiguous", candidates=found, reason="several companies have this name")

    def _rows(self, query: str, rows: list[int], matched_by: MatchedBy) -> Match:
        """Match of listings: ok if they are of one company."""
        if len({self.company_of[row] for row in rows}) == 1:
            best = self.best(rows)
            return Match(query, "ok", self.company_of[best], best, matched_by)
        reason = "several companies have this code; add the exchange, as in XTKS:8035"
        return Match(query, "ambiguous", candidates=self._candidates_at(rows), reason=reason)

    def _candidates_at(self, rows: list[int]) -> tuple[Candidate, ...]:
        by_company = {self.company_of[row]: row for row in reversed(rows)}
        return tuple(self.candidate(c, row, 100.0) for c, row in sorted(by_company.items())[:5])

    def _company(self, query: str, company: int, matched_by: MatchedBy, reason: str = "") -> Match:
        return Match(query, "ok", company, self.primary_listing(company), matched_by, reason=reason)


def _capitals(text: str) -> bool:
    """Whether a text has the look of a US code."""
    return len(text) <= MAX_CODE_LETTERS and text.isalpha() and text.isupper()


def _why_unknown(kind: Literal["FIGI", "ISIN", "LEI"], number: str) -> str:
    from stdnum import figi, isin, lei  # only numbers that are not in the release need checking
    from stdnum.exceptions import InvalidChecksum, ValidationError

    try:
        {"FIGI": figi, "ISIN": isin, "LEI": lei}[kind].validate(number)
    except InvalidChecksum:
        return f"not a valid {kind}: the check digit is wrong"
    except ValidationError:
        return f"not a valid {kind}: a part of it does not exist"
    return f"a valid {kind}, but not one of this release"
