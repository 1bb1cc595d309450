"""Tables of a synthetic universe that say what its companies are: revenue, segments, mix and listings."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from benchmarks.synthetic.axes import Axes

Tables = dict[str, dict[str, Any]]

SEGMENTS: Final = 6
"""Most segments of a company."""
WITHOUT_CHINA_SHARE: Final = 0.12
WITH_SEGMENT_SHARES: Final = 0.08
"""Part of the companies that disclose China shares of segments; as in the bundled release, few do."""
WITH_MIX_ONLY: Final = 0.5
"""Part of the companies described by the business mix, and not by disclosed segments."""
WITHOUT_MIX: Final = 0.05
"""Part of the companies of which no mix is known, so that they have that of their industry."""
ESTIMATED: Final = 0.5
"""Part of the companies without a China share that have an estimate."""
VINTAGE: Final = "2026-04-01"
OF_INDUSTRY: Final = 5
"""Families of an industry: so few that none is below what counts in the mean mix of its companies."""


def tables(axes: Axes, random: np.random.Generator) -> Tables:
    """Tables of companies, their listings and families, what they sell, and estimates of it."""
    n = axes.company_ids.size
    share = np.where(random.random(n) < WITHOUT_CHINA_SHARE, np.nan, np.clip(random.beta(1.0, 5.0, n), 0.0, 1.0))
    mixed = random.random(n) < WITH_MIX_ONLY
    industry = random.integers(0, axes.families.size // OF_INDUSTRY, n)
    parts = _parts(axes, industry, random)
    return {
        "companies": {
            "company_id": axes.company_ids,
            "name": axes.company_ids,
            "country": axes.country,
            "sector": np.full(n, "Synthetic", dtype=object),
            "industry": np.char.add("Industry ", industry.astype(str)).astype(object),
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
        "estimates": _estimates(axes, share, random),
    }


def _parts(axes: Axes, industry: np.ndarray, random: np.random.Generator) -> dict[str, np.ndarray]:
    """Segments of every company with a mix: owner, number within it, family, service flag and raw size."""
    n = axes.company_ids.size
    count = np.where(random.random(n) < WITHOUT_MIX, 0, random.integers(1, SEGMENTS + 1, n))
    owner = np.repeat(np.arange(n), count)
    return {
        "owner": owner,
        "number": np.arange(owner.size) - np.repeat(np.cumsum(count) - count, count),
        "family": industry[owner] * OF_INDUSTRY + random.integers(0, OF_INDUSTRY, owner.size),
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


def _estimates(axes: Axes, share: np.ndarray, random: np.random.Generator) -> dict[str, Any]:
    """One vintage, for some of the companies without a China share."""
    without = np.flatnonzero(np.isnan(share))
    chosen = np.sort(random.choice(without, int(without.size * ESTIMATED), replace=False))
    middle = random.beta(1.0, 8.0, chosen.size)
    return {
        "company_id": axes.company_ids[chosen],
        "vintage": np.full(chosen.size, np.datetime64(VINTAGE)),
        "china_share_p05": middle * 0.3,
        "china_share_p50": middle,
        "china_share_p95": np.minimum(middle * 3.0, 1.0),
        "prior_cell": np.full(chosen.size, "Synthetic", dtype=object),
        "own_figure": np.zeros(chosen.size, dtype=bool),
        "disclosers": np.full(chosen.size, 100),
        "model": np.full(chosen.size, "synthetic", dtype=object),
    }


def _year_end(year: np.ndarray) -> np.ndarray:
    return (year - 1969).astype("datetime64[Y]").astype("datetime64[D]") - 1


def _published(year: np.ndarray) -> np.ndarray:
    """Annual figures become known by the end of February."""
    return _year_end(year) + 59
