"""From what a user writes (ticker, ISIN, FIGI, LEI, company id or name) to a company of a release.

What is read, in this order; the first that is known wins:

1. a company id, exactly as in the data: ``tokyo-electron``
2. an ISIN, FIGI or LEI, by its shape; one with a wrong check digit is refused and never read as anything else
3. a bare code: its US listing if there is one; a code with digits, the one company that has it
4. a CUSIP, SEDOL, WKN or Valor, by the ISIN that it is part of; with its label nothing else is looked for
5. a code with its exchange: ``8035.T``, ``TSE:8035``, ``XTKS:8035``, ``8035 JT Equity``, ``8035-JP``
6. cash, an index, a currency pair, a future, an option or a bond, by its form: then it is no share
7. a code that a company has given up, and that no other has taken
8. a name, exact but for case, accents, punctuation and legal form, in any script; one that was given up
9. a name with a typing error, under the conditions of `Resolver`

Codes and names mean what they meant at the date of the resolver.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from scoring.errors import QueryError
from scoring.reference.identifiers import names as company_names
from scoring.reference.identifiers import standard, venues
from scoring.reference.identifiers.index import MAX_SHOWN, Index
from scoring.reference.identifiers.keys import Former, Tables
from scoring.reference.identifiers.match import Candidate, Match, MatchedBy, Miss, NumberKind
from scoring.reference.identifiers.not_shares import is_fund, kind_of_code, may_be_name, not_a_share, why_no_identifier
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


class Resolver(Index):
    """Finds the company that a query means.

    Parameters
    ----------
    release : Release
        Tables `companies`, `listings` and `company_names` are read.
    as_of : datetime.date, optional
        Day on which codes and names are to mean what they meant. Default: after all that the release knows of.
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

    def __init__(
        self,
        release: Tables,
        as_of: dt.date | None = None,
        *,
        fuzzy_threshold: float = 90.0,
        fuzzy_margin: float = 5.0,
    ) -> None:
        super().__init__(release, as_of)
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
            nearest = ", ".join(map(str, match.candidates))
            fix = f"nearest: {nearest}" if nearest else "by a ticker with its exchange, an ISIN or a name"
            raise QueryError("ticker", f"{match.query!r} is {match.status}: {match.reason}", f"name one company; {fix}")
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
        if text in self.keys.by_id:
            return self._company(query, self.keys.by_id[text], "company-id")
        if not query.isascii() and (native := self.keys.native_names.get(query.strip())) is not None:
            return self._company(query, native, "name")
        if reason := why_no_identifier(text):
            return Miss(reason)
        upper = text.upper()
        number = upper.removesuffix(" EQUITY")
        if kind := standard.unmistakable(number):
            return self._by_number(query, kind, number)
        if (upper[0] in "^." or "=" in upper) and (asset := kind_of_code(upper)) != "share":
            return not_a_share(query, asset)
        return self._by_ticker_or_name(query, text, upper)

    # Standard numbers.

    def _by_number(self, query: str, kind: NumberKind, number: str) -> Match | Miss:
        """Match by a number whose kind is known."""
        if kind == "lei":
            if companies := self.keys.by_lei.get(number):
                return self._company(query, companies[0], "lei")
            return Miss(standard.why_unknown(kind, number))
        if kind in ("isin", "figi"):
            rows = (self.keys.by_isin if kind == "isin" else self.keys.by_figi).get(number, [])
            near = number
        else:
            rows = self.keys.by_part.get((kind, number.lstrip("0") if kind == "valor" else number), [])
            near = "" if rows else standard.isin_of(kind, number)
        return self._rows(query, rows, kind) if rows else Miss(standard.why_unknown(kind, number), number=near)

    def _national(self, bare: str) -> tuple[NumberKind, list[int]] | None:
        """Kind of the CUSIP, SEDOL or WKN of this release that a bare text is, and its listings."""
        for kind, number in standard.possible(bare):
            if rows := self.keys.by_part.get((kind, number)):
                return kind, rows
        return None

    # Codes and names.

    def _by_ticker_or_name(self, query: str, text: str, upper: str) -> Match | Miss:
        symbol, is_code = without_market(upper)
        bare = code_key(symbol)
        former = self.keys.former_codes.get(bare, [])
        rows = self.as_pointed(symbol, self.keys.by_code.get(bare, []))
        if held := self.held(former):
            return self._held(query, held, rows)
        if rows and symbol == self.tickers[rows[0]] and symbol.endswith("."):
            return self._rows(query, self.live_first(rows), "ticker")
        if rows and " " in symbol and (there := self._there(symbol)):
            # `CHE UN` is Chemed in New York, and may be units of Chemtrade in Toronto.
            return self._rows(query, self.live_first(there if is_code else [*rows, *there]), "ticker")
        national = self._national(bare)
        if national and not rows:
            return self._rows(query, national[1], national[0])
        if rows or (bare.isdigit() and self.with_code(bare)):
            return self._bare(query, bare, [*self.live_first(rows), *(national[1] if national else [])], former)
        if labelled := standard.labelled(upper):
            return self._by_number(query, *labelled)
        with_venue = [(code_key(code), mics) for code, mics in readings(symbol)]
        if match := self._placed(query, with_venue):
            return match
        if (asset := kind_of_code(upper)) != "share":
            return not_a_share(query, asset)
        if with_venue:
            # `FORD.CO` is a code in Copenhagen; but in `Puma SE` the last word is no exchange.
            looks_so = " " not in text or _capitals(text.rpartition(" ")[0])
            is_code = is_code or (looks_so and text not in self.keys.written_names)
        if former:
            return self._expired(query, former)
        names, note = ([], "") if is_code or not may_be_name(text) else self.named(text)
        if names:
            assumed = note or ("no US listing has this code: read as a company name" if _capitals(text) else "")
            return self._one_of(query, names, assumed)
        return self._miss(text, bare, with_venue, is_code)

    def _there(self, symbol: str) -> list[int]:
        """Listings of a symbol that is read as a code and its exchange."""
        return sorted({row for code, mics in readings(symbol) for row in self.on(code_key(code), mics)})

    def _placed(self, query: str, with_venue: list[tuple[str, frozenset[str]]]) -> Match | None:
        """Match of a code with its exchange; where there is none, of one that a company gave up."""
        former = [
            one
            for code, mics in with_venue
            for one in self.keys.former_codes.get(code, [])
            if any(self.mics[row] in mics for row in self.listings_of[one.company])
        ]
        rows = sorted({row for code, mics in with_venue for row in self.on(code, mics)})
        if held := self.held(former):
            return self._held(query, held, rows)
        if rows:
            return self._rows(query, self.live_first(rows), "ticker", [code for code, _ in with_venue])
        return self._expired(query, former) if former else None

    def _miss(self, text: str, bare: str, with_venue: list[tuple[str, frozenset[str]]], is_code: bool) -> Miss:
        words = company_names.words(text)
        if is_fund(words):
            return Miss("its name is that of a fund: only shares of companies are scored")
        if standard.possible_cusip(bare):
            return Miss(standard.why_unknown("cusip", bare), number=standard.isin_of("cusip", bare))
        stem = company_names.forms(with_venue[0][0] if with_venue else text)
        name = stem[-1] if stem and may_be_name(text) else ""
        if with_venue:
            code, mics = with_venue[0]
            where = venues.countries(mics)
            return Miss(f"no listing with the code {code} on an exchange of {where}", code=code, mics=mics, name=name)
        if is_code or _capitals(bare):
            reason = "no company or former ticker of this code is in the data"
            return Miss(reason, code=bare, mics=venues.US_MICS, name=name)
        one_word = " " not in text
        return Miss(
            "no code, identifier or name of this release fits",
            code=bare if one_word else "",
            mics=venues.US_MICS,
            name=name,
            may_be_name=" " in name,
        )

    def _bare(self, query: str, code: str, rows: list[int], former: list[Former]) -> Match:
        """Match of a code without an exchange: a US listing, or one whose code no US listing could have.

        A code of letters that only a listing elsewhere has here may be that of a US company outside the release
        (MC is LVMH in Paris and Moelis in New York), so it is never taken for the one that happens to be known. Nor
        is a number that fits only with other leading zeros: without an exchange nothing says that it lost them.
        """
        in_us = [row for row in rows if self.mics[row] in venues.US_MICS]
        if not in_us and code.isalpha():
            names, note = self.named(query)
            if names:
                return self._one_of(query, names, note or "no US listing has this code: read as a company name")
            elsewhere = self._candidates_at(rows)
            reason = f"no US listing of this release has this code; with its exchange it could be {elsewhere[0].ticker}"
            return Match(query, "unresolved", candidates=elsewhere, reason=reason)
        if code.isdigit():
            other_zeros = self.live_first([row for row in self.with_code(code) if row not in rows])
            if not rows:
                found = self._candidates_at(other_zeros)
                reason = f"no listing has this code; with other leading zeros it could be {found[0].ticker}"
                return Match(query, "unresolved", candidates=found, reason=reason)
            # Spreadsheets drop leading zeros; nothing puts them before a code that is whole without.
            rows = [*rows, *(row for row in other_zeros if len(self.tickers[row]) > len(code))]
        match = self._rows(query, in_us or rows, "ticker", [code])
        if match.status != "ok":
            return match
        others = [row for row in rows if self.company_of[row] != match.company]
        past = [one for one in former if one.company != match.company]
        called = self.keys.written_names.get(query, match.company)
        if called != match.company:
            both = tuple(self.candidate(c, self.primary_listing(c), 100.0) for c in (match.company, called))
            reason = f"the code {self.shown(match.listing)} of one company and the name of another; write one of them"
            return Match(query, "ambiguous", candidates=both, reason=reason)
        if not others and not past:
            return match
        also = self._candidates_at([*others, *(self.primary_listing(one.company) for one in past)])
        said = [f"{self.shown(row)} is {self.names[self.company_of[row]]}" for row in others[:1]]
        said += [f"until {one.until} it was the code of {self.names[one.company]}" for one in past[:1]]
        ended = [match.reason] if match.reason else []
        reason = "; ".join([f"no exchange given: read as {self.shown(match.listing)}", *said, *ended])
        return replace(match, candidates=also, reason=reason)

    # Codes and names of the past.

    def _held(self, query: str, held: list[Former], now: list[int]) -> Match:
        """Match of a code that a company had at the date and has given up since."""
        match = self._of_former(query, held, "ticker")
        others = [row for row in self.live_first(now) if self.company_of[row] != match.company]
        if match.status != "ok" or not others:
            return match
        later = f"{self.shown(others[0])} is {self.names[self.company_of[others[0]]]}"
        reason = f"read as its code at the date; later {later}"
        return replace(match, candidates=self._candidates_at(others), reason=reason)

    def _expired(self, query: str, former: list[Former]) -> Match:
        """Match of a code that a company had given up by the date, and that no other has taken."""
        match = self._of_former(query, former, "ticker")
        if match.status != "ok":
            return match
        return replace(match, reason=f"its code until {former[0].until}; now {self.shown(match.listing)}")

    def _of_former(self, query: str, former: list[Former], matched_by: MatchedBy) -> Match:
        companies = list(dict.fromkeys(one.company for one in former))
        if len(companies) == 1:
            return self._company(query, companies[0], matched_by)
        found = tuple(self.candidate(c, self.primary_listing(c), 100.0) for c in companies[:MAX_SHOWN])
        return Match(query, "ambiguous", candidates=found, reason="several companies have had this code")

    # Matches.

    def _one_of(self, query: str, companies: list[int], reason: str) -> Match:
        if len(companies) == 1:
            return self._company(query, companies[0], "name", reason)
        found = tuple(self.candidate(c, self.primary_listing(c), 100.0) for c in companies[:MAX_SHOWN])
        return Match(query, "ambiguous", candidates=found, reason="several companies have this name")

    def _rows(self, query: str, rows: list[int], matched_by: MatchedBy, codes: Sequence[str] = ()) -> Match:
        """Match of listings: ok if they are of one company."""
        if len(rows) == 1 or len({self.company_of[row] for row in rows}) == 1:
            best = self.best(rows)
            notes = [*self._zeros(best, codes), *self._ended(best)]
            return Match(query, "ok", self.company_of[best], best, matched_by, reason="; ".join(notes))
        reason = "several companies have this code; add the exchange, as in XTKS:8035"
        return Match(query, "ambiguous", candidates=self._candidates_at(rows), reason=reason)

    def _company(self, query: str, company: int, matched_by: MatchedBy, reason: str = "") -> Match:
        listing = self.primary_listing(company)
        notes = [*([reason] if reason else []), *(self._ended(listing) if listing >= 0 else [])]
        return Match(query, "ok", company, listing, matched_by, reason="; ".join(notes))

    def _zeros(self, listing: int, codes: Sequence[str]) -> list[str]:
        """Note where a number was written with other leading zeros than its listing has."""
        if not any(code.isdigit() for code in codes):
            return []
        known = code_key(self.tickers[listing])
        is_other = known not in codes and known.isdigit()
        return [f"leading zeros as listed: read as {self.shown(listing)}"] if is_other else []

    def _ended(self, listing: int) -> list[str]:
        """Note where the listing that a query means was no longer traded at the date."""
        last = self.ended(listing)
        return [] if last is None else [f"{self.shown(listing)} is no longer listed: its last day was {last}"]

    def _candidates_at(self, rows: list[int]) -> tuple[Candidate, ...]:
        by_company = {self.company_of[row]: row for row in reversed(rows)}
        return tuple(self.candidate(c, row, 100.0) for c, row in sorted(by_company.items())[:MAX_SHOWN])


def _capitals(text: str) -> bool:
    """Whether a text has the look of a US code."""
    return len(text) <= MAX_CODE_LETTERS and text.isalpha() and text.isupper()
