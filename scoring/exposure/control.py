"""Control exposure: revenue bound for China and under export control (methodology, section 2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.methodology import Methodology
from scoring.reference.facts import Facts


@dataclass(frozen=True)
class Restrictions:
    """Restricted fraction of each family, for product (0) and service (1) revenue, by home jurisdiction.

    Attributes
    ----------
    entry : ndarray of float, shape (e,)
        Fraction times stringency of each entry of the active packages.
    by_imposer : ndarray of float, shape (i, 2, f, j)
        Sum over the packages of one imposer that bind j; may pass 1.
    now : ndarray of float, shape (2, f, j)
        Packages of one imposer add, imposers overlap: the greatest sum, capped at 1.
    imposer : ndarray of int, shape (2, f, j)
        The imposer whose packages restrict most.
    aligned : ndarray of float, shape (2, f)
        The strictest treatment that any ally's exporters face.
    ally : ndarray of int, shape (2, f)
        A country that faces it.
    """

    entry: np.ndarray
    by_imposer: np.ndarray
    now: np.ndarray
    imposer: np.ndarray
    aligned: np.ndarray
    ally: np.ndarray


@dataclass(frozen=True)
class Control:
    """Control exposure, one entry per company; NaN = unknown.

    Attributes
    ----------
    now : ndarray of float, shape (n,)
        Revenue restricted by the packages that bind the company today.
    gap : ndarray of float, shape (n,)
        What the strictest allied treatment would add.
    total : ndarray of float, shape (n,)
        now + alignment probability x gap.
    eta : ndarray of float, shape (n,)
        Alignment probability of the home jurisdiction.
    """

    now: np.ndarray
    gap: np.ndarray
    total: np.ndarray
    eta: np.ndarray


def restrictions(facts: Facts, methodology: Methodology) -> Restrictions:
    """Restricted fractions under the packages active in `facts`."""
    rules = facts.rules
    rho = np.array([methodology.control_stringency[measure].value for measure in rules.measure])
    entry = rules.entry_fraction * (rho[rules.entry_rule] if rho.size else 0.0)
    by_imposer = np.zeros((max(len(rules.imposers), 1), 2, len(facts.families), len(facts.countries)))
    bound = rules.binds[rules.entry_rule] * entry[:, None]
    imposer = rules.imposer[rules.entry_rule]
    np.add.at(by_imposer[:, 0], (imposer, rules.entry_family), bound)
    serviced = rules.servicing[rules.entry_rule]
    np.add.at(by_imposer[:, 1], (imposer[serviced], rules.entry_family[serviced]), bound[serviced])
    capped = np.minimum(by_imposer, 1.0)
    now = capped.max(axis=0)
    allied = np.where(facts.rules.allied, now, 0.0)
    return Restrictions(
        entry=entry,
        by_imposer=by_imposer,
        now=now,
        imposer=capped.argmax(axis=0),
        aligned=allied.max(axis=-1),
        ally=allied.argmax(axis=-1),
    )


def control_exposure(
    facts: Facts, methodology: Methodology, restricted: Restrictions, china_revenue: np.ndarray
) -> Control:
    """Control exposure of every company.

    Parameters
    ----------
    facts : Facts
    methodology : Methodology
    restricted : Restrictions
    china_revenue : ndarray of float, shape (k,)
        Share of total revenue that each segment earns in China, w x c; NaN = unknown.
    """
    segments, n = facts.segments, facts.country.size
    now = restricted.now[segments.service, segments.family, facts.country[segments.company]]
    # The home jurisdiction may itself be the strictest one, even where it is not counted among the allies.
    gap = np.maximum(restricted.aligned[segments.service, segments.family] - now, 0.0)
    alignment = methodology.alignment_probability
    eta = np.array([alignment.of(country) for country in facts.countries])[facts.country]
    total_now = segments.total(china_revenue * now, n)
    total_gap = segments.total(china_revenue * gap, n)
    return Control(now=total_now, gap=total_gap, total=total_now + eta * total_gap, eta=eta)
