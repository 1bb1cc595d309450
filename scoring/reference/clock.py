"""The clock of every table: when a row becomes known, begins and ends, whom it touches, and what of it enters scores.

A new table gets its entry here, and selection, change points, citations, look-ups, histories and comparisons follow.
It is on the path of a score, so it imports neither pandas nor pandera.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np

Rows = Mapping[str, Any]
"""Columns of some rows of a table: arrays, or the cells of one row as NumPy scalars."""

Days = np.datetime64 | np.ndarray
"""One day for all rows, or a day of its own for each."""


class Clock(NamedTuple):
    """What the columns of a table say about time.

    Attributes
    ----------
    key : tuple of str
        Columns that together name a row.
    enters : tuple of str
        Columns that enter scores; empty for a table that does not.
    known : str or None
        Column of the first day on which a row may be used; None for what is known on every day.
    month : int or None
        For yearly figures, whose `known` is the year they describe: they are known from the first day of this month
        of the second year after it.
    starts, ends, end_known : str or None
        Columns of the days on which a row begins and ends, and on which its end became known (empty: as it came).
    describes : str or None
        Column of the period or day that a row is about.
    touches : str
        Column that names whom a row touches: a company, family, rule, country or a measure's subject.
    """

    key: tuple[str, ...]
    enters: tuple[str, ...] = ()
    known: str | None = None
    month: int | None = None
    starts: str | None = None
    ends: str | None = None
    end_known: str | None = None
    describes: str | None = None
    touches: str = ""


_ACT_DAYS: Final = ("announced", "effective_from", "effective_to", "end_announced")


def _act(key: str, touches: str, enters: tuple[str, ...]) -> Clock:
    """Clock of acts of a government: rules and countermeasures."""
    known, starts, ends, end_known = _ACT_DAYS
    columns = (key, *_ACT_DAYS, *enters)
    return Clock((key,), columns, known, starts=starts, ends=ends, end_known=end_known, touches=touches)


CLOCK: Final[Mapping[str, Clock]] = {
    "companies": Clock(("company_id",), ("company_id", "country"), touches="company_id"),
    "product_families": Clock(
        ("product_family",),
        ("product_family", "group"),
        touches="product_family",
    ),
    "revenue": Clock(
        ("company_id", "fiscal_year"),
        (
            "company_id",
            "fiscal_year",
            "period_end",
            "currency",
            "unit",
            "total_revenue",
            "china_revenue",
            "china_share",
            "share_of",
            "china_scope",
            "basis",
            "known_by",
        ),
        known="known_by",
        describes="fiscal_year",
        touches="company_id",
    ),
    "segments": Clock(
        ("company_id", "fiscal_year", "segment", "product_family"),
        (
            "company_id",
            "fiscal_year",
            "product_family",
            "revenue_share",
            "is_service",
            "china_share",
            "for_mix",
            "known_by",
        ),
        known="known_by",
        describes="fiscal_year",
        touches="company_id",
    ),
    # Structural: it describes a business from a day on, and no document made it known.
    "business_mix": Clock(
        ("company_id", "product_family", "valid_from"),
        ("company_id", "product_family", "share", "is_service", "valid_from"),
        starts="valid_from",
        describes="valid_from",
        touches="company_id",
    ),
    "rules": _act(
        "rule_id",
        "rule_id",
        ("imposed_by", "measure", "reach", "bound_countries", "exempt_countries", "covers_servicing", "status"),
    ),
    "family_rules": Clock(
        ("product_family", "rule_id"),
        ("product_family", "rule_id", "fraction", "calibration"),
        touches="product_family",
    ),
    "minerals": Clock(
        ("mineral",), ("mineral", "china_mine_share", "china_refined_share", "import_share_default"), touches="mineral"
    ),
    # The geological survey's edition appears in February on a day that was not visible: a month more only delays it.
    "mineral_imports": Clock(
        ("hs6", "year", "importer"),
        ("hs6", "year", "importer", "china_import_share", "import_value_kusd"),
        known="year",
        month=2,
        describes="year",
        touches="importer",
    ),
    "mineral_facts": Clock(
        ("mineral", "fact", "year", "source_id"),
        ("mineral", "fact", "value", "year"),
        known="year",
        month=3,
        describes="year",
        touches="mineral",
    ),
    "mineral_output": Clock(("mineral", "country", "year"), known="year", month=3, describes="year", touches="mineral"),
    # An edition estimates all years again, and is known from its own day.
    "governance": Clock(
        ("country", "year", "dimension", "published"), known="published", describes="year", touches="country"
    ),
    "mineral_codes": Clock(("mineral", "hs6"), ("mineral", "hs6", "usable"), touches="mineral"),
    "family_minerals": Clock(
        ("product_family", "mineral"),
        ("product_family", "mineral", "criticality", "substitutability"),
        touches="product_family",
    ),
    "countermeasures": _act(
        "measure_id", "subject", ("side", "subject_kind", "subject", "target", "measure", "fraction", "status")
    ),
    "coercion_events": Clock(
        ("event_id",),
        ("event_id", "date", "target_country", "severity_kind"),
        known="date",
        describes="date",
        touches="target_country",
    ),
    # A party is listed, and is a customer, from the days that the rule and the figure have of their own.
    "rule_entities": Clock(("rule_id", "entity"), ("rule_id", "entity"), touches="rule_id"),
    "customers": Clock(
        ("company_id", "customer", "fiscal_year", "known_by"),
        ("company_id", "customer", "share", "bound", "period_end", "known_by"),
        known="known_by",
        describes="period_end",
        touches="company_id",
    ),
    "entity_parents": Clock(
        ("entity", "company_id"),
        ("entity", "company_id", "weight", "valid_from", "valid_to"),
        starts="valid_from",
        ends="valid_to",
        end_known="valid_to",
        touches="company_id",
    ),
    "industry_priors": Clock(("region", "sector", "group"), touches="group"),
    "producers": Clock(("company_id", "mineral"), ("company_id", "mineral"), touches="company_id"),
    "company_minerals": Clock(("company_id", "mineral", "source_id"), known="published", touches="company_id"),
    "impact_statements": Clock(
        ("company_id", "date", "control_id_hint", "statement_kind", "period"),
        known="date",
        describes="date",
        touches="company_id",
    ),
}
"""Every table that enters scores, and those of facts that are looked up."""


def figure_known_from(table: str, year: int) -> dt.date:
    """First day on which the figures of a year are known, in a table of yearly figures."""
    day: dt.date = begins(table, {"year": np.float64(year)}).item()
    return day


def begins(table: str, rows: Rows) -> Any:
    """First day on which each row of a table may be used.

    Returns
    -------
    datetime64[D], as many as there are rows
        Day on which a row becomes known, or for structural facts begins; NaT where a row has no such day.
    """
    clock = CLOCK[table]
    column = clock.known or clock.starts
    if column is None:
        return _never(clock, rows)
    if clock.month is None:
        return rows[column]
    year = np.asarray(rows[column], dtype=float)
    month = np.where(np.isnan(year), 0, (year - 1968) * 12 + clock.month - 1).astype("datetime64[M]")
    return np.where(np.isnan(year), np.datetime64("NaT", "D"), month.astype("datetime64[D]"))


def known_by(table: str, rows: Rows, day: Days) -> Any:
    """Whether each row of a table may be used on a day; a row of a table without such days may be used on each."""
    clock, first = CLOCK[table], begins(table, rows)
    return first <= day if clock.known or clock.starts else np.isnat(first)


def begun_by(table: str, rows: Rows, day: Days) -> Any:
    """Whether each row has begun by a day: a rule that is known may come into force later."""
    starts = CLOCK[table].starts
    return known_by(table, rows, day) if starts is None else rows[starts] <= day


def ended_by(table: str, rows: Rows, day: Days) -> Any:
    """Whether each row has ended by a day, as was known on that day.

    Ended: its last day reached and its end known. A row of no length, suspended before it took effect, is ended as
    soon as its end is known.
    """
    clock, end_known_from = CLOCK[table], _end_known_from(table, rows)
    if clock.ends is None or clock.starts is None:
        return end_known_from <= day
    end = rows[clock.ends]
    return (end_known_from <= day) & ((end <= day) | (end == rows[clock.starts]))


def hidden_ends(table: str, rows: Rows, day: np.datetime64) -> Any:
    """Whether each row has an end that was not yet known on a day."""
    return _end_known_from(table, rows) > day


def days(table: str, rows: Rows) -> np.ndarray:
    """Days on which a row of a table becomes known, begins, ends or its end becomes known; each once, in order."""
    clock = CLOCK[table]
    columns = [rows[name] for name in (clock.starts, clock.ends, clock.end_known) if name is not None]
    every = np.concatenate([np.atleast_1d(column) for column in (begins(table, rows), *columns)])
    return np.unique(every[~np.isnat(every)])


def _end_known_from(table: str, rows: Rows) -> Any:
    """Day from which the end of each row is known; NaT where it has none."""
    clock = CLOCK[table]
    if clock.ends is None or clock.end_known is None:
        return _never(clock, rows)
    end, known = rows[clock.ends], rows[clock.end_known]
    return np.where(np.isnat(known), end, known)


def _never(clock: Clock, rows: Rows) -> Any:
    return np.full(np.shape(rows[clock.key[0]]), np.datetime64("NaT", "D"))
