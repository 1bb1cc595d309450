"""Revenue at risk as a table: one row per query, in the reporting currency and US dollars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.columns import RISK, RISK_INTERVAL

if TYPE_CHECKING:
    from scoring.reference.identifiers.row import Queries
    from scoring.risk.revenue_at_risk import RevenueAtRisk
    from scoring.score.snapshot import Columns, Snapshot


def risk_columns(snapshot: Snapshot, risk: RevenueAtRisk, tickers: Queries, *, uncertainty: bool = False) -> Columns:
    """Revenue at risk of a list, one row per query in order.

    Parameters
    ----------
    snapshot : Snapshot
        With a scenario or without: what came since the base date is at risk anyway.
    risk : RevenueAtRisk
        Of the snapshot.
    tickers : iterable of str
    uncertainty : bool
        Whether to add `RISK_INTERVAL`.

    Returns
    -------
    dict of str to ndarray
        `RISK`. Missing is missing: no China share, no share at risk; no revenue, no money; no reference
        rate, no dollars; `risk_note` says which.
    """
    matches = snapshot.resolver.resolve_many(tickers)
    rows = snapshot.columns_of(matches)
    company = np.array([match.company for match in matches], dtype=int)
    found = at_risk(risk, company, uncertainty=uncertainty)
    found["risk_note"] = np.where(company >= 0, found["risk_note"], rows["reason"])
    names = (*RISK, *RISK_INTERVAL) if uncertainty else RISK
    return {name: found[name] if name in found else rows[name] for name in names}


def at_risk(risk: RevenueAtRisk, company: np.ndarray, *, uncertainty: bool = False) -> Columns:
    """Columns of revenue at risk of some companies, shape (c,); -1 is none."""

    def pick(values: np.ndarray, empty: object) -> np.ndarray:
        # Row -1 of one past the last company is empty: a query that named no company.
        picked: np.ndarray = np.append(values, np.array([empty], dtype=values.dtype))[company]
        return picked

    nat = np.datetime64("NaT", "D")
    share = {
        "": pick(risk.loss.total, np.nan),
        "_low": pick(risk.low, np.nan),
        "_high": pick(risk.high, np.nan),
        "_supply": pick(risk.loss.supply, np.nan),
        "_all": pick(risk.loss.with_supply, np.nan),
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
    return found


def _percentiles(risk: RevenueAtRisk, company: np.ndarray) -> Columns:
    from scoring.risk.intervals import risk_intervals

    values = np.full((3, company.size), np.nan)
    named = company >= 0
    values[:, named] = risk_intervals(risk, company[named])
    return dict(zip(("_p05", "_p50", "_p95"), values, strict=True))
