"""What a release says in tables and columns that it was built without: nothing, in the words of its time.

A column has the value under which every formula does what it did before there was the column; a table has no rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa

KINDS: Final[Mapping[str, pa.DataType]] = {
    "string": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
"""How each kind of column is stored."""

COLUMNS: Final[Mapping[str, Mapping[str, tuple[str, str | float | None]]]] = {
    "companies": {
        "industry_group": ("string", None),
        "industry_detail": ("string", None),
        "size_class": ("string", None),
        "coverage": ("string", "researched"),
        "prior_region": ("string", None),
        "prior_sector": ("string", None),
        "prior_group": ("string", None),
        "website": ("string", None),
        "lei": ("string", None),
    },
    "listings": {"isin_evidence": ("string", None)},
    "revenue": {"share_of": ("string", "revenue")},
    "family_rules": {"calibration": ("string", "caught")},
    "countermeasures": {
        "fraction": ("number", 1.0),
        "fraction_low": ("number", 1.0),
        "fraction_high": ("number", 1.0),
        "scope_note": ("string", None),
    },
    "minerals": {"import_share_default": ("number", None)},
}
"""Kind and neutral value of the columns that came after the first release, by table."""

TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "company_names": {
        "company_id": "string",
        "name": "string",
        "language": "string",
        "kind": "string",
        "until": "date",
        "evidence": "string",
    },
    "industry_priors": {
        "region": "string",
        "sector": "string",
        "group": "string",
        "mean": "number",
        "p10": "number",
        "p90": "number",
        "p_zero": "number",
        "n_direct": "integer",
        "n_bound": "integer",
        "confidence": "string",
        "evidence": "string",
        "basis": "string",
    },
    "entities": {"entity": "string", "name": "string", "country": "string", "source_id": "string", "note": "string"},
    "rule_entities": {"rule_id": "string", "entity": "string"},
    "customers": {
        "company_id": "string",
        "customer": "string",
        "share": "number",
        "bound": "string",
        "fiscal_year": "string",
        "period_end": "date",
        "published": "date",
        "known_by": "date",
        "evidence": "string",
        "source_id": "string",
        "note": "string",
    },
    "entity_parents": {
        "entity": "string",
        "company_id": "string",
        "relation": "string",
        "weight": "number",
        "low": "number",
        "high": "number",
        "valid_from": "date",
        "valid_to": "date",
        "evidence": "string",
        "note": "string",
    },
    "producers": {"company_id": "string", "mineral": "string", "evidence": "string", "note": "string"},
    "estimates": {
        "company_id": "string",
        "vintage": "date",
        "china_share_p05": "number",
        "china_share_p50": "number",
        "china_share_p95": "number",
        "prior_cell": "string",
        "own_figure": "boolean",
        "disclosers": "integer",
        "model": "string",
    },
    "mineral_output": {
        "mineral": "string",
        "country": "string",
        "year": "integer",
        "share": "number",
        "source_id": "string",
    },
    "governance": {
        "country": "string",
        "year": "integer",
        "dimension": "string",
        "estimate": "number",
        "standard_error": "number",
        "published": "date",
        "source_id": "string",
    },
    "exchange_rates": {"currency": "string", "date": "date", "rate": "number", "source_id": "string"},
}
"""Kinds of the columns of the tables that came after the first release, and of those that a release may lack."""


def completed(name: str, table: pa.Table) -> pa.Table:
    """A table of a release with the columns that it was built without, after its own."""
    for column, (kind, value) in COLUMNS.get(name, {}).items():
        if column not in table.column_names:
            table = table.append_column(column, _repeated(value, KINDS[kind], table.num_rows))
    return table


def empty(name: str) -> pa.Table:
    """A table that a release was built without; KeyError if there is no such table in any."""
    return pa.table({column: pa.nulls(0, KINDS[kind]) for column, kind in TABLES[name].items()})


def _repeated(value: str | float | None, kind: pa.DataType, times: int) -> pa.Array:
    """A column of one value, from its buffers: what Arrow makes from Python values imports pandas."""
    if value is None:
        return pa.nulls(times, kind)
    if isinstance(value, float):
        return pa.Array.from_buffers(kind, times, [None, pa.py_buffer(np.full(times, value).tobytes())])
    text = value.encode()
    starts = np.arange(times + 1, dtype=np.int32) * len(text)
    return pa.StringArray.from_buffers(times, pa.py_buffer(starts.tobytes()), pa.py_buffer(text * times))
