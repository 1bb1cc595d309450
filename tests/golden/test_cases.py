"""Scores worked out by hand, number by number: one document a case under cases/, the same questions of each."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from tests.golden.case import NAMES, case
from tests.golden.equations import worked

pytestmark = pytest.mark.parametrize("name", NAMES)


@pytest.fixture
def scorer(scorer_of, name):
    return scorer_of(case(name).release, case(name).as_of, case(name).methodology)


@pytest.fixture
def row(scorer, name):
    """Result row of the case, as a user gets it; a missing value is None."""
    values = {column: cells[0] for column, cells in scorer.columns([case(name).company]).items()}
    return {column: None if isinstance(v, float) and np.isnan(v) else v for column, v in values.items()}


@pytest.fixture
def computed(scorer, name):
    """Intermediate values of the case, segments in the order of the table."""
    evaluation = scorer.evaluation
    facts, segments, restricted = evaluation.facts, evaluation.facts.segments, evaluation.restricted
    i = facts.company_ids.index(case(name).company)
    j = facts.country[i]
    mine = np.flatnonzero(segments.company == i)
    family, service = segments.family[mine], segments.service[mine]
    x = evaluation.retaliation.mineral[i]
    needed = ((facts.mineral.criticality * (1 - facts.mineral.substitutability))[family] > 0).any(axis=0)
    unmeasured = evaluation.retaliation.unmeasured[i]
    return SimpleNamespace(
        families=[facts.families[f] for f in family],
        w=segments.share[mine].tolist(),
        c=evaluation.segment_china[mine].tolist(),
        now=restricted.now[service, family, j].tolist(),
        aligned=restricted.aligned[service, family].tolist(),
        latent=float(evaluation.force.latent[j]),
        minerals={facts.minerals[m]: float(x[m]) for m in np.flatnonzero(needed & ~unmeasured)},
        unmeasured=[facts.minerals[m] for m in np.flatnonzero(unmeasured)],
    )


def test_working_is_whole(name, near):
    """The mix is all of revenue, every need is of a segment, and the file is named for what it holds."""
    this = case(name)
    near(sum(worked(name).w), 1)
    assert {family for mineral in this.minerals.values() for family in mineral.needs} <= set(this.families)
    assert len(set(this.families)) == len(this.families)
    assert name.startswith(f"{this.company}-{this.as_of}")


def test_facts_used(name, row):
    expected = case(name).row
    assert {"status", "china_share_period_end", "china_share_evidence", "product_mix", "product_mix_evidence"} <= {
        *expected
    }
    for column, text in expected.items():
        assert (None if row[column] is None else str(row[column])) == (None if text is None else str(text)), column


def test_restricted_fractions(name, computed, near):
    expected = worked(name)
    assert computed.families == case(name).families
    near(computed.w, expected.w)
    near(computed.now, expected.now)
    near(computed.aligned, expected.aligned)
    if expected.c is not None:
        near(computed.c, expected.c)


def test_minerals(name, computed, near):
    expected = worked(name)
    near(computed.latent, expected.latent)
    near(computed.minerals, expected.minerals)
    assert computed.unmeasured == case(name).unmeasured


def test_score(name, row, near):
    expected = worked(name)
    for column, value in {**expected.row, **expected.numbers}.items():
        if value is None:
            assert row[column] is None, column
        else:
            near(row[column], value)
    assert case(name).rounded, "a number that a reader remembers"
    for column, value in case(name).rounded.items():
        assert round(expected.row[column], 2) == value
