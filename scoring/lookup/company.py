"""Companies: search, and all facts about one with their sources and both clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from scoring.facts.citation import cite_source
from scoring.lookup.result import Company, CompanyFact
from scoring.lookup.touched import NotFoundError
from scoring.reference.clock import CLOCK, begins

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns, Snapshot

_TABLES: Final = ("revenue", "segments", "business_mix", "company_minerals", "impact_statements")
"""Tables of facts about companies, in the order in which they are told."""


def company(snapshot: Snapshot, company_id: str) -> Company:
    """Company by its identifier, with the facts known by the snapshot's date.

    A statement whose date could not be read is shown only at the last date the release supports: it was known by
    then, and on no earlier day can that be claimed.

    Raises
    ------
    NotFoundError
        No company of the release has this identifier.
    """
    release = snapshot.release
    found = np.flatnonzero(release.columns("companies")["company_id"] == company_id)
    if not found.size:
        raise NotFoundError(
            "company_id",
            f"{company_id[:100]!r} is not a company of release {release.version}",
            "search /v1/companies?q=",
        )
    listings = np.flatnonzero(release.columns("listings")["company_id"] == company_id)
    return Company(
        **release.row("companies", int(found[0])),
        listings=[release.row("listings", int(row)) for row in listings],
        as_of=snapshot.as_of,
        release=release.version,
        methodology=snapshot.methodology.version,
        facts=[fact for table in _TABLES for fact in _facts(snapshot, company_id, table)],
    )


def _facts(snapshot: Snapshot, company_id: str, table: str) -> list[CompanyFact]:
    release, columns = snapshot.release, snapshot.release.columns(table)
    describes, day = CLOCK[table].describes, begins(table, columns)
    known_from = np.where(np.isnat(day), np.datetime64(release.last_as_of, "D"), day)
    rows = np.flatnonzero((columns["company_id"] == company_id) & (known_from <= np.datetime64(snapshot.as_of, "D")))
    facts = []
    for i in rows[np.argsort(known_from[rows], kind="stable")[::-1]]:
        row = release.row(table, int(i))
        holds_for = row[describes] if describes else None
        facts.append(
            CompanyFact(
                table=table,
                known_from=known_from[i].astype(object),
                holds_for=None if holds_for is None else str(holds_for),
                row=row,
                source=cite_source(release, row.get("source_id")),
            )
        )
    return facts


class Found(NamedTuple):
    """Part of the companies that were found.

    Attributes
    ----------
    columns : dict of str to array
        As in `Scorer.score`; ``query`` is the company's identifier.
    total : int
        Companies found, this part and all others.
    """

    columns: Columns
    total: int


def search(
    snapshot: Snapshot,
    q: str = "",
    country: str | None = None,
    sector: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Found:
    """Result rows of the companies that a text may mean, best first.

    Parameters
    ----------
    snapshot : Snapshot
    q : str
        Any identifier, name, or part of a name or ticker; empty for all companies, in the order of the release.
    country, sector : str, optional
        Only companies of this home country or sector.
    limit, offset : int
        Which part of the answer.

    Returns
    -------
    Found
        The rows of this part, and how many there are in all.
    """
    companies = snapshot.release.columns("companies")
    found = np.arange(companies["company_id"].size) if not q.strip() else _found(snapshot, q.strip())
    if country is not None:
        found = found[companies["country"][found] == country.upper()]
    if sector is not None:
        found = found[companies["sector"][found] == sector]
    rows = snapshot.columns(companies["company_id"][found[offset : offset + limit]].tolist())
    return Found(rows, found.size)


def _found(snapshot: Snapshot, q: str) -> np.ndarray:
    """Rows of companies: what the text is, then what it is a part of, then what it is near to."""
    resolver, release = snapshot.resolver, snapshot.release
    match = resolver.resolve(q)
    text = q.casefold()
    names = [name.casefold() for name in release.columns("companies")["name"]]
    begins = [i for i, name in enumerate(names) if name.startswith(text)]
    holds = [i for i, name in enumerate(names) if text in name]
    codes = [
        resolver.company_of[row] for row, ticker in enumerate(resolver.tickers) if ticker.casefold().startswith(text)
    ]
    index = {company_id: i for i, company_id in enumerate(resolver.company_ids)}
    near = [index[candidate.company_id] for candidate in match.candidates]
    exact = [match.company] if match.company >= 0 else []
    return np.array(list(dict.fromkeys([*exact, *begins, *holds, *codes, *near])), dtype=int)
