"""Screens: filters, order, pages, neutral ranks, baskets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.columns import BASKET, NEUTRAL, SCREEN
from scoring.errors import FilterError
from scoring.lookup.touched import touches
from scoring.portfolio.holdings import Holdings
from scoring.portfolio.score import score_portfolio
from scoring.reference.releases.release import open_release
from scoring.scorer import Scorer
from scoring.screening.basket import basket
from scoring.screening.filters import WORDS, Filters
from scoring.screening.ranks import neutral_ranks
from scoring.screening.screen import screen_page

AS_OF = "2026-07-31"


@pytest.fixture(scope="module")
def scorer(scorer_at):
    return scorer_at(AS_OF)


def found(scorer, **filters):
    return screen_page(scorer, Filters(**filters)).columns


def test_without_filters_it_is_the_universe(scorer):
    page = screen_page(scorer)
    assert page.total == len(scorer.evaluation.facts.company_ids)
    assert tuple(page.columns) == tuple(SCREEN)
    assert sorted(page.columns["company_id"]) == sorted(scorer.evaluation.facts.company_ids)


def test_columns_filter_and_add_up(scorer):
    rows = found(scorer, country=["jp", "NL"], sector="information technology", status="ok", at_least={"score": 40})
    assert set(rows["country"]) == {"JP", "NL"}
    assert set(rows["sector"]) == {"Information Technology"}
    assert rows["score"].min() >= 40
    assert rows["company_id"].size < found(scorer, country="JP,NL")["company_id"].size


def test_a_country_has_its_code_and_its_names(scorer):
    by_code = found(scorer, country="JP,NL")["company_id"].tolist()
    assert found(scorer, country="Japan, the netherlands")["company_id"].tolist() == by_code
    assert found(scorer, country=["日本", "nl"])["company_id"].tolist() == by_code


def test_a_value_with_commas_is_one_value(scorer):
    one = found(scorer, industry="Technology Hardware, Storage & Peripherals")
    both = found(scorer, industry="Semiconductors, technology hardware, storage & peripherals")
    assert set(one["industry"]) == {"Technology Hardware, Storage & Peripherals"}
    assert set(both["industry"]) == {"Technology Hardware, Storage & Peripherals", "Semiconductors"}


def test_an_industry_is_found_where_that_of_others_is_not_known():
    newest = Scorer(open_release(), "2026-07-31")
    assert None in newest.release.columns("companies")["industry"].tolist()
    assert set(found(newest, industry="Semiconductors")["industry"]) == {"Semiconductors"}
    with pytest.raises(FilterError, match="did you mean 'Semiconductors'"):
        found(newest, industry="Semiconductor")


def test_rule_filter_is_whom_the_rule_touches(scorer):
    expected = set(touches(scorer, "rules", "jp-2023-07-23")["company_id"])
    assert expected
    assert set(found(scorer, rule="jp-2023-07-23")["company_id"]) == expected


def test_a_rule_not_yet_announced_is_unknown(scorer_at):
    with pytest.raises(FilterError, match="'jp-2023-07-23' is no rule"):
        found(scorer_at("2022-01-01"), rule="jp-2023-07-23")


def test_family_and_mineral_are_what_a_company_makes(scorer):
    assert found(scorer, family="litho-euv")["company_id"].tolist() == ["asml"]
    assert found(scorer, family="EUV lithography scanners")["company_id"].tolist() == ["asml"]
    facts = scorer.evaluation.facts
    expected = set()
    for k in range(facts.segments.row.size):
        for m in (facts.minerals.index("helium"), facts.minerals.index("gallium")):
            f = facts.segments.family[k]
            if facts.mineral.criticality[f, m] > 0 and facts.mineral.substitutability[f, m] < 1:
                expected.add(facts.company_ids[facts.segments.company[k]])
    assert set(found(scorer, mineral="helium,Gallium")["company_id"]) == expected


def test_bounds_leave_out_what_is_unknown(scorer):
    low = found(scorer, at_most={"score": 100.0})
    assert not np.isnan(low["score"]).any()
    between = found(scorer, at_least={"control": 0.05}, at_most={"control": 0.1})["control"]
    every = screen_page(scorer).columns["control"]
    assert sorted(between.tolist()) == sorted(every[(every >= 0.05) & (every <= 0.1)].tolist())
    assert 0 < between.size < every.size


def test_band_grade_evidence_and_status(scorer):
    assert set(found(scorer, band="High,severe")["band"]) == {"high"}
    assert set(found(scorer, grade="a")["confidence_grade"]) == {"A"}
    assert set(found(scorer, evidence=["reported", "derived"])["china_share_evidence"]) == {"reported", "derived"}
    assert set(found(scorer, status="partial")["status"]) == {"partial"}


@pytest.mark.parametrize(
    ("filters", "match"),
    [
        ({"country": "ZZ"}, "country: 'ZZ' is no country of this release. Fix: use one of AU, "),
        ({"country": "JP,"}, "country: '' is no country"),
        ({"country": "Japn"}, "did you mean 'JP'"),
        ({"sector": "Technology"}, "did you mean 'Information Technology'"),
        ({"industry": "Semiconductor"}, "did you mean 'Semiconductors'"),
        ({"family": "litho-euw"}, "did you mean 'litho-euv'"),
        ({"rule": "jp-2023-07-24"}, "did you mean 'jp-2023-07-23'"),
        ({"mineral": "galium"}, "did you mean 'gallium'"),
        ({"band": "hihg"}, "did you mean 'high'"),
        ({"grade": "E"}, "use one of A, B, C, D"),
        ({"evidence": "repoted"}, "did you mean 'reported'"),
        ({"status": "unresolved"}, "'unresolved' is no status"),
        ({"at_least": {"scor": 1}}, "scor: 'scor' is no column of numbers. Fix: did you mean 'score'"),
        ({"at_most": {"name": 1}}, "name: 'name' is no column of numbers"),
        ({"at_least": {"score": float("nan")}}, "nan is no bound"),
    ],
)
def test_unknown_values_name_the_nearest(scorer, filters, match):
    with pytest.raises(FilterError, match=match):
        found(scorer, **filters)


def test_every_filter_refuses_nonsense(scorer):
    for name in WORDS:
        with pytest.raises(FilterError) as caught:
            found(scorer, **{name: "\ud800 no such ~ thing"})
        assert caught.value.field == name


@pytest.mark.parametrize("sort", ["score", "control", "china_share", "neutral_zscore", "rank"])
@pytest.mark.parametrize("descending", [True, False])
def test_order(scorer, sort, descending):
    columns = screen_page(scorer, sort=sort, descending=descending).columns
    values, ids = columns[sort], columns["company_id"].tolist()
    known = ~np.isnan(values)
    assert known[: known.sum()].all(), "missing values come last"
    pairs = [(-v if descending else v, i) for v, i in zip(values[known].tolist(), ids, strict=False)]
    assert pairs == sorted(pairs)
    assert ids[known.sum() :] == sorted(ids[known.sum() :])


def test_sort_by_text_is_refused(scorer):
    with pytest.raises(FilterError, match="sort: 'name' is no column of numbers"):
        screen_page(scorer, sort="name")


@given(size=st.integers(1, 90))
@settings(max_examples=10)
def test_pages_make_the_whole(scorer, size):
    whole = screen_page(scorer, sort="control")
    pages = [screen_page(scorer, sort="control", limit=size, offset=at) for at in range(0, whole.total, size)]
    assert {page.total for page in pages} == {whole.total}
    assert [i for page in pages for i in page.columns["company_id"]] == whole.columns["company_id"].tolist()


def test_filters_change_no_number(scorer):
    every = screen_page(scorer).columns
    at = {i: place for place, i in enumerate(every["company_id"].tolist())}
    some = found(scorer, country="JP")
    for name in ("score", "percentile", *NEUTRAL):
        expected = every[name][[at[i] for i in some["company_id"]]]
        np.testing.assert_array_equal(some[name], expected)


def test_neutral_ranks_by_hand():
    # Sector A: 1, 2, 6 (mean 3, variance (4 + 1 + 9) / 3 = 14 / 3); sector B: 5, 5 (no spread); one unknown
    score = np.array([1.0, 2.0, 6.0, 5.0, 5.0, np.nan])
    sector = np.array(["A", "A", "A", "B", "B", "A"], dtype=object)
    country = np.array(["X", "X", "Y", "Y", "Y", "X"], dtype=object)
    got = neutral_ranks(score, sector, country)
    nan = float("nan")
    # All: mean 3.8, variance (7.84 + 3.24 + 4.84 + 1.44 + 1.44) / 5 = 3.76
    np.testing.assert_allclose(got["zscore"], [x / 3.76**0.5 for x in (-2.8, -1.8, 2.2, 1.2, 1.2)] + [nan])
    np.testing.assert_allclose(got["sector_zscore"], [x / (14 / 3) ** 0.5 for x in (-2, -1, 3)] + [nan] * 3)
    # Cells: A X: 1, 2 (mean 1.5); A Y: 6 alone; B Y: 5, 5
    np.testing.assert_allclose(got["neutral_score"], [-0.5, 0.5, nan, 0, 0, nan])
    np.testing.assert_allclose(got["neutral_zscore"], [x / 0.125**0.5 for x in (-0.5, 0.5)] + [nan, 0, 0, nan])
    np.testing.assert_allclose(got["neutral_percentile"], [12.5, 87.5, nan, 50, 50, nan])
    np.testing.assert_allclose(got["country_percentile"], [25, 75, 500 / 6, 100 / 3, 100 / 3, nan])


@given(
    rows=st.lists(st.tuples(st.floats(0, 100), st.sampled_from("AB"), st.sampled_from("XYZ")), min_size=1, max_size=30)
)
def test_neutral_scores_are_neutral(rows):
    score, sector, country = (np.array(column, dtype=object) for column in zip(*rows, strict=True))
    got = neutral_ranks(score.astype(float), sector, country)
    for groups in (sector, country):
        for group in set(groups.tolist()):
            assert abs(np.nansum(got["neutral_score"][groups == group])) < 1e-9
    for name, groups in (("zscore", np.zeros(len(rows))), ("sector_zscore", sector), ("country_zscore", country)):
        for group in set(groups.tolist()):
            z = got[name][groups == group]
            assert np.isnan(z).all() or (abs(z.mean()) < 1e-6 and abs((z**2).mean() - 1) < 1e-6)


@pytest.mark.parametrize("neutral", [None, "sector", "country", "both"])
@pytest.mark.parametrize("sort", ["score", "score_control"])
def test_basket(scorer, neutral, sort):
    n = 5
    book = basket(scorer, n, sort=sort, neutral=neutral)
    assert tuple(book) == tuple(BASKET)
    assert len(set(book["company_id"])) == 2 * n
    assert book["weight"][:n].sum() == pytest.approx(1)
    assert book["weight"][n:].sum() == pytest.approx(-1)
    assert (book["sort_value"][:n] < book["sort_value"][n:]).all()
    for column in ("sector", "country"):
        if neutral in (column, "both"):
            for group in set(book[column]):
                assert abs(book["weight"][book[column] == group].sum()) < 1e-12
    if neutral is None:
        scores = np.sort(screen_page(scorer).columns[sort])
        known = scores[~np.isnan(scores)]
        assert book["sort_value"][:n].tolist() == known[:n].tolist()
        assert book["sort_value"][n:].tolist() == known[::-1][:n].tolist()


def test_a_basket_is_a_book(scorer):
    book = basket(scorer, 4, neutral="sector")
    result = score_portfolio(scorer, Holdings.from_weights(book["ticker"], book["weight"]))
    assert [p.company_id for p in result.positions] == book["company_id"].tolist()
    assert result.gross.coverage == 1
    assert result.spread.score == pytest.approx(book["score"][:4].mean() - book["score"][4:].mean())
    assert result.spread.score < 0, "the short side is the more exposed"
    by_sector = {c.by: c for c in result.concentration}["sector"]
    assert all(abs(g.weight_net) < 1e-12 for g in by_sector.groups)


def test_baskets_that_cannot_be_made(scorer):
    with pytest.raises(FilterError, match=r"[0-9]+ companies have a score that is known; 10 on each"):
        basket(scorer, 10, Filters(country="NL"))
    with pytest.raises(FilterError, match="pairs within sector and country that differ in score, fewer than 2"):
        basket(scorer, 2, Filters(country="NL"), neutral="both")
    with pytest.raises(FilterError, match="0 companies on a side"):
        basket(scorer, 0)
    with pytest.raises(FilterError, match="'region' is unknown"):
        basket(scorer, 1, neutral="region")
    with pytest.raises(FilterError, match="'nme' is no column"):
        basket(scorer, 1, sort="nme")
