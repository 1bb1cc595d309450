"""The latent threat toward a country, taken apart into the acts behind it."""

from __future__ import annotations

import numpy as np

from scoring.exposure.force import event_weights
from scoring.score.evaluation import Evaluation


def acts_behind(evaluation: Evaluation, country: int) -> list[tuple[int, float]]:
    """Acts that the latent threat toward a country consists of, heaviest first.

    Returns
    -------
    list of (int, float)
        Row in the table `coercion_events`, and decayed weight at the date, above 0.
    """
    weights = event_weights(evaluation.facts, evaluation.parameters)[:, country]
    rows = evaluation.facts.events.row
    return [(int(rows[v]), float(weights[v])) for v in np.argsort(-weights, kind="stable") if weights[v] > 0]
