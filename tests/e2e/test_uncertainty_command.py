"""`--uncertainty` on the command line: the library's numbers, for people and for files, and bad numbers refused."""

from __future__ import annotations

import json

import pytest

import scoring
from scoring.columns import INTERVAL
from scoring.uncertainty import intervals
from tests.e2e.command import exposure, refused, rows_of

AS_OF = "2024-09-02"


@pytest.fixture(scope="module")
def scorer():
    return scoring.Scorer(scoring.open_release(), AS_OF)


def test_a_file_has_the_intervals_of_the_library(scorer):
    given = ("score", "8035.T", "ASML NA Equity", "--as-of", AS_OF, "--uncertainty", "--format", "csv")
    done = exposure(*given, "--draws", 64, "--seed", 5)
    assert done.returncode == 0, done.stderr
    found = intervals(scorer.evaluation, 64, 5)
    company = [scorer.evaluation.facts.company_ids.index(name) for name in ("tokyo-electron", "asml")]
    rows = rows_of(done.stdout)
    for name, expected in zip(INTERVAL, [*found.score, *found.rank], strict=True):
        assert [float(row[name]) for row in rows] == pytest.approx(expected[company].tolist(), abs=1e-9)
    assert exposure(*given).stdout != done.stdout  # the default is another number of draws
    assert exposure(*given, "--draws", 64, "--seed", 5).stdout == done.stdout
    assert "score_p05" not in rows_of(exposure("score", "8035.T", "--format", "csv").stdout)[0]


def test_people_read_the_interval_and_what_matters(scorer):
    text = exposure("explain", "8035.T", "--as-of", AS_OF, "--uncertainty").stdout.decode()
    low, _, high = scorer.intervals().score[:, scorer.evaluation.facts.company_ids.index("tokyo-electron")]
    assert f"Interval {low:.1f} to {high:.1f}" in " ".join(text.split())
    assert "What matters most" in text
    tree = json.loads(exposure("explain", "8035.T", "--as-of", AS_OF, "--uncertainty", "--json").stdout)
    assert tree["interval"]["draws"] == 1024
    assert sum(tree["interval"]["importance"].values()) > 0.8


def test_explain_of_a_company_without_a_score_has_no_interval(scorer):
    alone = ("--as-of", AS_OF, "--estimates", "exclude")
    unscored = rows_of(exposure("score", "TE Connectivity plc", *alone, "--format", "csv").stdout)[0]
    assert (unscored["status"], unscored["score"]) == ("partial", "")
    tree = json.loads(exposure("explain", unscored["company_id"], *alone, "--uncertainty", "--json").stdout)
    assert tree["interval"] is None


def test_revenue_at_risk(scorer):
    done = exposure("risk", "asml", "--as-of", AS_OF, "--uncertainty", "--format", "csv")
    row = rows_of(done.stdout)[0]
    expected = scorer.revenue_at_risk(["asml"], uncertainty=True).iloc[0]
    for name in ("share_at_risk_p05", "share_at_risk_p95", "revenue_at_risk_usd_p50"):
        assert float(row[name]) == pytest.approx(expected[name], rel=1e-9)
    assert "percentiles 5 and 95" in " ".join(
        exposure("risk", "asml", "--as-of", AS_OF, "--uncertainty").stdout.decode().split()
    )


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("score", "asml", "--uncertainty", "--draws", 0), ("draws", "1048576")),
        (("score", "asml", "--uncertainty", "--draws", 10**7), ("draws", "1048576")),
        (("score", "asml", "--uncertainty", "--draws", 2**20), ("draws", "2 GiB")),
        (("score", "asml", "--uncertainty", "--seed", -1), ("seed",)),
        (("risk", "asml", "--uncertainty", "--detail"), ("--detail",)),
    ],
)
def test_bad_numbers(arguments, names):
    refused(*arguments, names=names)


def test_draws_without_an_interval():
    done = exposure("score", "asml", "--draws", 8)
    assert done.returncode == 2
    assert b"--uncertainty" in done.stderr
    assert b"Traceback" not in done.stderr
