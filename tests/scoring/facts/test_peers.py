"""The mean product mix of peers, on groups of a few companies written by hand."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.facts.peers import Peers

CELLS = 120
UNALLOCATED = CELLS - 2


def mix_of_fourth(families: int) -> dict[int, float]:
    """Mix of a company whose three peers have so many families in equal parts, each its own."""
    peers = Peers([np.array(["Chips"] * 4, dtype=object)], UNALLOCATED, CELLS)
    company = np.repeat([0, 1, 2], families)
    cell = np.arange(3 * families)
    found = peers.mix(np.array([3]), company, cell, np.full(cell.size, 1 / families))
    assert set(found.company.tolist()) == {3}
    return dict(zip(found.cell.tolist(), found.share.tolist(), strict=True))


@pytest.mark.parametrize("families", [2, 16, 17, 30])
def test_a_mean_sums_to_one_however_small_its_families_are(families: int) -> None:
    """Three peers with seventeen families or more each leave none that has a fiftieth: then none is noise."""
    mix = mix_of_fourth(families)
    assert len(mix) == 3 * families
    assert sum(mix.values()) == pytest.approx(1)
    assert set(mix) == set(range(3 * families))


def test_small_families_beside_larger_ones_are_left_out() -> None:
    peers = Peers([np.array(["Chips"] * 4, dtype=object)], UNALLOCATED, CELLS)
    found = peers.mix(np.array([3]), np.array([0, 0, 1, 2]), np.array([4, 6, 4, 4]), np.array([0.95, 0.05, 1.0, 1.0]))
    assert found.cell.tolist() == [4]
    assert found.share.tolist() == [1.0]
