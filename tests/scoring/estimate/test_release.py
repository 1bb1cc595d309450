"""Estimates of a release of the working tables: what counts, what never does, and how sure."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.errors import InputError, QueryError
from scoring.estimate.basis import estimate_basis
from scoring.estimate.calibration import held_back
from scoring.estimate.vintages import Trainer, vintage_days, vintage_tables
from scoring.facts.compile import axes_of
from scoring.methodology import load_methodology
from scoring.reference.releases.build import build_release
from scoring.scorer import Scorer
from scoring.screening.basket import basket
from scoring.screening.screen import screen

REFERENCE = Path(__file__).parents[3] / "data" / "reference"
METHODOLOGY = "2026.2"


def _few_vintages(release):
    """Estimates of two quarters: enough to tell one vintage from the next."""
    trainer = Trainer(release)
    from scoring.estimate import vintages

    for day in vintage_days(release.last_as_of)[-2:]:
        yield vintages._table(trainer.vintage(day), release)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("estimates")
    created = dt.date(2026, 11, 27)
    build_release(REFERENCE, folder, "2026.10.0", created, None)
    build_release(REFERENCE, folder, "2026.10.1", created, None, makers={"estimates": _few_vintages})
    return folder


@pytest.fixture(scope="module")
def releases(store):
    from scoring.reference.releases.release import open_release

    return open_release("2026.10.0", store), open_release("2026.10.1", store)


@pytest.fixture(scope="module")
def without(releases):
    return Scorer(releases[0], methodology=METHODOLOGY)


@pytest.fixture(scope="module")
def scorer(releases):
    return Scorer(releases[1], methodology=METHODOLOGY)


@pytest.fixture(scope="module")
def trained(releases):
    return Trainer(releases[1]).vintage(vintage_days(releases[1].last_as_of)[-1])


def test_a_known_figure_is_never_overwritten(without, scorer):
    known = ~np.isnan(without.evaluation.facts.china.latest)
    assert known.any()
    assert np.array_equal(scorer.evaluation.facts.china.latest[known], without.evaluation.facts.china.latest[known])
    assert not scorer.evaluation.facts.china.estimated[known].any()


def test_excluding_gives_what_a_release_without_estimates_gives_to_the_last_bit(releases, without):
    excluding = Scorer(releases[1], methodology=METHODOLOGY, estimates="exclude")
    ids = without.known.company_ids
    one, two = without.columns(ids), excluding.columns(ids)
    for name in set(one) - {"release"}:
        assert one[name].dtype == two[name].dtype
        same = one[name] == two[name]
        missing = np.array([x is None or x != x for x in one[name].tolist()])
        assert (same | (missing & np.array([x is None or x != x for x in two[name].tolist()]))).all(), name


def test_the_scores_of_companies_with_known_figures_do_not_move(without, scorer):
    known = ~np.isnan(without.evaluation.score)
    kept = known & ~scorer.evaluation.facts.estimated
    assert np.array_equal(kept, known)
    ids = [without.known.company_ids[i] for i in np.flatnonzero(known)]
    one, two = without.columns(ids), scorer.columns(ids)
    for name in ("score", "rank", "percentile", "sector_percentile", "confidence"):
        assert np.array_equal(one[name], two[name], equal_nan=True), name


def test_estimated_rows_say_so(scorer):
    rows = scorer.columns(scorer.known.company_ids)
    estimated = rows["status"] == "estimated"
    assert estimated.sum() > 10_000
    assert set(rows["confidence_grade"][estimated]) == {"D"}
    assert (rows["score"][estimated] == 0).any(), "a score of 0 has no contributions, and its grade all the same"
    assert set(rows["china_share_kind"][estimated]) <= {"modelled", "reported", "derived"}
    shares = scorer.evaluation.facts.china.estimated
    assert set(rows["china_share_evidence"][shares]) == {"modelled"}
    low, middle, high = (rows[name][shares] for name in ("china_share_p05", "china_share", "china_share_p95"))
    assert (low <= middle).all()
    assert (middle <= high).all()


def test_an_estimated_rank_is_the_one_it_would_have_among_the_known(scorer):
    score, apart = scorer.evaluation.score, scorer.evaluation.facts.estimated
    known = score[~apart & ~np.isnan(score)]
    rows = scorer.columns(scorer.known.company_ids)
    for i in np.flatnonzero(apart)[::500]:
        assert rows["rank"][i] == 1 + (known > score[i]).sum()


def test_only_leaves_the_known_out(releases):
    only = Scorer(releases[1], methodology=METHODOLOGY, estimates="only")
    rows = only.columns(["AAPL", "JPM", "nobody-at-all"])
    assert rows["query"].tolist() == ["JPM"]
    assert set(screen(only, limit=50)["status"]) == {"estimated"}


def test_an_unknown_word_is_refused(releases):
    with pytest.raises(InputError, match="include, exclude, only"):
        Scorer(releases[1], methodology=METHODOLOGY, estimates="some")


def test_baskets_hold_no_estimates_unless_asked(scorer):
    held = basket(scorer, 50)["company_id"]
    estimated = {scorer.known.company_ids[i] for i in np.flatnonzero(scorer.evaluation.facts.estimated)}
    assert not estimated & set(held)
    assert estimated & set(basket(scorer, 50, estimates="include")["company_id"])
    assert set(basket(scorer, 50, estimates="only")["company_id"]) <= estimated


def test_an_explanation_says_estimated_and_adds_up(scorer):
    explanation = scorer.explain("JPM")
    text = explanation.model_dump_json()
    assert explanation.status == "estimated"
    assert "estimated, not disclosed" in text
    assert "industry_priors/US/Financials" in text
    from scoring.explanation.tree import explain

    assert explain(scorer, "JPM").tree.points == pytest.approx(explanation.score)


def test_a_figure_too_old_to_count_is_named(scorer):
    china = scorer.known.china
    one = scorer.known.company_ids[int(np.flatnonzero(china.estimated & (china.last_known >= 0))[0])]
    assert any("too old to count" in line for line in scorer.explain(one).unknown)
    assert "too old to count" in scorer.columns([one])["china_share_note"][0]


def test_earlier_methodologies_and_days_have_no_estimates(releases):
    assert not Scorer(releases[1], methodology="2026.1").evaluation.facts.estimated.any()
    assert not Scorer(releases[1], "2019-05-01", METHODOLOGY).evaluation.facts.estimated.any()


def test_a_vintage_uses_nothing_that_became_known_later(releases, altered):
    day = vintage_days(releases[0].last_as_of)[-2]

    def later_gone(rows):
        return [row for row in rows if row["known_by"] is None or row["known_by"] <= day]

    blind = altered(releases[0], set={"revenue": later_gone, "segments": later_gone})
    one, two = (Trainer(release).vintage(day).shares for release in (releases[0], blind))
    assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


@settings(max_examples=10)
@given(day=st.sampled_from(vintage_days(dt.date(2026, 7, 31))), seed=st.integers(0, 2**32 - 1))
def test_what_a_vintage_is_learnt_from_is_blind_to_all_that_became_known_later(releases, altered, day, seed):
    random = np.random.default_rng(seed)

    def rewritten(column):
        """Half of what became known later gone, and the rest with other shares."""

        def rows_of(rows):
            later = [row["known_by"] is not None and row["known_by"] > day for row in rows]
            kept = [(row, new) for row, new in zip(rows, later, strict=True) if not new or random.random() < 0.5]
            return [{**row, column: random.random()} if new else row for row, new in kept]

        return rows_of

    blind = altered(releases[0], set={"revenue": rewritten("china_share"), "segments": rewritten("revenue_share")})
    one, two = (Trainer(release) for release in (releases[0], blind))
    for mine, other in zip(one.disclosed(day), two.disclosed(day), strict=True):
        np.testing.assert_array_equal(mine, other)
    mixes = [trainer._mix.at(np.datetime64(day, "D"), inferred=True) for trainer in (one, two)]
    for column in ("company", "family", "service", "share", "china", "inferred"):
        np.testing.assert_array_equal(*(getattr(mix, column) for mix in mixes))


@settings(max_examples=12)
@given(data=st.data(), share=st.floats(0, 1), days=st.integers(1, 60))
def test_whoever_discloses_whatever_is_no_longer_estimated_from_that_day_on(
    releases, altered, scorer, data, share, days
):
    china = scorer.known.china
    silent = [scorer.known.company_ids[i] for i in np.flatnonzero(china.estimated & (china.last_known < 0))]
    name = data.draw(st.sampled_from(silent))
    day = releases[1].last_as_of - dt.timedelta(days)
    row = {"company_id": name, "fiscal_year": "2025", "period_end": dt.date(2025, 12, 31), "china_share": share}
    told = altered(releases[1], add={"revenue": [{**row, "share_of": "revenue", "published": day, "known_by": day}]})
    method = load_methodology(METHODOLOGY)
    for as_of in (day - dt.timedelta(1), day, releases[1].last_as_of):
        found = method.facts(told, as_of, axes=axes_of(told, as_of, companies=[name])).china
        assert found.estimated[0] == (as_of < day)
        assert found.latest[0] == share or as_of < day
        assert np.isnan([found.low[0], found.high[0]]).all() == (as_of >= day)


def test_a_disclosed_figure_ends_the_estimate_from_its_day_on(releases, altered):
    row = {
        "company_id": "jpmorgan-chase",
        "fiscal_year": "2025",
        "period_end": dt.date(2025, 12, 31),
        "china_share": 0.031,
        "share_of": "revenue",
        "published": dt.date(2026, 7, 20),
        "known_by": dt.date(2026, 7, 20),
    }
    name = estimate_basis(releases[1], "JPM").company_id
    told = altered(releases[1], add={"revenue": [{**row, "company_id": name}]})
    for day, status, share in (("2026-07-19", "estimated", None), ("2026-07-20", "estimated", 0.031)):
        found = Scorer(told, day, METHODOLOGY)
        i = found.known.company_ids.index(name)
        assert found.known.china.estimated[i] == (share is None)
        assert share is None or found.known.china.latest[i] == share
        assert found.columns([name])["status"][0] == status  # its product mix stays that of its peers


def test_the_mean_estimate_of_a_cell_lies_within_its_range(trained):
    prior, silent = trained.prior, ~trained.disclosed.fresh
    for cell in np.unique(prior.cell[silent]).tolist():
        mean = trained.shares.p50[silent & (prior.cell == cell)].mean()
        assert prior.p10[cell] <= mean <= prior.p90[cell], prior.name[cell]


def test_intervals_hold_held_back_disclosures(trained, releases):
    back = held_back(trained)
    sector = releases[1].columns("companies")["sector"][back.company]
    assert 0.85 <= back.inside[0.9].mean() <= 0.95
    for name in set(sector):
        if (sector == name).sum() >= 10:
            assert back.inside[0.9][sector == name].mean() >= 0.8, name


def test_the_basis_of_an_estimate(releases):
    basis = estimate_basis(releases[1], "JPM")
    assert basis.counts
    assert basis.cell.name.startswith("US / Financials")
    assert basis.p05 <= basis.p50 <= basis.p95
    assert len(basis.nearest) == 5
    assert not estimate_basis(releases[1], "AAPL").counts
    with pytest.raises(QueryError, match="built without estimates"):
        estimate_basis(releases[0], "JPM")


def test_a_release_with_too_few_disclosures_is_refused(releases, altered):
    few = altered(releases[0], set={"revenue": lambda rows: rows[:20]})
    with pytest.raises(InputError, match="at least 30"):
        list(vintage_tables(few))
