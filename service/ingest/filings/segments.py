"""From a filing to rows of `segments`.

Which product family a segment belongs to is a judgement. It goes on where the company's earlier rows name the segment;
it is suggested where a name is near to one of them, or the company has but one family; else it is a question. The
shares of a year count together, so that one judgement makes a judgement of the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from scoring.reference.sources.sec.filing import Filing
from scoring.reference.sources.sec.products import Part, ProductSplit, product_splits
from service.ingest.filings.filed import ANNUAL, amount, label_of, published, source_of
from service.ingest.proposal import Candidate
from service.ingest.working import Cells, WorkingTables

_NEAR: Final = 90.0
"""Least likeness of two names of a segment, of 100, at which one is suggested to be the other."""

_LITTLE: Final = Decimal("0.002")
"""Part of revenue by which two sums of rounded shares may differ."""


class _Family(NamedTuple):
    """Family of a segment, and why it is thought to be that; `why` is empty where an earlier row says so."""

    segment: str
    product_family: str
    is_service: str
    for_mix: str
    why: str


def candidates(filing: Filing, tables: WorkingTables, company: str) -> Iterator[Candidate]:
    """Rows of `segments` for the year that an annual filing is about, of a company whose product mix is known."""
    earlier = tables.of_company("segments", company)
    mix = tables.of_company("business_mix", company)
    if not filing.form.startswith(ANNUAL) or not (earlier or mix):
        return
    splits, unfit = product_splits(filing)
    label = label_of(filing, filing.period, 4, tables.revenue_of.get(company, []))
    source = source_of(filing)
    if label is None:
        return
    if not splits:
        if unfit is not None and earlier:
            cells = _empty(company, label, source["source_id"]) | {"locator": unfit[:200]}
            yield Candidate("segments", cells, source, f"{unfit}: these do not add up to revenue, enter them by hand")
        return
    split = max(splits, key=lambda one: (_recognised(one, earlier), len(one.parts)))
    if split.years == 1 and sum(len(one.parts) == len(split.parts) for one in splits) > 1:
        cells = _empty(company, label, source["source_id"]) | {"locator": f"{split.tag} by {split.axis}"}
        yield Candidate("segments", cells, source, "several choices of members add up to revenue, enter them by hand")
        return
    yield from _year(filing, split, _Known(company, label, earlier, mix), source)


class _Known(NamedTuple):
    """What is known of a company: its name for the year, its rows of `segments` and of `business_mix`."""

    company: str
    label: str
    earlier: list[Cells]
    mix: list[Cells]


def _year(filing: Filing, split: ProductSplit, known: _Known, source: dict[str, str]) -> Iterator[Candidate]:
    families = [_family(part, known) for part in split.parts]
    rows = [_cells(filing, split, part, family) for part, family in zip(split.parts, families, strict=True)]
    same_year = [row for row in known.earlier if row["fiscal_year"] == known.label]
    named = {_plain(row["segment"]) for row in same_year}
    strange = [row for row in rows if _plain(row["segment"]) not in named]
    if same_year and _same_sum(strange, [row for row in same_year if not _is_among(row, rows)]):
        strange = []
    for row, family in zip(rows, families, strict=True):
        cells = {**row, "company_id": known.company, "fiscal_year": known.label, "source_id": source["source_id"]}
        if not 0 <= Decimal(row["revenue_share"]) <= 1:
            yield Candidate("segments", cells, source, f"{row['segment']} is {row['revenue_share']} of revenue")
        elif same_year and _plain(row["segment"]) not in named:
            if row in strange:
                segments = ", ".join(sorted({one["segment"] for one in same_year}))
                yield Candidate("segments", cells, source, f"the year is known as {segments}")
        elif not family.product_family:
            yield Candidate("segments", cells, source, family.why)
        else:
            judged = not same_year and any(one.why for one in families)
            yield Candidate("segments", cells, source, judgement=judged)


def _family(part: Part, known: _Known) -> _Family:
    name = _words(part.member)
    latest = {_plain(row["segment"]): row for row in sorted(known.earlier, key=lambda row: row["fiscal_year"])}
    row = latest.get(_plain(name))
    if row is not None:
        return _Family(row["segment"], row["product_family"], row["is_service"], row["for_mix"], "")
    likeness = {plain: fuzz.token_set_ratio(name.lower(), one["segment"].lower()) for plain, one in latest.items()}
    nearest = max(likeness, key=lambda plain: likeness[plain], default=None)
    if nearest is not None and likeness[nearest] >= _NEAR:
        row = latest[nearest]
        why = f"family as of {row['segment']} in {row['fiscal_year']}, by its name"
        return _Family(name, row["product_family"], row["is_service"], row["for_mix"], why)
    families = sorted({row["product_family"] for row in [*known.earlier, *known.mix]})
    service = "true" if "service" in name.lower() else "false"
    if len(families) == 1:
        return _Family(name, families[0], service, "true", "the company has no other family")
    why = f"of which family is {name}? The company's are {', '.join(families)}"
    return _Family(name, "", service, "true", why)


def _cells(filing: Filing, split: ProductSplit, part: Part, family: _Family) -> Cells:
    day, how = published(filing)
    million = Decimal(10**6)
    own, whole = amount(part.amount, million), amount(split.total, million)
    notes = [
        f"Amounts in the source: {own} of {whole} {split.currency} million",
        f"in China {amount(part.china, million)}" if part.china is not None else "",
        family.why if family.product_family else "",
        how,
    ]
    china = part.china / part.amount if part.china is not None and part.amount > 0 else None
    return {
        **_empty("", "", ""),
        "segment": family.segment,
        "product_family": family.product_family,
        "revenue_share": f"{part.amount / split.total:.4f}",
        "is_service": family.is_service,
        "china_share": f"{china:.4f}" if china is not None and 0 <= china <= 1 else "",
        "for_mix": family.for_mix,
        "evidence": "derived",
        "published": day.isoformat(),
        "known_by": day.isoformat(),
        "locator": f"{split.tag}, {split.axis}={part.member}",
        "note": "; ".join(note for note in notes if note),
    }


def _empty(company: str, label: str, source_id: str) -> Cells:
    return dict.fromkeys(_COLUMNS, "") | {"company_id": company, "fiscal_year": label, "source_id": source_id}


_COLUMNS: Final = (
    "company_id", "fiscal_year", "segment", "product_family", "revenue_share", "is_service", "china_share", "for_mix",
    "evidence", "published", "known_by", "source_id", "locator", "note",
)  # fmt: skip


def _recognised(split: ProductSplit, earlier: list[Cells]) -> int:
    """How many of the parts are named in earlier rows: the split that is known goes on."""
    named = {_plain(row["segment"]) for row in earlier}
    return sum(_plain(_words(part.member)) in named for part in split.parts)


def _is_among(row: Cells, rows: list[Cells]) -> bool:
    return any(_plain(row["segment"]) == _plain(one["segment"]) for one in rows)


def _same_sum(some: list[Cells], others: list[Cells]) -> bool:
    """Whether segments that are named otherwise are the same part of revenue, cut more finely."""
    sums = [sum((Decimal(row["revenue_share"]) for row in rows), Decimal(0)) for rows in (some, others)]
    return abs(sums[0] - sums[1]) <= _LITTLE


def _words(member: str) -> str:
    """Name of a member in words: ``DataCenterSegment`` is ``Data Center``."""
    bare = member.removesuffix("Segment")
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", bare)


def _plain(name: str) -> str:
    """Name without what differs from year to year: spaces, signs, and the s of a plural."""
    return re.sub(r"[^a-z0-9]", "", name.lower()).rstrip("s")
