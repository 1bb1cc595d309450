"""Which company a row of a file means, by all of its columns together.

Each column says which companies it can mean, and the row means the one on which they agree:

1. a standard number (ISIN, FIGI, LEI; CUSIP, SEDOL and WKN by the ISIN that holds them) means one company
2. a code means what is listed under it on the exchange of the row; without an exchange, in its country or currency
3. a code that nothing places is that of a US listing, as everywhere, unless the name says otherwise
4. a name means the companies that have it; one that is unlike the name of the company speaks against it

Columns that contradict each other make the row ambiguous: no company is chosen then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scoring.reference.identifiers import venues
from scoring.reference.identifiers.match import Candidate, Match
from scoring.reference.identifiers.name_evidence import Agreement, agreement
from scoring.reference.identifiers.not_shares import not_a_share
from scoring.reference.identifiers.places import country_of, exchange_of, venues_of_currency
from scoring.reference.identifiers.row import Row
from scoring.reference.identifiers.row_match import RowMatch, is_american, said_to_be_american
from scoring.reference.identifiers.standard import NUMBERS
from scoring.reference.identifiers.symbols import clean, code_key, readings, without_market

if TYPE_CHECKING:
    from scoring.reference.identifiers.index import Index


@dataclass(frozen=True, slots=True)
class _Code:
    """A code of a row and the listings that it can mean."""

    text: str
    listings: tuple[int, ...]
    by: tuple[str, ...] = ()
    is_placed: bool = False
    note: str = ""


Resolve = Callable[[Sequence[str]], list[Match]]


def match_rows(index: Index, resolve: Resolve, rows: Sequence[Row]) -> list[RowMatch]:
    """Find the company that each row of a list means.

    Parameters
    ----------
    index : Index
    resolve : callable
        What texts mean by themselves, one match per text.
    rows : sequence of Row
        One list: whether it is plainly American is judged over all of it.

    Returns
    -------
    list of RowMatch
        One per row, in order.
    """
    matcher = _Matcher(index, resolve, rows)
    known: dict[Row, RowMatch] = {}
    for row in rows:
        if row not in known:
            known[row] = matcher.match(row)
    found = [replace(known[row], row=row) for row in rows]
    return found if is_american(index, found) else [said_to_be_american(index, one) for one in found]


class _Matcher:
    def __init__(self, index: Index, resolve: Resolve, rows: Sequence[Row]) -> None:
        self.index = index
        texts = {""} | {text for row in rows for role, text in row.identifiers if role not in NUMBERS}
        texts |= {_number(role, text) for row in rows for role, text in row.identifiers if role in NUMBERS}
        texts |= {row.name for row in rows}
        # One call for all: unknown texts are compared with the whole universe together.
        self.plain = dict(zip(texts, map(_if_a_share, resolve(list(texts))), strict=True))

    def match(self, row: Row) -> RowMatch:
        if row.kind != "share":
            return RowMatch(row, not_a_share(row.query, row.kind))
        if not row.identifiers and not row.name:
            return RowMatch(row, self.plain[""])
        if self._is_alone(row):
            return self._alone(row)
        numbers = self._numbers(row)
        if len({match.company for match in numbers.values()}) > 1:
            return self._torn(row, list(numbers.values()), "its numbers are of different companies")
        codes = [self._code(row, text) for role, text in row.identifiers if role not in NUMBERS and role != "name"]
        if numbers:
            return self._by_number(row, numbers, codes)
        if codes:
            return self._by_codes(row, codes)
        return self._by_name(row)

    # One way in for each kind of leading evidence.

    def _is_alone(self, row: Row) -> bool:
        """Whether there is nothing in a row but one text."""
        others = (row.exchange, row.country, row.currency)
        return (
            not any(others)
            and len(row.identifiers) == 1
            and row.identifiers[0][0] not in NUMBERS
            and (not row.name or row.identifiers[0] == ("name", row.name))
        )

    def _alone(self, row: Row) -> RowMatch:
        match = replace(self.plain[row.identifiers[0][1]], query=row.query)
        return RowMatch(row, match, self._evidence_of(row, match), "missing")

    def _by_number(self, row: Row, numbers: dict[str, Match], codes: list[_Code]) -> RowMatch:
        first = next(iter(numbers.values()))
        company = first.company
        verdict = self._agreement(row, company)
        against = [code for code in codes if code.listings and company not in self._companies(code.listings)]
        placed = [code for code in against if code.is_placed]
        if placed or (against and verdict not in ("same", "similar")):
            others = [self._match(row, code.listings[0]) for code in placed or against]
            return self._torn(row, [first, *others], "its identifiers are of different companies", verdict)
        if other := self._another(row, company):
            return self._torn(row, [first, other], f"the name {row.name[:50]!r} is another company's", verdict)
        notes = [f"the name in the file is {row.name[:50]!r}"] if verdict == "differs" else []
        notes += [f"the code {code.text[:20]!r} is another company's elsewhere" for code in against]
        agreeing = [code for code in codes if company in self._companies(code.listings)]
        listing = self._listing(row, company, agreeing, first.listing)
        match = replace(first, query=row.query, listing=listing, candidates=(), reason="; ".join(notes))
        evidence = [*numbers, *(["ticker"] if agreeing else []), *(["name"] if verdict in ("same", "similar") else [])]
        return RowMatch(row, match, tuple(evidence), verdict)

    def _by_codes(self, row: Row, codes: list[_Code]) -> RowMatch:
        known = [code for code in codes if code.listings]
        # A word that is a code abroad only is more often a name: PFIZER in Bombay beside PFE.
        known = [code for code in known if code.is_placed or not self._is_foreign_word(code)] or known
        if not known:
            return self._without_code(row, codes[0])
        common = set.intersection(*(self._companies(code.listings) for code in known))
        if not common:
            others = [self._match(row, code.listings[0]) for code in known]
            return self._torn(row, others, "its identifiers are of different companies")
        code = next((code for code in known if code.is_placed), known[0])
        named = self._named(row) & common or {c for c in common if self._agreement(row, c) == "same"}
        if len(named) == 1 and len(common) > 1:
            return self._found(row, code, named.pop(), "name")
        if len(common) > 1:
            return self._several(row, code, common)
        company = next(iter(common))
        if (
            not code.is_placed
            and self._is_foreign_word(code)
            and self._agreement(row, company) not in ("same", "similar")
        ):
            return self._alone_or_torn(row, code)
        return self._found(row, code, company)

    def _several(self, row: Row, code: _Code, companies: set[int]) -> RowMatch:
        """Row whose code several companies have, and whose name is the name of none of them."""
        if code.is_placed:
            alike = {c for c in companies if self._agreement(row, c) in ("same", "similar")}
            if len(alike) == 1:
                return self._found(row, code, alike.pop(), "name")
            others = [self._match(row, listing) for listing in code.listings]
            return self._torn(row, others, "several companies have this code there")
        return self._alone_or_torn(row, code)

    def _alone_or_torn(self, row: Row, code: _Code) -> RowMatch:
        """Row whose code is read as anywhere else, unless the row speaks against that."""
        plain = self.plain[code.text]
        if plain.status != "ok":
            return RowMatch(row, replace(plain, query=row.query), (), self._agreement(row, -1))
        verdict = self._agreement(row, plain.company)
        problem = self._contradiction(row, plain, verdict)
        if problem:
            others = [self._match(row, listing) for listing in code.listings]
            return self._torn(row, [plain, *others], problem, verdict)
        evidence = ("ticker", "name") if verdict in ("same", "similar") else ("ticker",)
        return RowMatch(row, replace(plain, query=row.query), evidence, verdict)

    def _found(self, row: Row, code: _Code, company: int, by: str = "") -> RowMatch:
        """Row whose code is that of one company, unless its name contradicts that."""
        verdict = self._agreement(row, company)
        plain = self.plain[code.text]
        is_plain = not code.by and plain.company == company
        listing = plain.listing if is_plain else self._listing(row, company, [code], code.listings[0])
        match = self._match(row, listing, code.note)
        other = self._another(row, company)
        if other is not None or verdict == "differs":
            candidates = [match] if other is None else [match, other]
            return self._torn(row, candidates, f"the name {row.name[:50]!r} is not that of the code", verdict)
        if not code.is_placed and (problem := self._contradiction(row, match, verdict)):
            return self._torn(row, [match], problem, verdict)
        if by == "name" and not code.is_placed and self.plain[code.text].company != company:
            match = replace(match, reason=f"the code and the name together: read as {self._shown(listing)}")
        evidence = ["ticker", *code.by, *(["name"] if verdict in ("same", "similar") else [])]
        return RowMatch(row, match, tuple(evidence), verdict)

    def _without_code(self, row: Row, code: _Code) -> RowMatch:
        """Row whose code nothing is listed under: its exact name may still say which company it is."""
        plain = replace(self.plain[code.text], query=row.query)
        if not code.is_placed and plain.status == "ok":
            verdict = self._agreement(row, plain.company)
            if (problem := self._contradiction(row, plain, verdict)) is None:
                return RowMatch(row, plain, ("identifier",), verdict)
            return self._torn(row, [plain], problem, verdict)
        named = {c for c in self._named(row) if self._is_of_country(row, c)}
        if len(named) == 1:
            company = named.pop()
            listing = self._listing(row, company, [], self.index.primary_listing(company))
            reason = f"{code.note or 'no listing has the code ' + repr(code.text[:20])}: read by its name"
            match = Match(row.query, "ok", company, listing, "name", reason=reason)
            return RowMatch(row, match, ("name",), "same")
        if code.is_placed:
            return RowMatch(row, Match(row.query, "unresolved", candidates=self._near(row), reason=code.note))
        return RowMatch(row, plain if plain.status != "ok" else Match(row.query, "unresolved", reason=code.note))

    def _by_name(self, row: Row) -> RowMatch:
        plain = replace(self.plain[row.name], query=row.query) if row.name else self.plain[""]
        failed = [text for role, text in row.identifiers if role in NUMBERS]
        if failed and plain.matched_by == "name-fuzzy":
            plain = Match(row.query, "unresolved", candidates=plain.candidates, reason="its name is near a company's")
        if failed and plain.status == "ok":
            problem = self._why_unknown(row)
            if not self._is_of_country(row, plain.company):
                return self._torn(row, [plain], f"{problem}, and its country is not that of the name")
            plain = replace(plain, reason=f"{problem}: read by its name")
        elif failed:
            plain = replace(plain, reason=self._why_unknown(row))
        elif plain.status == "ok" and not self._is_of_country(row, plain.company):
            return self._torn(row, [plain], f"the company of this name is not of {row.country[:30]}")
        verdict: Agreement = "same" if plain.status == "ok" else "missing"
        return RowMatch(row, plain, self._evidence_of(row, plain), verdict)

    # What a single column says.

    def _numbers(self, row: Row) -> dict[str, Match]:
        found: dict[str, Match] = {}
        for role, text in row.identifiers:
            match = self.plain.get(_number(role, text))
            if match is not None and match.status == "ok":
                found.setdefault(role, match)
        return found

    def _why_unknown(self, row: Row) -> str:
        for role, text in row.identifiers:
            if role in NUMBERS:
                return self.plain[_number(role, text)].reason
        return ""

    def _code(self, row: Row, text: str) -> _Code:
        """Listings that a code can mean, with what in the row places it."""
        index = self.index
        symbol, _ = without_market(clean(text).upper())
        there = exchange_of(row.exchange) if row.exchange else frozenset()
        bare = code_key(symbol)
        anywhere = index.as_pointed(symbol, index.with_code(bare))
        if there:
            on = self._live([listing for listing in anywhere if index.mics[listing] in there])
            if not on:
                codes = [code_key(code) for code, _ in readings(symbol)]
                on = self._live([x for code in codes for x in index.with_code(code) if index.mics[x] in there])
            if on:
                return _Code(text, tuple(on), ("exchange",), True, self._zeros(bare, on))
        plain = self.plain[text]
        if plain.status == "ok" and plain.listing >= 0 and (plain.matched_by != "ticker" or any(readings(symbol))):
            is_bare = bare == code_key(index.tickers[plain.listing]) and plain.matched_by == "ticker"
            if not is_bare or not there:
                return _Code(text, (plain.listing,), (), not is_bare or " " in symbol, plain.reason)
        if there:
            where = venues.countries(there)
            return _Code(text, (), (), True, f"no listing with the code {text[:20]} on an exchange of {where}")
        return self._placed(row, text, bare, self._live(anywhere))

    def _placed(self, row: Row, text: str, bare: str, anywhere: list[int]) -> _Code:
        """Listings of a code without an exchange, narrowed by the country and the currency of the row."""
        index = self.index
        country = country_of(row.country) if row.country else None
        by: list[str] = []
        left = anywhere
        if country is not None:
            inside = [x for x in left if venues.BY_MIC[index.mics[x]].country == country] if left else []
            inside = inside or [x for x in left if index.country(index.company_of[x]) == country]
            if inside:
                left, by = inside, [*by, "country"]
        trading = venues_of_currency(row.currency) if row.currency else frozenset()
        inside = [x for x in left if index.mics[x] in trading]
        if inside:
            left, by = inside, [*by, "currency"]
        return _Code(text, tuple(left), tuple(by), bool(by), self._zeros(bare, left) if by else "")

    def _zeros(self, bare: str, listings: list[int]) -> str:
        """Note where a code had lost zeros, or had some too many."""
        known = code_key(self.index.tickers[listings[0]]) if listings else bare
        return f"zeros restored: read as {self._shown(listings[0])}" if bare != known and bare.isdigit() else ""

    # Judging and choosing.

    def _contradiction(self, row: Row, match: Match, verdict: Agreement) -> str | None:
        """What in a row speaks against a reading that nothing but the code supports."""
        shown = f"{self._shown(match.listing)} {self.index.names[match.company]}"
        if verdict == "differs" or self._another(row, match.company) is not None:
            return f"no exchange given, and {row.name[:50]!r} is not {shown}"
        if verdict in ("same", "similar"):
            return None
        if row.country and country_of(row.country) is not None and not self._is_of_country(row, match.company):
            return f"no exchange given, and {shown} is not of {row.country[:30]}"
        trading = venues_of_currency(row.currency) if row.currency else frozenset()
        if trading and not any(self.index.mics[x] in trading for x in self.index.listings_of[match.company]):
            return f"no exchange given, and {shown} does not trade in {row.currency[:10]}"
        return None

    def _is_of_country(self, row: Row, company: int) -> bool:
        country = country_of(row.country) if row.country else None
        if country is None or company < 0:
            return True
        listed = {venues.BY_MIC[self.index.mics[x]].country for x in self.index.listings_of[company]}
        return country == self.index.country(company) or country in listed

    def _is_foreign_word(self, code: _Code) -> bool:
        """Whether a code could be that of a US company outside the release: letters, and no US listing."""
        mics = {self.index.mics[listing] for listing in code.listings}
        return code_key(clean(code.text)).isalpha() and not mics & venues.US_MICS

    def _agreement(self, row: Row, company: int) -> Agreement:
        if company < 0 or not row.name:
            return "missing"
        if company in self._named(row):
            return "same"
        return agreement(row.name, self.index.names_of(company))

    def _named(self, row: Row) -> set[int]:
        """Companies that have exactly the name of a row."""
        plain = self.plain.get(row.name)
        if plain is None or plain.matched_by != "name":
            return set()
        return {plain.company}

    def _another(self, row: Row, company: int) -> Match | None:
        """Match of the name where it is exactly that of another company."""
        named = self._named(row)
        return self.plain[row.name] if named and company not in named else None

    def _listing(self, row: Row, company: int, codes: list[_Code], otherwise: int) -> int:
        """Listing of a company that the row names, or one that its exchange or currency suggests."""
        named = [x for code in codes for x in code.listings if self.index.company_of[x] == company]
        if named:
            return self.index.best(named)
        there = exchange_of(row.exchange) if row.exchange else frozenset()
        there = there or (venues_of_currency(row.currency) if row.currency else frozenset())
        suggested = [x for x in self.index.listings_of[company] if self.index.mics[x] in there]
        return self.index.best(suggested) if suggested and there else otherwise

    def _match(self, row: Row, listing: int, reason: str = "") -> Match:
        return Match(row.query, "ok", self.index.company_of[listing], listing, "ticker", reason=reason)

    def _torn(self, row: Row, matches: Iterable[Match], reason: str, verdict: Agreement = "missing") -> RowMatch:
        """Ambiguous row, with the companies between which its columns are torn."""
        listing_of = {match.company: match.listing for match in reversed(list(matches))}
        for company in self._named(row):
            listing_of.setdefault(company, self.index.primary_listing(company))
        candidates = tuple(self.index.candidate(c, listing, 100.0) for c, listing in list(listing_of.items())[:5])
        return RowMatch(row, Match(row.query, "ambiguous", candidates=candidates, reason=reason), (), verdict)

    def _near(self, row: Row) -> tuple[Candidate, ...]:
        return self.plain[row.name].candidates if row.name else ()

    def _companies(self, listings: Iterable[int]) -> set[int]:
        return {self.index.company_of[listing] for listing in listings}

    def _live(self, listings: list[int]) -> list[int]:
        return self.index.live_first(listings)

    def _shown(self, listing: int) -> str:
        return f"{self.index.mics[listing]}:{self.index.tickers[listing]}"

    def _evidence_of(self, row: Row, match: Match) -> tuple[str, ...]:
        return (match.matched_by or "",) if match.status == "ok" else ()


def _if_a_share(match: Match) -> Match:
    """What a text means in a row that is one of a share: `USD` is then a code, which nothing has."""
    return replace(match, status="unresolved", reason="no listing has this code") if match.status == "cash" else match


def _number(role: str, text: str) -> str:
    """Cell of a column of standard numbers as a query that says which number it is."""
    return f"{role.upper()}:{text}"
