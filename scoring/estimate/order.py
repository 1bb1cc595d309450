"""Who earns more in China than whom: learnt from the companies that disclose it, on the logit scale."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, KFold

from scoring.errors import InputError
from scoring.estimate.disclosed import Disclosed

LEAST: Final = 30
"""Disclosing companies that the order is learnt from, at least: with fewer, the tenth that is held back each time
is too small to say how wrong the model is."""

PENALTIES: Final = (1.0, 3.0, 10.0, 30.0, 100.0)
"""Strengths of the regularisation among which cross-validation chooses."""

FOLDS: Final = 10
REPEATS: Final = 5

LEAST_PAIRS: Final = 10
"""Companies with an old and a new figure from which it is learnt how long a figure of one's own holds."""

_NEXT_TO_NOTHING: Final = 0.001
"""Shares are drawn in to this and its complement, because 0 and 1 have no logit."""


class Order(NamedTuple):
    """Predictions on the logit scale, and how far off they are.

    Attributes
    ----------
    value : ndarray of float, shape (n,)
        Prediction of every company; of one that once disclosed, mostly its own latest figure.
    disclosers : ndarray of int, shape (d,)
        Companies behind it.
    residual : ndarray of float, shape (d,)
        Of each of them, disclosed less predicted by models that never saw it, without its own earlier figures.
    own : ndarray of bool, shape (n,)
        Whether the prediction rests on a figure of the company's own.
    own_residual : ndarray of float
        Of the companies with an old and a new figure: the new one less what the old one predicts.
    own_weight : float
        Weight of a company's own old figure beside what its peers say, 0..1.
    """

    value: np.ndarray
    disclosers: np.ndarray
    residual: np.ndarray
    own: np.ndarray
    own_residual: np.ndarray
    own_weight: float


def logit(share: np.ndarray) -> np.ndarray:
    """Logit of shares, drawn in from 0 and 1."""
    inside = np.clip(share, _NEXT_TO_NOTHING, 1 - _NEXT_TO_NOTHING)
    return np.log(inside / (1 - inside))


def share_of(value: np.ndarray) -> np.ndarray:
    """Share of a logit."""
    return 1 / (1 + np.exp(-value))


def learn(features: np.ndarray, disclosed: Disclosed) -> Order:
    """Learn the order of all companies from those that disclosed a share.

    Parameters
    ----------
    features : ndarray of float, shape (n, words)
    disclosed : Disclosed

    Raises
    ------
    InputError
        Fewer companies than `LEAST` have disclosed a share.
    """
    who = np.flatnonzero(~np.isnan(disclosed.share))
    if who.size < LEAST:
        raise InputError(
            "revenue",
            f"{who.size} companies had disclosed a China share, too few to learn an order from",
            f"give China shares of at least {LEAST} companies, or start the vintages later",
        )
    known, target = features[who], logit(disclosed.share[who])
    penalty = _penalty(known, target)
    held_back = _held_back(known, target, penalty)
    value = Ridge(penalty).fit(known, target).predict(features)
    weight, own_residual = _own(logit(disclosed.before[who]), target, held_back)
    value[who] = weight * target + (1 - weight) * held_back
    own = np.zeros(value.size, dtype=bool)
    own[who] = True
    return Order(value, who, target - held_back, own, own_residual, weight)


def _penalty(known: np.ndarray, target: np.ndarray) -> float:
    folds = KFold(FOLDS, shuffle=True, random_state=0)
    search = GridSearchCV(Ridge(), {"alpha": PENALTIES}, scoring="neg_mean_squared_error", cv=folds)
    return float(search.fit(known, target).best_params_["alpha"])


def _held_back(known: np.ndarray, target: np.ndarray, penalty: float) -> np.ndarray:
    """Prediction of each company by models that never saw it: the mean over repeated cross-validation."""
    sums = np.zeros(target.size)
    for repeat in range(REPEATS):
        for seen, unseen in KFold(FOLDS, shuffle=True, random_state=repeat).split(known):
            sums[unseen] += Ridge(penalty).fit(known[seen], target[seen]).predict(known[unseen])
    return sums / REPEATS


def _own(before: np.ndarray, target: np.ndarray, peers: np.ndarray) -> tuple[float, np.ndarray]:
    """Weight of an own old figure beside what the peers say, by least squares, and what it leaves.

    With too few companies to learn it from, the own figure is taken as it is.
    """
    pair = np.flatnonzero(~np.isnan(before))
    news, change = before[pair] - peers[pair], target[pair] - peers[pair]
    if pair.size < LEAST_PAIRS:
        return 1.0, change - news
    weight = float(np.clip((news * change).sum() / (news * news).sum(), 0.0, 1.0))
    return weight, change - weight * news
