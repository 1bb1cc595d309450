"""History: points are scores, moves are jumps between two days, and what moved a score was known that day."""

from __future__ import annotations

import datetime as dt

import pytest

import scoring
from scoring.charts.drawing import to_png
from scoring.charts.history import history_chart
from scoring.errors import InputError, QueryError
from scoring.methodology import load_methodology
from scoring.timeseries.history import history

DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def found(release):
    return history(release, "8035.T", "2024-01-01", freq="M")


def test_points_are_scores(release, found):
    assert len(found.points) == 31
    for point in found.points[::7]:
        row = scoring.Scorer(release, point.date).score(["8035.T"]).iloc[0]
        assert point.score == pytest.approx(row["score"], abs=1e-12)
        assert point.score == pytest.approx(point.score_market + point.score_control + point.score_retaliation)


def test_moves_are_jumps_and_their_facts_were_news(release, found):
    assert len(found.moves) > 10
    for move in found.moves:
        for day, score in ((move.date - DAY, move.before), (move.date, move.after)):
            assert scoring.Scorer(release, day).score(["8035.T"]).loc[0, "score"] == pytest.approx(score, abs=1e-12)
        assert move.delta == pytest.approx(move.after - move.before)
        assert move.new or move.note
        for fact in move.new:
            assert fact.known_from is None or fact.known_from <= move.date


def test_the_share_of_march_2024_moved_it_most(found):
    most = max(found.moves, key=lambda move: abs(move.delta))
    assert most.date == dt.date(2024, 7, 29)
    assert [fact.fact_id for fact in most.new if fact.table == "revenue"] == ["revenue/tokyo-electron/2024"]
    assert most.delta > 15


def test_a_company_without_a_score_has_a_floor(release):
    found = history(release, "7203.T", "2025-06-02", "2026-02-27", "M")
    assert all(point.score is None and point.score_floor for point in found.points)
    embargo = next(move for move in found.moves if move.date == dt.date(2026, 1, 10))
    assert embargo.is_floor
    assert embargo.delta > 5
    with pytest.raises(InputError, match="has no score"):
        history_chart(found)


def test_a_scenario_and_a_picture(release):
    found = history(release, "6594.T", "2024-01-01", "2024-06-28", "W", "2026.1", "cn-mineral-ban-japan")
    without = history(release, "6594.T", "2024-01-01", "2024-01-12", "W", "2026.1")
    assert found.scenario == "cn-mineral-ban-japan"
    assert found.points[0].retaliation > without.points[0].retaliation
    chart = history_chart(found)
    assert chart.to_dict()["title"]["text"] == "Nidec Corp: exposure score"
    assert to_png(chart).startswith(b"\x89PNG")


def test_the_bands_of_a_picture_are_those_of_its_methodology(found):
    """A methodology with other bands draws other lines; the default is the one that the history names."""

    def steps(chart):
        data = chart.to_dict()["datasets"].values()
        return {row["band"]: row["y"] for rows in data for row in rows if "band" in row}

    named = load_methodology(found.methodology)
    assert steps(history_chart(found)) == named.bands
    other = named.model_copy(update={"bands": {"calm": 0, "tense": 35}})
    assert steps(history_chart(found, other)) == {"calm": 0, "tense": 35}


def test_bad_questions(release):
    with pytest.raises(QueryError, match="nearest"):
        history(release, "Tokyo", "2024-01-01")
    with pytest.raises(InputError, match="after the end"):
        history(release, "8035.T", "2024-01-01", "2023-01-01")


def test_under_effective_timing_a_day_of_coming_into_force_is_a_cause(release):
    """The Dutch licences took effect on 1 September 2023, Japan's on 23 July, China's on gallium on 1 August."""
    effective = scoring.load_methodology().model_copy(update={"timing": "effective"})
    moves = {
        move.date.isoformat(): move
        for move in history(release, "ASML", "2023-06-01", "2023-10-31", "M", effective).moves
    }
    for day, table in (("2023-07-23", "rules"), ("2023-08-01", "countermeasures"), ("2023-09-01", "rules")):
        begun = [fact for fact in moves[day].new if fact.table == table]
        assert begun
        assert all(f"in force from {day}" in fact.statement for fact in begun)
    assert all(move.new or move.note for move in moves.values())


@pytest.fixture(scope="module")
def act_toward_the_union(altered, release):
    """A release in which every act was aimed at the European Union."""
    return altered(release, set={"coercion_events": lambda rows: [{**row, "target_country": "EU"} for row in rows]})


@pytest.mark.parametrize(("ticker", "is_aimed_at"), [("ASML", True), ("8035.T", False), ("NVDA", False)])
def test_an_act_toward_the_union_is_aimed_at_its_members_alone(act_toward_the_union, ticker, is_aimed_at):
    found = history(act_toward_the_union, ticker, "2018-01-01", freq="Q")
    assert any(fact.table == "coercion_events" for move in found.moves for fact in move.new) is is_aimed_at


def drawn(chart):
    """Rows behind each layer of a chart."""
    document = chart.to_dict()
    return [document["datasets"][layer["data"]["name"]] for layer in document["layer"]]


def test_the_picture_does_not_depend_on_the_days_of_the_table(release):
    sparse, dense = (history_chart(history(release, "ASML", "2023-01-01", "2024-03-31", freq)) for freq in "QB")
    assert sparse.to_dict() == dense.to_dict()


def test_the_picture_is_a_step_function_on_which_the_dots_lie(release):
    found = history(release, "ASML", "2022-01-01", freq="Q")
    chart = history_chart(found).to_dict()
    assert chart["layer"][0]["mark"]["interpolate"] == "step-after"
    area, *_, dots = drawn(history_chart(found))
    tops = {}
    for row in area:
        tops[row["date"]] = tops.get(row["date"], 0.0) + row["points"]
    assert len(dots) == len(found.moves)
    for dot in dots:
        assert tops[dot["date"]] == pytest.approx(dot["score"])


def test_steps_are_scores_and_nothing_moves_between_them_but_the_decay_of_acts(release):
    found = history(release, "ASML", "2023-01-01", "2023-12-31", "Q")
    assert found.steps[0].date == dt.date(2023, 1, 1)
    for point, after in zip(found.steps[:-1], found.steps[1:], strict=True):
        row = scoring.Scorer(release, point.date).score(["ASML"]).iloc[0]
        assert point.score == pytest.approx(row["score"], abs=1e-12)
        last = scoring.Scorer(release, after.date - DAY).score(["ASML"]).iloc[0]
        assert last["score"] == pytest.approx(point.score, abs=0.5)


def test_a_score_that_appears_is_drawn_from_its_day(release):
    found = history(release, "8035.T", "2015-01-01", freq="Q")
    appeared = next(move for move in found.moves if move.before is None)
    assert min(row["date"] for row in drawn(history_chart(found))[0]) == appeared.date.isoformat()


@pytest.fixture(scope="module")
def samsung():
    return history(scoring.open_release("2026.12.0"), "005930.KS", "2024-06-01", freq="Q", methodology="2026.2")


def test_breaks_of_the_basis_are_told(samsung):
    """The share of all customers gives way to that of the parent alone, and that to an estimate."""
    first, second = samsung.breaks
    assert first.date == dt.date(2025, 1, 1)
    assert (first.before, first.after) == pytest.approx((0.163, 0.258), abs=5e-4)
    assert "of the revenue of the parent company alone (before of revenue)" in first.statement
    assert (second.date, second.statement) == (dt.date(2026, 1, 1), "estimated instead of known")
    marked = history_chart(samsung).to_dict()
    assert "dashed" in marked["title"]["subtitle"]
    (lines,) = [rows for rows in marked["datasets"].values() if "counted" in rows[0]]
    assert [line["date"] for line in lines] == ["2025-01-01", "2026-01-01"]


def test_a_share_that_is_too_old_says_so_where_it_moved_the_score(samsung):
    moves = {move.date: move for move in samsung.moves}
    assert moves[dt.date(2026, 1, 1)].note == (
        "the China share of 25.8% in FY22 is too old to count from this day on; in its place it is estimated at 20.0%"
    )
    assert all(move.new or move.ended or move.note for move in samsung.moves)


def test_points_have_the_share_with_its_period(samsung):
    periods = [point.china_share_period for point in samsung.points]
    assert periods == ["2021"] * 3 + ["2022"] * 4 + [None] * 2
    assert all(point.china_share is not None for point in samsung.points)


def test_what_ended_is_told_apart_from_what_is_new():
    """The Dutch licence of 2023 for NXT:2000i ended on 2024-01-24, when these were no longer licensed at all."""
    found = history(scoring.open_release("2026.12.0"), "ASML", "2024-01-01", "2024-03-01", methodology="2026.2")
    (move,) = [move for move in found.moves if move.date == dt.date(2024, 1, 24)]
    assert [fact.fact_id for fact in move.new if fact.table == "rules"] == ["rules/nl-2024-01-24-immersion-denial"]
    assert [fact.table for fact in move.ended] == ["rules"]
    assert "2023 phase" in move.ended[0].statement


def test_the_dot_of_a_move_leads_where_it_is_said(found):
    chart = history_chart(found, link=lambda move: f"/day/{move.date}" if move.new else None).to_dict()
    dots = [row for rows in chart["datasets"].values() for row in rows if "what" in row]
    assert {row["href"] for row in dots if row.get("href")} == {f"/day/{move.date}" for move in found.moves if move.new}


@pytest.mark.parametrize(("query", "act"), [("FLWS", "antimony"), ("tul", "gallium"), ("komico", None)])
def test_a_company_with_the_mix_of_its_peers_is_told_what_moved_it(query, act):
    """It has no product mix of its own; acts touch it through that of its peers."""
    found = history(scoring.open_release(), query, "2023-06-01", freq="Q")
    silent = [move.date for move in found.moves if not (move.new or move.ended or move.note)]
    assert not silent
    told = " ".join(fact.statement for move in found.moves for fact in move.new if fact.table == "countermeasures")
    assert (act in told) if act else not told
