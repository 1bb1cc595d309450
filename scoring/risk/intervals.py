"""Revenue at risk over the draws: both states of a company at the same points, so that only their difference moves."""

from __future__ import annotations

from typing import Final

import numpy as np

from scoring.facts.among import among
from scoring.facts.facts import Facts
from scoring.methodology import Methodology
from scoring.methodology.parameters import Parameters
from scoring.risk.loss import loss
from scoring.risk.revenue_at_risk import RevenueAtRisk
from scoring.score.evaluation import evaluate
from scoring.uncertainty.distributions import check_draws
from scoring.uncertainty.inputs import Inputs
from scoring.uncertainty.propagate import SEED, blocks, check_size, quantiles

RISK_DRAWS: Final = 256


def risk_intervals(risk: RevenueAtRisk, companies: np.ndarray, draws: int = RISK_DRAWS, seed: int = SEED) -> np.ndarray:
    """Percentiles 5, 50 and 95 of the share of revenue at risk.

    A fraction, stringency or share that occurs in both states has the same value in both in every draw: it is one
    fact, however uncertain.

    Parameters
    ----------
    risk : RevenueAtRisk
    companies : ndarray of int, shape (c,)
        Each costs less if others with the same fiscal period are asked for with it.
    draws : int
        From 1 to 1,048,576.
    seed : int

    Returns
    -------
    ndarray of float, shape (3, c)
        0..1, NaN = unknown.

    Raises
    ------
    InputError
        Too few or too many draws, or a seed below 0.
    """
    check_draws(draws, seed)
    check_size(draws, companies.size)
    distinct, position = np.unique(companies, return_inverse=True)
    after, companies = risk.evaluation, np.arange(distinct.size)
    # The companies that are asked for and no others: a draw of a large universe costs most of what it takes.
    facts = among(after.facts, distinct)
    days = [(day, companies[np.isin(distinct, members)]) for day, members in risk.members.items()]
    bases = [(among(risk.base_facts(day), distinct), mine) for day, mine in days if mine.size]
    inputs = Inputs(facts, after.methodology, [base for base, _ in bases])
    lost = np.full((draws, distinct.size), np.nan)
    for first, points in blocks(inputs, draws, seed):
        rows = slice(first, first + len(points))
        drawn = evaluate(*_drawn(inputs.draw(points), after.methodology))
        for base, mine in bases:
            before = evaluate(*_drawn(inputs.draw(points, base, risk.methodology), risk.methodology))
            lost[rows, mine] = loss(drawn, before).total[:, mine]
    return quantiles(lost)[:, position]


def _drawn(draw: tuple[Facts, Parameters], methodology: Methodology) -> tuple[Facts, Methodology, Parameters]:
    facts, parameters = draw
    return facts, methodology, parameters
