"""The document that the revenue at risk of one company is, taken apart."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from scoring.answers import Answer
from scoring.cited import Fact
from scoring.columns import RISK, Table


class RiskPart(Answer):
    """A part of the revenue at risk."""

    kind: str
    """control, customer, supply or access."""
    segment: str | None
    """Name of the product family, of a control or access part."""
    cause: str
    """Rule_id, mineral, measure_id, ``latent threat``, or what a scenario assumes."""
    label: str
    """The cause in words."""
    share: float
    """Of revenue; the parts sum to the share at risk. Below 0 where something eased."""
    amount: float | None
    """In units of the reporting currency; None = unknown."""
    amount_usd: float | None
    """In US dollars; None = unknown."""
    facts: list[str]
    """Ids in `RiskDetail.facts`."""


class RiskDetail(Answer):
    """Revenue at risk of one company, and what it consists of."""

    columns: ClassVar[Table] = RISK

    query: str
    company_id: str
    name: str
    fiscal_period: str | None
    base_date: dt.date | None
    """State of controls that the revenue has absorbed: midpoint of the fiscal period."""
    currency: str | None
    revenue: float | None
    usd_rate: float | None
    period_facts: list[str]
    """Ids in `facts`: behind the China share of the period."""
    revenue_facts: list[str]
    """Ids in `facts`: behind the revenue."""
    note: str | None
    """What is missing, and why."""
    share_at_risk: float | None
    share_at_risk_low: float | None
    share_at_risk_high: float | None
    share_at_risk_supply: float | None
    share_at_risk_all: float | None
    control_loss: float | None
    retaliation_loss: float | None
    revenue_at_risk: float | None
    revenue_at_risk_usd: float | None
    revenue_at_risk_supply: float | None
    revenue_at_risk_usd_supply: float | None
    as_of: dt.date
    release: str
    methodology: str
    scenario: str | None
    parts: list[RiskPart]
    """Largest first."""
    supply_parts: list[RiskPart]
    """Parts of share_at_risk_supply, largest first; empty where the supply side is part of the risk."""
    facts: dict[str, Fact]
    """Every fact that a part names, by id."""
