"""Revenue at risk as a table: one row per query, in the reporting currency and US dollars."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from scoring.risk.revenue_at_risk import RevenueAtRisk
    from scoring.score.snapshot import Columns, Snapshot

RISK_COLUMNS: Final = (
    "query",
    "status",
    "company_id",
    "name",
    "ticker",
    "mic",
    "country",
    "sector",
    "fiscal_period",
    "period_end",
    "base_date",
    "share_at_risk",
    "share_at_risk_low",
    "share_at_risk_high",
    "control_loss",
    "retaliation_loss",
    "currency",
    "revenue",
    "revenue_at_risk",
    "revenue_at_risk_low",
    "revenue_at_risk_high",
    "usd_rate",
    "revenue_at_risk_usd",
    "revenue_at_risk_usd_low",
    "revenue_at_risk_usd_high",
    "risk_note",
    "candidates",
    "as_of",
    "release",
    "methodology",
    "scenario",
)
"""Columns of revenue at risk. Shares are of revenue, 0..1; money is in units of the currency, of the fiscal period."""


RISK_INTERVAL_COLUMNS: Final = tuple(
    f"{what}_{quantile}"
    for what in ("share_at_risk", "revenue_at_risk", "revenue_at_risk_usd")
    for quantile in ("p05", "p50", "p95")
)
"""Columns that are added when the uncertainty is asked for: percentiles over all assumptions."""


def risk_columns(
    snapshot: Snapshot, risk: RevenueAtRisk, tickers: Iterable[str], *, uncertainty: bool = False
) -> Columns:
    """Revenue at risk of a list, one row per query in order.

    Parameters
    ----------
    snapshot : Snapshot
        With a scenario or without: what came since the base date is at risk anyway.
    risk : RevenueAtRisk
        Of the snapshot.
    tickers : iterable of str
    uncertainty : bool
        Whether to add `RISK_INTERVAL_COLUMNS`.

    Returns
    -------
    dict of str to ndarray
        `RISK_COLUMNS`. Missing is missing: no China share, no share at risk; no revenue, no money; no reference
        rate, no dollars; `risk_note` says which.
    """
    matches = snapshot.resolver.resolve_many(list(tickers))
    rows = snapshot.columns_of(matches)
    company = np.array([match.company for match in matches], dtype=int)

    def pick(values: np.ndarray, empty: object) -> np.ndarray:
        # Row -1 of one past the last company is empty: a query that named no company.
        picked: np.ndarray = np.append(values, np.array([empty], dtype=values.dtype))[company]
        return picked

    nat = np.datetime64("NaT", "D")
    share = {
        "": pick(risk.loss.total, np.nan),
        "_low": pick(risk.low, np.nan),
        "_high": pick(risk.high, np.nan),
    }
    if uncertainty:
        share |= _percentiles(risk, company)
    revenue, rate = pick(risk.revenue, np.nan), pick(risk.usd.rate, np.nan)
    found: Columns = {
        "fiscal_period": pick(risk.period, None),
        "period_end": pick(risk.period_end, nat).astype(object),
        "base_date": pick(risk.midpoint, nat).astype(object),
        "control_loss": pick(risk.loss.control, np.nan),
        "retaliation_loss": pick(risk.loss.retaliation, np.nan),
        "currency": pick(risk.currency, None),
        "revenue": revenue,
        "usd_rate": rate,
        "risk_note": pick(risk.notes, None),
    }
    for end, values in share.items():
        found[f"share_at_risk{end}"] = values
        found[f"revenue_at_risk{end}"] = revenue * values
        found[f"revenue_at_risk_usd{end}"] = revenue * values * rate
    found["risk_note"] = np.where(company >= 0, found["risk_note"], rows["reason"])
    names = (*RISK_COLUMNS, *RISK_INTERVAL_COLUMNS) if uncertainty else RISK_COLUMNS
    return {name: found[name] if name in found else rows[name] for name in names}


def _percentiles(risk: RevenueAtRisk, company: np.ndarray) -> Columns:
    from scoring.risk.intervals import risk_intervals

    values = np.full((3, company.size), np.nan)
    named = company >= 0
    values[:, named] = risk_intervals(risk, company[named])
    return dict(zip(("_p05", "_p50", "_p95"), values, strict=True))
