"""Whether two releases can be compared: the columns that enter scores must be the same in both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scoring.errors import SchemaMismatchError
from scoring.reference.releases.release import Release

ENTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "companies": ("company_id", "country"),
    "product_families": ("product_family", "group"),
    "revenue": ("company_id", "fiscal_year", "period_end", "china_share", "known_by"),
    "segments": (
        "company_id",
        "fiscal_year",
        "product_family",
        "revenue_share",
        "is_service",
        "china_share",
        "for_mix",
        "known_by",
    ),
    "business_mix": ("company_id", "product_family", "share", "is_service", "valid_from"),
    "rules": (
        "rule_id",
        "imposed_by",
        "announced",
        "effective_from",
        "effective_to",
        "end_announced",
        "measure",
        "reach",
        "bound_countries",
        "exempt_countries",
        "covers_servicing",
        "status",
    ),
    "family_rules": ("product_family", "rule_id", "fraction"),
    "minerals": ("mineral", "china_mine_share", "china_refined_share"),
    "mineral_imports": ("hs6", "year", "importer", "china_import_share", "import_value_kusd"),
    "mineral_codes": ("mineral", "hs6", "usable"),
    "mineral_facts": ("mineral", "fact", "value", "year"),
    "family_minerals": ("product_family", "mineral", "criticality", "substitutability"),
    "countermeasures": (
        "measure_id",
        "side",
        "subject_kind",
        "subject",
        "target",
        "announced",
        "effective_from",
        "effective_to",
        "end_announced",
        "measure",
        "status",
    ),
    "coercion_events": ("event_id", "date", "target_country", "severity_kind"),
}
"""Columns that enter scores, by table."""


def check_comparable(one: Release, other: Release) -> None:
    """Check that two releases have the columns that enter scores, with the same types.

    Raises
    ------
    SchemaMismatchError
        A table or column is missing in one of them, or has another type there.
    """
    if one is other:
        return
    for table, columns in ENTERS.items():
        schemas = []
        for release in (one, other):
            if table not in release.names:
                raise _mismatch(one, other, f"{release.version} has no table {table}")
            schemas.append((release, release.table(table).schema))
        for column in columns:
            for release, schema in schemas:
                if column not in schema.names:
                    raise _mismatch(one, other, f"{release.version} has no column {table}.{column}")
            types = [schema.field(column).type for _, schema in schemas]
            if types[0] != types[1]:
                raise _mismatch(one, other, f"{table}.{column} is {types[0]} in the one and {types[1]} in the other")


def _mismatch(one: Release, other: Release, problem: str) -> SchemaMismatchError:
    return SchemaMismatchError(
        "release",
        f"comparing releases with different schemas, {one.version} and {other.version}: {problem}",
        "compare releases of one schema; `exposure release diff` lists their facts",
    )
