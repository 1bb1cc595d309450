"""Causes: the leaves of the scores summed by what is behind them, per company.

A cause is the China share, one package of controls, the customers that one names, the ally ahead of whom a company's
own government stays, one mineral, or one measure that may shut a company out. The causes of a company add up to its
score, as its leaves do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from scoring.score.leaves import ACCESS, ALIGNMENT, CONTROL, CUSTOMER, MARKET, SUPPLY

if TYPE_CHECKING:
    from scoring.score.snapshot import Snapshot


@dataclass(frozen=True)
class Causes:
    """Flat table, one entry per company and cause; companies without a score have none.

    Attributes
    ----------
    company : ndarray of int, shape (c,)
    kind : ndarray of int, shape (c,)
        Index into `scoring.score.leaves.KINDS`.
    code : ndarray of int, shape (c,)
        Control and customer: row in `rules`. Alignment: index into the countries. Supply: mineral. Access: row in
        `countermeasures`, or `LATENT`. Market: 0. A negative row is an assumption of a scenario.
    points : ndarray of float, shape (c,)
        Points of the company's score.
    """

    company: np.ndarray
    kind: np.ndarray
    code: np.ndarray
    points: np.ndarray


LATENT: Final = -(2**62)
"""Code of access that only the latent threat endangers."""


def causes(snapshot: Snapshot) -> Causes:
    """Sum the leaves of every scored company by cause."""
    leaves, facts = snapshot.leaves, snapshot.evaluation.facts
    mine = np.flatnonzero(~np.isnan(leaves.points))
    kind = leaves.kind[mine]
    code = np.where(kind == MARKET, 0, leaves.item[mine]).astype(np.int64)
    control = kind == CONTROL
    code[control] = facts.rules.row[facts.rules.entry_rule[leaves.item[mine[control]]]]
    customer = kind == CUSTOMER
    code[customer] = facts.rules.row[leaves.item[mine[customer]]]
    access, driver = kind == ACCESS, leaves.driver[mine]
    measured = access & (driver >= 0)
    code[access] = LATENT
    code[measured] = facts.access.row[driver[measured]]
    order = np.lexsort((code, kind, leaves.company[mine]))
    company, kind, code, points = leaves.company[mine][order], kind[order], code[order], leaves.points[mine][order]
    is_first = np.ones(order.size, dtype=bool)
    is_first[1:] = (np.diff(company) != 0) | (np.diff(kind) != 0) | (code[1:] != code[:-1])
    starts = np.flatnonzero(is_first)
    total = np.add.reduceat(points, starts) if starts.size else points
    return Causes(company[starts], kind[starts], code[starts], total)


def describe(snapshot: Snapshot, kind: int, code: int) -> tuple[str, str]:
    """Key and label of a cause.

    Returns
    -------
    tuple of str
        A rule_id, mineral, country code, measure_id or the word ``latent-threat`` or ``china-share``; and what it is
        in words. What a scenario assumes has the scenario and the number of its change as key.
    """
    facts, release = snapshot.evaluation.facts, snapshot.release
    if kind in (CONTROL, CUSTOMER, ACCESS) and LATENT < code < 0:
        assumed = facts.assumptions[~code]
        return f"{assumed.scenario_id}/{assumed.number}", f"assumed: {assumed.statement.replace('assumed: ', '')}"
    if kind in (CONTROL, CUSTOMER):
        rule = facts.cells("rules", code)
        named = ", customers that it names" if kind == CUSTOMER else ""
        return str(rule["rule_id"]), f"{rule['imposed_by']}: {rule['title']}{named}"
    if kind == ALIGNMENT:
        country = facts.countries[code]
        return country, f"alignment with {country}"
    if kind == SUPPLY:
        return facts.minerals[code], str(release.columns("minerals")["label"][code])
    if kind == ACCESS and code != LATENT:
        measure = facts.cells("countermeasures", code)
        return str(measure["measure_id"]), f"{measure['measure']} on {release.labels.subject(measure)}"
    if kind == ACCESS:
        return "latent-threat", "China's market closing (latent threat)"
    return "china-share", "China share"
