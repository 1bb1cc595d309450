"""Tables of a synthetic universe that say what its companies are: revenue, segments, mix and listings."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from benchmarks.synthetic_axes import Axes

Tables = dict[str, dict[str, Any]]

SEGMENTS: Final = 6
"""Most segments of a company."""
WITHOUT_CHINA_SHARE: Final = 0.12
WITH_SEGMENT_SHARES: Final = 0.08
"""Part of the companies that disclose China shares of segments; as in the bundled release, few do."""
WITH_MIX_ONLY: Final = 0.5
"""Part of the companies described by the business mix, and not by disclosed segments."""


def tables(axes: Axes, random: np.random.Generator) -> Tables:
    """Tables `companies`, `listings`, `product_families`, `revenue`, `segments` and `business_mix`."""
    n = axes.company_ids.size
    share = np.where(random.random(n) < WITHOUT_CHINA_SHARE, np.nan, np.clip(random.beta(1.0, 5.0, n), 0.0, 1.0))
    mixed = random.random(n) < WITH_MIX_ONLY
    parts = _parts(axes, random)
    return {
        "companies": {
            "company_id": axes.company_ids,
            "name": axes.company_ids,
            "country": axes.country,
            "sector": np.full(n, "Synthetic", dtype=object),
            "industry": np.full(n, "Synthetic", dtype=object),
            "fiscal_year_end_month": np.full(n, 12),
        },
        "listings": {
            "company_id": axes.company_ids,
            "mic": np.full(n, "XNAS", dtype=object),
            "ticker": np.array([f"S{i:06d}" for i in range(n)], dtype=object),
            "primary": np.ones(n, dtype=bool),
        },
        "product_families": {"product_family": axes.families, "label": axes.families, "group": axes.groups},
        "revenue": _revenue(axes, share, random),
        "segments": _segments(axes, parts, mixed, share, random),
        "business_mix": _mix(axes, parts, mixed),
    }


def _parts(axes: Axes, random: np.random.Generator) -> dict[str, np.ndarray]:
    """Segments of every company: owner, number within it, family, service flag and raw size."""
    n = axes.company_ids.size
    count = random.integers(1, SEGMENTS + 1, n)
    owner = np.repeat(np.arange(n), count)
    return {
        "owner": owner,
        "number": np.arange(owner.size) - np.repeat(np.cumsum(count) - count, count),
        "family": random.integers(0, axes.families.size, owner.size),
        "service": random.random(owner.size) < 0.15,
        "size": random.gamma(1.5, 1.0, owner.size) + 0.05,
    }


def _shares(owner: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Shares that sum to 1 within an owner."""
    share: np.ndarray = size / np.bincount(owner, size)[owner]
    return share


def _revenue(axes: Axes, share: np.ndarray, random: np.random.Generator) -> dict[str, Any]:
    """One row per company with a China share and year; the share wanders from year to year."""
    holder = np.flatnonzero(~np.isnan(share))
    company = np.repeat(holder, len(axes.years))
    year = np.tile(np.array(axes.years), holder.size)
    wander = random.normal(1.0, 0.1, company.size) * 0.97 ** (axes.years[-1] - year)
    china = np.clip(share[company] * wander, 0.0, 1.0)
    total = random.lognormal(8.0, 1.5, company.size)
    return {
        "company_id": axes.company_ids[company],
        "fiscal_year": year.astype(str).astype(object),
        "period_end": _year_end(year),
        "currency": np.full(company.size, "USD", dtype=object),
        "unit": np.full(company.size, "million", dtype=object),
        "total_revenue": total,
        "china_revenue": total * china,
        "china_share": china,
        "china_scope": np.full(company.size, "mainland", dtype=object),
        "basis": np.full(company.size, "unspecified", dtype=object),
        "evidence": np.full(company.size, "reported", dtype=object),
        "published": _published(year),
        "known_by": _published(year),
    }


def _segments(
    axes: Axes, parts: dict[str, np.ndarray], mixed: np.ndarray, share: np.ndarray, random: np.random.Generator
) -> dict[str, Any]:
    disclosing = random.random(share.size) < WITH_SEGMENT_SHARES
    of_segments = {name: values[~mixed[parts["owner"]]] for name, values in parts.items()}
    k, years = of_segments["owner"].size, len(axes.years)
    row = np.tile(np.arange(k), years)
    year = np.repeat(np.array(axes.years), k)
    owner = of_segments["owner"][row]
    size = of_segments["size"][row] * random.lognormal(0.0, 0.1, row.size)
    revenue_share = _shares(owner * years + (year - axes.years[0]), size)
    # Among disclosing companies some tell about every segment and some about a few; not all of it fits their total.
    tells = disclosing[owner] & (random.random(row.size) < 0.6)
    stated = np.nan_to_num(share[owner], nan=0.1) * random.exponential(1.0, row.size)
    stated[random.random(row.size) < 0.15] = 0.0
    china = np.where(tells, np.clip(stated, 0.0, 1.0), np.nan)
    label = np.array([f"segment {i}" for i in range(SEGMENTS)], dtype=object)
    return {
        "company_id": axes.company_ids[owner],
        "fiscal_year": year.astype(str).astype(object),
        "segment": label[of_segments["number"][row]],
        "product_family": axes.families[of_segments["family"][row]],
        "revenue_share": revenue_share,
        "is_service": of_segments["service"][row],
        "china_share": china,
        "for_mix": np.ones(row.size, dtype=bool),
        "evidence": np.full(row.size, "reported", dtype=object),
        "published": _published(year),
        "known_by": _published(year),
    }


def _mix(axes: Axes, parts: dict[str, np.ndarray], mixed: np.ndarray) -> dict[str, Any]:
    mine = mixed[parts["owner"]]
    # One row per family and service flag of a company: the sizes of a family that occurs twice are added.
    cell = (parts["owner"] * axes.families.size + parts["family"]) * 2 + parts["service"]
    cells, inverse = np.unique(cell[mine], return_inverse=True)
    size = np.bincount(inverse, parts["size"][mine])
    owner, rest = np.divmod(cells, axes.families.size * 2)
    return {
        "company_id": axes.company_ids[owner],
        "product_family": axes.families[rest // 2],
        "share": _shares(owner, size),
        "is_service": rest % 2 == 1,
        "valid_from": np.full(owner.size, np.datetime64("2014-01-01")),
        "evidence": np.full(owner.size, "expert-judgement", dtype=object),
    }


def _year_end(year: np.ndarray) -> np.ndarray:
    return (year - 1969).astype("datetime64[Y]").astype("datetime64[D]") - 1


def _published(year: np.ndarray) -> np.ndarray:
    """Annual figures become known by the end of February."""
    return _year_end(year) + 59
