"""Revenue at risk against companies' own statements: the published table is what is computed."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import scoring
from scoring.studies.statements import comparable, compare, summary
from scoring.studies.statements_report import written

DOCUMENT = Path(__file__).parents[3] / "docs" / "validation.md"


@pytest.fixture(scope="module")
def compared(release):
    return compare(release, "2026.1")


def test_the_document_is_up_to_date():
    """Written by `make docs`."""
    assert DOCUMENT.read_text(encoding="utf-8") == written()


def test_a_statement_that_set_a_fraction_is_in_sample():
    newest = scoring.open_release("2026.12.0")
    sample = {(row.statement.company_id, str(row.before)): row.in_sample for row in compare(newest, "2026.2")}
    assert sample["lam-research", "2022-10-06"]  # its loss of October 2022 is a fraction of the rule
    assert not sample["nvidia", "2025-04-14"]


def test_every_statement_is_in_the_release_and_counts_once(release):
    table = release.columns("impact_statements")
    rows = list(zip(table["company_id"], table["date"].astype(str), table["statement_kind"], strict=True))
    for one in comparable():
        assert (one.company_id, one.date, one.statement_kind) in rows
    assert len({(one.company_id, one.rules, one.measures) for one in comparable()}) == len(comparable())


def test_nothing_known_later_enters(release, compared):
    for one in compared:
        announced = release.columns("rules")["announced"][
            np.isin(release.columns("rules")["rule_id"], one.statement.rules)
        ]
        assert all(day > np.datetime64(one.before) for day in announced)


def restricted(scorer, service, family):
    """Restricted fraction for exporters of the United States; the countries of two days may differ."""
    evaluation = scorer.evaluation
    return evaluation.restricted.now[service, family, evaluation.facts.countries.index("US")]


def test_applied_materials_2024_by_hand(release, compared):
    """The state of 2024-12-01 with December's packages on top, segment by segment."""
    one = next(c for c in compared if c.statement.company_id == "applied-materials" and str(c.before) == "2024-12-01")
    scorer = scoring.Scorer(release, "2024-12-01", "2026.1")
    after = scoring.Scorer(release, "2024-12-02", "2026.1")
    facts, i = scorer.evaluation.facts, scorer.evaluation.facts.company_ids.index("applied-materials")
    loss = 0.0
    for k in np.flatnonzero(facts.segments.company == i):
        service, family = facts.segments.service[k], facts.segments.family[k]
        more = restricted(after, service, family) - restricted(scorer, service, family)
        loss += facts.segments.share[k] * scorer.evaluation.segment_china[k] * max(0.0, more)
    revenue = scorer.risk.revenue[i]  # in US dollars
    assert one.computed == pytest.approx(revenue * loss, rel=1e-6)


def test_errors_and_their_summary(compared):
    known = [one for one in compared if not math.isnan(one.computed)]
    assert len(known) >= 8
    for one in known:
        assert one.low <= one.computed <= one.high
        assert one.log_error == pytest.approx(abs(math.log(one.computed / one.stated)))
    median, within = summary(compared)
    errors = sorted(one.log_error for one in known)
    assert median == pytest.approx((errors[3] + errors[4]) / 2)
    assert within == sum(error <= math.log(2) for error in errors) / len(errors)
