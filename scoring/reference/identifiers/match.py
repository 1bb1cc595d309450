"""What became of a query: the company it means, the companies it may mean, or why it means none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MatchStatus = Literal["ok", "unresolved", "ambiguous", "cash", "not-a-share"]
NumberKind = Literal["isin", "figi", "lei", "cusip", "sedol", "wkn", "valor"]
MatchedBy = NumberKind | Literal["ticker", "company-id", "name", "name-fuzzy"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A company that a query may have meant.

    Attributes
    ----------
    company_id, name : str
        The company.
    ticker : str
        One of its listings as ``MIC:ticker``; empty if it has none.
    similarity : float
        0 to 100: likeness of its name or code to the query; 100 where the query fits exactly.
    """

    company_id: str
    name: str
    ticker: str
    similarity: float

    def __str__(self) -> str:
        """Listing and name, as in the column `candidates` of a result."""
        return f"{self.ticker or self.company_id} {self.name}"


@dataclass(frozen=True, slots=True)
class Match:
    """What became of one query.

    Attributes
    ----------
    query : str
        As given.
    status : {'ok', 'unresolved', 'ambiguous', 'cash', 'not-a-share'}
        Only ``ok`` names a company; the last two are of rows of a file that hold something else.
    company : int
        Row in the table `companies`, or -1.
    listing : int
        Row in the table `listings`: the listing that was named or, if none was, the primary one; -1 if none.
    matched_by : str or None
        What the query was read as.
    candidates : tuple of Candidate
        At most five: the companies an ambiguous query fits, those nearest to an unresolved one or, when a
        bare code was resolved to its US listing, the others that have the same code.
    reason : str
        Why the query is not ``ok``; for an ``ok`` one, what was assumed to read it, if anything.
    """

    query: str
    status: MatchStatus
    company: int = -1
    listing: int = -1
    matched_by: MatchedBy | None = None
    candidates: tuple[Candidate, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Miss:
    """A query that nothing fits exactly, and how to look for what is near it.

    Attributes
    ----------
    reason : str
        Why nothing fits.
    number : str
        The ISIN or FIGI to compare with those of the listings, or empty.
    code : str
        The code to compare with those of the listings, or empty.
    mics : frozenset of str
        Exchanges on which a code like it is looked for.
    name : str
        The name to compare with those of the companies, or empty.
    may_be_name : bool
        Whether a near name may be taken as the answer.
    """

    reason: str
    number: str = ""
    code: str = ""
    mics: frozenset[str] = frozenset()
    name: str = ""
    may_be_name: bool = False
