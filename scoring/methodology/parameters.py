"""Parameters: the numbers of a methodology as arrays, which may hold many draws of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

import numpy as np

from scoring.vocabulary import AccessMeasure, ControlMeasure, FamilyGroup, Severity, SupplyMeasure

CONTROL_WORDS: Final[tuple[str, ...]] = get_args(ControlMeasure)
SUPPLY_WORDS: Final[tuple[str, ...]] = get_args(SupplyMeasure)
ACCESS_WORDS: Final[tuple[str, ...]] = get_args(AccessMeasure)
SEVERITY_WORDS: Final[tuple[str, ...]] = get_args(Severity)
GROUPS: Final[tuple[str, ...]] = get_args(FamilyGroup)
PILLARS: Final = ("market", "control", "retaliation")


@dataclass(frozen=True)
class Parameters:
    """Numbers that enter the equations; a leading axis, where there is one, runs over draws.

    A single number has a last axis of length 1, so that it broadcasts against companies.

    Attributes
    ----------
    weights, half_points : ndarray of float, shape (..., 3)
        Of the pillars market, control and retaliation.
    beta : ndarray of float, shape (..., 1)
    alignment_default : ndarray of float, shape (..., 1)
    alignment_countries : mapping of str to ndarray of float, shape (..., 1)
    control_stringency, supply_stringency, access_stringency : ndarray of float, shape (..., words)
        In the order of the vocabulary.
    threat_maximum, threat_scale, threat_half_life, worldwide_share : ndarray of float, shape (..., 1)
    severity : ndarray of float, shape (..., words)
    vulnerability : ndarray of float, shape (..., groups)
    unknown_import_share : ndarray of float, shape (..., 1)
    control_loss : ndarray of float, shape (..., words), or None
        None: strictness stands for loss too.
    supply_loss : ndarray of float, shape (..., 1), or None
        None: a dependence on minerals is lost as a whole.
    bottleneck : bool
        Whether the scarcest mineral of a segment counts, and not all of them.
    adds : bool
        Whether acts add to the threat, and not the strictest of both counts.
    """

    weights: np.ndarray
    half_points: np.ndarray
    beta: np.ndarray
    alignment_default: np.ndarray
    alignment_countries: Mapping[str, np.ndarray]
    control_stringency: np.ndarray
    supply_stringency: np.ndarray
    access_stringency: np.ndarray
    threat_maximum: np.ndarray
    threat_scale: np.ndarray
    threat_half_life: np.ndarray
    worldwide_share: np.ndarray
    severity: np.ndarray
    vulnerability: np.ndarray
    unknown_import_share: np.ndarray
    control_loss: np.ndarray | None = None
    supply_loss: np.ndarray | None = None
    bottleneck: bool = False
    adds: bool = False

    def alignment(self, countries: Sequence[str]) -> np.ndarray:
        """Probability that each country adopts the strictest allied treatment, shape (..., j)."""
        eta = [self.alignment_countries.get(country, self.alignment_default) for country in countries]
        return np.concatenate(np.broadcast_arrays(*eta), axis=-1)


def codes(words: np.ndarray, vocabulary: Sequence[str]) -> np.ndarray:
    """Position of each word in its vocabulary."""
    position = {word: i for i, word in enumerate(vocabulary)}
    return np.array([position[word] for word in words], dtype=int)


def parameters_of(methodology: Any, end: str = "value") -> Parameters:
    """Parameters without a leading axis.

    Parameters
    ----------
    methodology : Methodology
    end : {"value", "low", "high"}
        The values that enter the score, or one end of their ranges.
    """

    def one(parameter: Any) -> np.ndarray:
        return np.array([getattr(parameter, end)])

    def book(codebook: Mapping[Any, Any], words: Sequence[str]) -> np.ndarray:
        return np.array([getattr(codebook[word], end) for word in words])

    threat, alignment = methodology.latent_threat, methodology.alignment_probability
    return Parameters(
        weights=np.array([getattr(getattr(methodology.weights, pillar), end) for pillar in PILLARS]),
        half_points=np.array([getattr(getattr(methodology.half_points, pillar), end) for pillar in PILLARS]),
        beta=one(methodology.beta),
        alignment_default=one(alignment.default),
        alignment_countries={country: one(value) for country, value in alignment.countries.items()},
        control_stringency=book(methodology.control_stringency, CONTROL_WORDS),
        supply_stringency=book(methodology.supply_stringency, SUPPLY_WORDS),
        access_stringency=book(methodology.access_stringency, ACCESS_WORDS),
        threat_maximum=one(threat.maximum),
        threat_scale=one(threat.scale),
        threat_half_life=one(threat.half_life_years),
        worldwide_share=one(threat.worldwide_share),
        severity=book(threat.severity, SEVERITY_WORDS),
        vulnerability=book(methodology.vulnerability, GROUPS),
        unknown_import_share=one(methodology.unknown_import_share),
        control_loss=None if methodology.control_loss is None else book(methodology.control_loss, CONTROL_WORDS),
        supply_loss=None if methodology.supply_loss is None else one(methodology.supply_loss),
        bottleneck=methodology.supply_needs is not None and methodology.supply_needs.value == "bottleneck",
        adds=methodology.threat_and_acts is not None and methodology.threat_and_acts.value == "both",
    )
