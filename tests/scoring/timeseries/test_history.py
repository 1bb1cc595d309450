"""History: points are scores, moves are jumps between two days, and what moved a score was known that day."""

from __future__ import annotations

import datetime as dt

import pytest

import scoring
from scoring.charts import history_chart, to_png
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
        assert move.facts or move.note
        for fact in move.facts:
            assert fact.known_from is None or fact.known_from <= move.date


def test_the_share_of_march_2024_moved_it_most(found):
    most = max(found.moves, key=lambda move: abs(move.delta))
    assert most.date == dt.date(2024, 7, 29)
    assert [fact.fact_id for fact in most.facts if fact.table == "revenue"] == ["revenue/tokyo-electron/2024"]
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
    found = history(release, "6594.T", "2024-01-01", "2024-06-28", "W", scenario="cn-mineral-ban-japan")
    assert found.scenario == "cn-mineral-ban-japan"
    assert found.points[0].retaliation > history(release, "6594.T", "2024-01-01", "2024-01-12").points[0].retaliation
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
