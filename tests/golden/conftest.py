"""How the hand calculations are compared with the library."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest


@pytest.fixture
def near():
    """Equal to 1e-9, number by number."""

    def check(got, expected):
        assert got == pytest.approx(expected, rel=0, abs=1e-9)

    return check


@pytest.fixture
def result(scorer_at):
    """Result row of one company at a date, as a user gets it; a missing value is None."""

    def row(company, as_of):
        columns = scorer_at(as_of).columns([company])
        values = {name: column[0] for name, column in columns.items()}
        return {name: None if isinstance(v, float) and np.isnan(v) else v for name, v in values.items()}

    return row


@pytest.fixture
def computed(scorer_at):
    """Intermediate values of one company at a date, segments in the order of the table."""

    def values(company, as_of):
        evaluation = scorer_at(as_of).evaluation
        facts, segments, restricted = evaluation.facts, evaluation.facts.segments, evaluation.restricted
        i = facts.company_ids.index(company)
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
            x={facts.minerals[m]: float(x[m]) for m in np.flatnonzero(needed & ~unmeasured)},
            unmeasured=[facts.minerals[m] for m in np.flatnonzero(unmeasured)],
        )

    return values
