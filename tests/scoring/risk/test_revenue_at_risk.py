"""Revenue at risk: midpoints, what is missing, parts that add up, and tightening that never lowers it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

import scoring
from scoring.columns import RISK
from scoring.errors import QueryError
from scoring.facts.periods import midpoint
from scoring.risk.exchange_rates import UsdRates
from scoring.scenario import list_scenarios

AS_OF = "2026-07-31"


@pytest.fixture(scope="module")
def under(release):
    kept = {}

    def scorer(scenario=None, as_of=AS_OF):
        if (scenario, as_of) not in kept:
            kept[scenario, as_of] = scoring.Scorer(release, as_of, scenario=scenario)
        return kept[scenario, as_of]

    return scorer


@pytest.mark.parametrize(
    ("end", "months", "middle"),
    [
        ("2024-12-31", 12, "2024-07-01"),  # 366 days: 183 before it, 182 after
        ("2025-12-31", 12, "2025-07-02"),
        ("2024-03-31", 12, "2023-09-30"),
        ("2025-01-26", 12, "2024-07-27"),  # a year that ends on a Sunday
        ("2024-02-29", 12, "2023-08-30"),
        ("2024-06-30", 3, "2024-05-16"),  # 91 days: 45 on either side
        ("2024-09-30", 6, "2024-07-01"),  # from 2024-04-01, 183 days: 91 on either side
    ],
)
def test_the_middle_of_a_period(end, months, middle):
    assert midpoint(dt.date.fromisoformat(end), months) == dt.date.fromisoformat(middle)


def test_rows_are_like_the_queries(under):
    queries = ["8035.T", "nonsense", "8035.T", "toyota", "TSM"]
    frame = under().revenue_at_risk(queries)
    assert list(frame.columns) == list(RISK)
    assert frame["query"].tolist() == queries
    assert frame.loc[1, "status"] == "unresolved"
    assert np.isnan(frame.loc[3, "share_at_risk"])
    assert frame.loc[3, "risk_note"] == "no China share is known"
    # Taiwan dollars have no reference rate: the amount stays, the dollars are missing and it is said.
    assert frame.loc[4, "currency"] == "TWD"
    assert frame.loc[4, "revenue_at_risk"] > 0
    assert np.isnan(frame.loc[4, "revenue_at_risk_usd"])
    assert "publishes no rate for TWD" in frame.loc[4, "risk_note"]


def test_nothing_has_come_since_a_year_that_is_just_over(under):
    """On a day inside the fiscal year's second half, only what came after its middle is at risk."""
    risk = under(as_of="2024-09-02").risk
    assert (risk.midpoint[~np.isnat(risk.midpoint)] <= np.datetime64("2024-09-02")).all()


def test_the_range_holds_the_value(under):
    for name in (None, *list_scenarios()):
        risk = under(name).risk
        known = ~np.isnan(risk.loss.total)
        assert known.any()
        assert (risk.low[known] <= risk.loss.total[known]).all()
        assert (risk.loss.total[known] <= risk.high[known]).all()
        assert ((risk.low[known] >= 0) & (risk.high[known] <= 1)).all()


TIGHTER = ("match-act-enacted", "countrywide-sme-ban", "jp-matches-us-servicing-ban", "fdpr-zero-de-minimis-allies",
           "cn-mineral-ban-japan", "cn-procurement-ban-us-chips", "hbm-curbs-extended-allies")  # fmt: skip


@pytest.mark.parametrize("as_of", ["2024-09-02", AS_OF])
@pytest.mark.parametrize("name", TIGHTER)
def test_tightening_never_lowers_a_score_or_the_revenue_at_risk(under, name, as_of):
    base, tighter = under(as_of=as_of), under(name, as_of)
    for field in ("control", "retaliation"):
        assert not (getattr(tighter.risk.loss, field) < getattr(base.risk.loss, field) - 1e-12).any()
    assert not (tighter.evaluation.score < base.evaluation.score - 1e-9).any()
    assert not (tighter.evaluation.floor < base.evaluation.floor - 1e-9).any()


@pytest.mark.parametrize("scenario", [None, "match-act-enacted", "cn-mineral-ban-japan", "full-suspension-of-controls"])
def test_the_parts_add_up(under, scenario):
    scorer = under(scenario)
    ids = scorer.evaluation.facts.company_ids
    for i in np.flatnonzero(~np.isnan(scorer.risk.loss.total)):
        detail = scorer.revenue_at_risk_detail(ids[i])
        assert sum(part.share for part in detail.parts) == pytest.approx(detail.share_at_risk, abs=1e-9)
        for part in detail.parts:
            assert part.facts
            assert set(part.facts) <= set(detail.facts)


def test_a_part_names_the_rule_that_is_new(under):
    detail = under().revenue_at_risk_detail("TSM")
    rules = [part.cause for part in detail.parts if part.kind == "control"]
    announced = {fact.fact_id: fact.known_from for fact in detail.facts.values() if fact.table == "rules"}
    assert rules
    assert all(day > detail.base_date for day in announced.values())


@pytest.mark.parametrize("methodology", ["2026.1", "2026.2"])
def test_every_table_that_the_risk_rests_on_is_cited(release, methodology):
    """What is not cited cannot say that it is a private fact."""
    detail = scoring.Scorer(release, "2025-02-15", methodology).revenue_at_risk_detail("8035.T")
    assert {fact.table for fact in detail.facts.values()} == {
        "revenue", "business_mix", "rules", "family_rules", "countermeasures", "coercion_events",
        "minerals", "family_minerals", "mineral_imports",
    }  # fmt: skip
    assert detail.period_facts == ["revenue/tokyo-electron/2024"]
    assert detail.revenue_facts == ["revenue/tokyo-electron/2024"]


def test_a_sum_of_periods_cites_each_of_them():
    detail = scoring.Scorer(scoring.open_release(), AS_OF).revenue_at_risk_detail("8035.T")
    first, last = detail.fiscal_period.split("..")
    assert len(detail.period_facts) == 4
    assert (detail.period_facts[-1], detail.period_facts[0]) == tuple(
        f"revenue/tokyo-electron/{period}" for period in (first, last)
    )


def test_a_company_that_is_none(under):
    with pytest.raises(QueryError, match="no code, identifier or name"):
        under().revenue_at_risk_detail("qqqqqq")


def test_rates(release):
    currency = np.array(["USD", "EUR", "JPY", "TWD", "JPY", None], dtype=object)
    day = np.array(["2025-03-31", "2025-12-31", "2025-03-31", "2024-12-31", "1990-01-01", "NaT"], dtype="datetime64[D]")
    rates = UsdRates.at(release, currency, day)
    assert rates.rate[:3].tolist() == [1.0, 1.175, pytest.approx(1.0815 / 161.6, rel=1e-12)]
    assert np.isnan(rates.rate[3:]).all()
    assert rates.note[0] is None
    assert "TWD" in rates.note[3]
    assert "within a week of 1990-01-01" in rates.note[4]
    assert rates.note[5] is None


def test_a_release_without_rates_still_scores():
    release = scoring.open_release("2026.11.0")
    frame = scoring.Scorer(release, AS_OF).revenue_at_risk(["8035.T", "AAPL"])
    assert frame.loc[0, "revenue_at_risk"] > 0
    assert frame.loc[0, "risk_note"] == "no US dollars: release 2026.11.0 has no exchange rates"
    assert frame.loc[1, "usd_rate"] == 1.0
