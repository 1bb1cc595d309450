"""China's leverage over each country through each mineral, with what it is made of and what is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.exposure.leverage import leverage

if TYPE_CHECKING:
    from scoring.score.snapshot import Snapshot


def leverage_table(snapshot: Snapshot) -> dict[str, Any]:
    """Leverage on the snapshot's date, one row per mineral and country.

    Returns
    -------
    dict of str to array
        ``mineral``, ``label``, ``country``; ``supply_share`` (China's share of world supply), ``import_share`` (of what
        the country imports; missing where it is not measured) and ``leverage``, all 0..1, missing where the supply
        share is not known; ``force`` of the measures in force on the mineral, 0..1, and ``measure``, the measure_id of
        the one that is felt, None where there is none.

    Notes
    -----
    Methodology, section 3.
    """
    evaluation = snapshot.evaluation
    facts, felt = evaluation.facts, evaluation.force.supply.mineral
    minerals, countries = len(facts.minerals), len(facts.countries)
    table = snapshot.release.columns("minerals")
    labels = dict(zip(table["mineral"].tolist(), table["label"].tolist(), strict=True))
    names = snapshot.release.columns("countermeasures")["measure_id"]
    row = felt.row.ravel()
    rows = evaluation.force.supply.measures.row[row] if row.size and (row >= 0).any() else np.zeros_like(row)
    return {
        "mineral": np.repeat(np.array(facts.minerals, dtype=object), countries),
        "label": np.repeat(np.array([labels[name] for name in facts.minerals], dtype=object), countries),
        "country": np.tile(np.array(facts.countries, dtype=object), minerals),
        "supply_share": np.repeat(facts.mineral.supply_share, countries),
        "import_share": facts.mineral.import_share.ravel(),
        "leverage": leverage(facts, evaluation.parameters).ravel(),
        "force": felt.value.ravel(),
        "measure": np.where(row >= 0, names[rows], np.array(None, dtype=object)),
    }
