"""What is said of a company whose figures are estimated at one end of a comparison, or at both."""

from __future__ import annotations

from functools import cache

import pytest

import scoring
from scoring.changes.compare import what_changed

BEFORE, AFTER = "2024-01-31", "2026-07-31"


@pytest.fixture(scope="module")
def newest():
    return scoring.open_release()


@pytest.fixture(scope="module")
def at(newest):
    @cache
    def scorer(day=AFTER, methodology="2026.2", estimates="include", version=None):
        release = newest if version is None else scoring.open_release(version)
        return scoring.Scorer(release, day, methodology, estimates=estimates)

    return scorer


def told(before, after, company):
    """The one row of a company, its causes by id, and the points of each; they sum to what moved."""
    changes = what_changed(before, after, [company])
    (row,) = changes.rows
    moved = row.floor_delta if row.delta is None else row.delta
    for one in row.attributions:
        by_pillar = one.points_market + one.points_control + one.points_retaliation
        assert by_pillar == pytest.approx(one.points, rel=0, abs=1e-9)
    if moved is not None:
        assert sum(one.points for one in row.attributions) == pytest.approx(moved, rel=0, abs=1e-9)
    return row, changes.causes


def shares(*scorers, company):
    return [scorer.score([company])["china_share"].iloc[0] for scorer in scorers]


def test_a_known_share_that_became_too_old_is_estimated(at):
    ends = at(BEFORE), at()
    row, causes = told(*ends, "advantest")
    cause, (was, now) = causes["revenue/advantest"], shares(*ends, company="advantest")
    assert (row.status_from, row.status_to) == ("ok", "estimated")
    assert cause.statement == f"China share: {was:.1%} known → {now:.1%} estimated"
    assert (cause.value_from, cause.value_to, cause.change, cause.label) == (was, now, "changed", "China share")
    assert (cause.evidence, cause.source) == ("modelled", None)


def test_an_estimate_that_a_figure_took_the_place_of(at):
    ends = at(BEFORE), at()
    row, causes = told(*ends, "ametek")
    cause, (was, now) = causes["revenue/ametek"], shares(*ends, company="ametek")
    assert (row.status_from, row.status_to) == ("estimated", "ok")
    assert cause.statement == f"China share: {was:.1%} estimated → {now:.1%} known"
    assert cause.change == "changed"
    assert cause.source.title
    assert cause.evidence != "modelled"
    assert cause.label.startswith("China share 20")


def test_two_vintages(at):
    ends = at(BEFORE), at()
    _, causes = told(*ends, "10x-genomics")
    cause, (was, now) = causes["revenue/10x-genomics"], shares(*ends, company="10x-genomics")
    assert cause.statement == f"China share: {was:.1%} estimated → {now:.1%} estimated"
    assert (cause.evidence, cause.source, cause.known_from) == ("modelled", None, None)


def test_a_sum_of_quarters_is_told_as_one(at):
    ends = at("2025-06-30"), at()
    _, causes = told(*ends, "8035.T")
    cause, (was, now) = causes["revenue/tokyo-electron"], shares(*ends, company="8035.T")
    assert cause.statement == f"China share: {was:.1%} known → {now:.1%} known, 2025Q4..2026Q3 added up"
    assert (cause.value_to, cause.evidence, cause.label) == (now, "derived", "China share 2025Q4..2026Q3")


def test_a_release_without_estimates_knows_less(at):
    row, causes = told(at(version="2026.11.1"), at(), "toyota")
    assert (row.status_from, row.status_to, row.delta) == ("partial", "estimated", None)
    assert row.status_causes == ["revenue/toyota"]
    assert causes["revenue/toyota"].statement == f"China share: unknown → {row_share(at()):.1%} estimated"
    assert (causes["revenue/toyota"].change, causes["revenue/toyota"].evidence) == ("added", "modelled")


def row_share(scorer):
    return shares(scorer, company="toyota")[0]


@pytest.mark.parametrize(
    ("other", "names"),
    [
        ({"estimates": "exclude"}, "undisclosed (unknown → estimated)"),
        ({"methodology": "2026.1"}, "china_figure, unsold_from, named_customers, import_share_years, undisclosed"),
    ],
)
def test_what_counts_made_it_known(at, other, names):
    """The facts are the same: it is the choice of which of them count."""
    row, causes = told(at(**other), at(), "toyota")
    assert (row.status_from, row.status_to, row.delta) == ("partial", "estimated", None)
    assert row.status_causes == ["methodology/fact_choices"]
    assert causes["methodology/fact_choices"].statement.startswith(f"which facts count: {names}")
    back, _ = told(at(), at(**other), "toyota")
    assert (back.status_causes, back.status_to) == (row.status_causes, "partial")


def test_facts_and_their_choice_together(at):
    """Known by 2026.1 on the later day alone, an estimate of 2026.2 before: the figure is what moved it."""
    row, causes = told(at("2021-07-31"), at("2024-06-30", methodology="2026.1"), "abbott")
    assert (row.status_from, row.status_to) == ("estimated", "ok")
    assert row.delta is not None
    points = {one.cause: one.points for one in row.attributions}
    assert abs(points["revenue/abbott"]) > 0.1
    assert "estimated →" in causes["revenue/abbott"].statement


def test_a_mix_of_peers(newest, at, altered):
    """A release that judges the mix of a company has it in place of its peers', and the way back."""
    row = {
        "company_id": "toyota-industries",
        "product_family": "vehicles-bev",
        "share": 1.0,
        "is_service": False,
        "evidence": "expert-judgement",
    }
    assert at().score(["toyota-industries"])["product_mix"].iloc[0].startswith(("peers", "unallocated"))
    judged = scoring.Scorer(altered(newest, add={"business_mix": [row]}), AFTER)
    changed, causes = told(at(), judged, "toyota-industries")
    (name,) = (name for name in causes if name.startswith("business_mix/"))
    assert causes[name].statement.endswith("in place of estimated from peers")
    assert causes[name].statement.startswith("product mix: business mix 20")
    assert (causes[name].kind, causes[name].change, causes[name].evidence) == ("mix", "changed", "expert-judgement")
    assert changed.delta is not None
    _, back = told(judged, at(), "toyota-industries")
    cause = back["business_mix/toyota-industries/estimated"]
    assert cause.statement.startswith("product mix: estimated from peers in place of business mix 20")
    assert (cause.evidence, cause.source) == ("modelled", None)
    # The same company without estimates: its mix became known, and nothing else did.
    alone, causes = told(
        at(estimates="exclude"), scoring.Scorer(judged.release, AFTER, estimates="exclude"), "toyota-industries"
    )
    assert (alone.status_from, alone.status_to) == ("no-data", "partial")
    (name,) = alone.status_causes
    assert causes[name].statement.startswith("product mix known: business mix 20")
