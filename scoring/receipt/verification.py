"""Receipts are made from scores, computed again, and compared."""

from __future__ import annotations

import json
from typing import Final

from pydantic import ValidationError

from scoring.answers import Answer
from scoring.arrays import number_or_none
from scoring.columns import PILLAR_POINTS
from scoring.errors import ReceiptInvalidError
from scoring.methodology import Methodology
from scoring.receipt.document import Receipt, Row
from scoring.reference.identifiers.row import Queries, Query, as_queries
from scoring.reference.identifiers.row import Row as FileRow
from scoring.reference.releases.release import Release, open_release
from scoring.scenario.model import Scenario
from scoring.score.snapshot import Snapshot

TOLERANCE: Final = 1e-9
"""Numbers that differ by less are the same: other machines may round the last bits otherwise."""

_TEXTS: Final = ("status", "company_id", "band", "confidence_grade")
_NUMBERS: Final = (
    "score",
    "score_floor",
    *PILLAR_POINTS,
    "market",
    "control",
    "retaliation",
    "confidence",
    "china_share",
)


class Difference(Answer):
    """One thing that is not as the receipt says."""

    what: str
    query: str | None
    stated: str | float | None
    found: str | float | None


class Verification(Answer):
    """What came of computing a receipt again."""

    rows: int
    """Results compared."""
    differences: list[Difference]
    """Empty where everything is as stated."""

    @property
    def is_verified(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def receipt(snapshot: Snapshot, tickers: Queries) -> Receipt:
    """Receipt of the scores of a list.

    Parameters
    ----------
    snapshot : Snapshot
    tickers : str, or iterable of str or Row
    """
    draft = Receipt(
        release=snapshot.release.version,
        release_sha256=snapshot.release.sha256,
        methodology=snapshot.methodology.model_dump(mode="json"),
        methodology_sha256=snapshot.methodology.sha256,
        scenario=snapshot.scenario.document() if snapshot.scenario else None,
        scenario_sha256=snapshot.scenario.sha256 if snapshot.scenario else None,
        as_of=snapshot.as_of,
        rows=_rows(snapshot, tickers),
        sha256="",
    )
    return draft.model_copy(update={"sha256": draft.content_sha256()})


def verify(found: Receipt, release: Release | None = None) -> Verification:
    """Compute a receipt again and say exactly what differs.

    Parameters
    ----------
    found : Receipt
    release : Release, optional
        Default: the bundled one of the receipt's version.

    Raises
    ------
    ReleaseNotFoundError, ReleaseCorruptError
        The release is not there, or does not match its hashes.
    ReceiptInvalidError
        The methodology or the scenario in the receipt is none.
    """
    opened = open_release(found.release) if release is None else release
    differences: list[Difference] = []

    def compare(what: str, stated: str | float | None, got: str | float | None, query: str | None = None) -> None:
        if not _same(stated, got):
            differences.append(Difference(what=what, query=query, stated=stated, found=got))

    try:
        methodology = Methodology.model_validate_json(json.dumps(found.methodology))
        scenario = None if found.scenario is None else Scenario.model_validate(found.scenario)
    except ValidationError as error:
        raise ReceiptInvalidError(
            "receipt: methodology", str(error.errors()[0]["msg"]), "verify with the version that wrote it"
        ) from None
    compare("release", found.release, opened.version)
    compare("release_sha256", found.release_sha256, opened.sha256)
    compare("methodology_sha256", found.methodology_sha256, methodology.sha256)
    compare("scenario_sha256", found.scenario_sha256, scenario.sha256 if scenario else None)
    snapshot = Snapshot(opened, found.as_of, methodology, scenario)
    for stated, got in zip(found.rows, _rows(snapshot, [_query(row) for row in found.rows]), strict=True):
        for name in dict.fromkeys((*stated.values, *got.values)):
            compare(name, stated.values.get(name), got.values.get(name), stated.query)
    return Verification(rows=len(found.rows), differences=differences)


def _query(row: Row) -> Query:
    return row.query if row.row is None else FileRow.from_document(row.query, row.row)


def _rows(snapshot: Snapshot, tickers: Queries) -> list[Row]:
    queries = as_queries(tickers)
    columns = snapshot.columns(queries)
    return [
        Row(
            query=str(query),
            row=None if isinstance(query, str) else query.document(),
            values={
                **{name: columns[name][i] for name in _TEXTS},
                **{name: number_or_none(columns[name][i]) for name in _NUMBERS},
            },
        )
        for i, query in enumerate(queries)
    ]


def _same(stated: str | float | None, found: str | float | None) -> bool:
    if isinstance(stated, float) and isinstance(found, float):
        return abs(stated - found) <= TOLERANCE
    return stated == found
