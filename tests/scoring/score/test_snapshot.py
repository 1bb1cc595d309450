"""A snapshot gives the rows that a scorer gives, and stands below all that explains, weighs or compares them."""

import os
import subprocess
import sys

import numpy as np
import pytest

from scoring.columns import INTERVAL, RESULT
from scoring.errors import ScenarioNotFoundError
from scoring.reference.releases.release import open_release
from scoring.score.snapshot import Snapshot
from scoring.scorer import Scorer

BOOK = ["8035.T", "nonsense", "toyota"]
SCENARIO = "jp-matches-us-servicing-ban"


@pytest.mark.parametrize("scenario", [None, SCENARIO])
def test_rows_are_those_of_the_scorer(scenario):
    release = open_release("2026.11.1")
    of_snapshot = Snapshot(release, "2024-09-02", scenario=scenario).columns(BOOK)
    of_scorer = Scorer(release, "2024-09-02", scenario=scenario).columns(BOOK)
    assert tuple(of_snapshot) == tuple(of_scorer) == tuple(RESULT)
    for name, column in of_snapshot.items():
        np.testing.assert_array_equal(column, of_scorer[name])


def test_the_scorer_adds_the_intervals():
    scorer = Scorer(open_release("2026.11.1"), "2024-09-02")
    rows = scorer.columns(BOOK, uncertainty=True, draws=16, seed=1)
    assert tuple(rows) == (*RESULT, *INTERVAL)
    assert np.isnan([rows[name][1] for name in INTERVAL]).all()
    company = scorer.resolver.one("8035.T").company
    assert [rows[name][0] for name in list(INTERVAL)[:3]] == scorer.intervals(16, 1).score[:, company].tolist()


def test_what_was_known_is_without_the_scenario():
    snapshot = Snapshot(open_release("2026.11.1"), "2024-09-02", scenario=SCENARIO)
    assert not snapshot.known.assumptions
    assert snapshot.evaluation.facts.assumptions
    assert snapshot.versions["scenario"] == SCENARIO


def test_an_unknown_scenario_is_refused():
    with pytest.raises(ScenarioNotFoundError, match="jp-matches"):
        Snapshot(open_release("2026.11.1"), "2024-09-02", scenario="jp-matches-us-servicing-bann")


def test_it_loads_nothing_that_stands_above_it():
    code = (
        "import sys; from scoring.reference.releases.release import open_release; "
        "from scoring.score.snapshot import Snapshot; "
        "Snapshot(open_release('2026.11.1'), '2024-09-02').columns(['asml']); "
        "print(*(m for m in sys.modules if m.startswith('scoring.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=True)
    above = ("explanation", "uncertainty", "risk", "changes", "screening", "lookup", "portfolio", "scorer", "scenario")
    loaded = {name.split(".")[1] for name in done.stdout.split()}
    assert "score" in loaded
    assert not loaded & set(above)
