"""Revenue at risk: how much revenue a change of controls and countermeasures takes away (methodology, section 8).

Controls in force while a fiscal year was earned are absorbed in its revenue. The base state of a company is therefore
the state of controls, measures and threats at the midpoint of the period that its China share describes; what came
since, or comes with a scenario, is at risk.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from scoring.arrays import look_up
from scoring.facts.facts import Facts
from scoring.facts.selection import period_months
from scoring.methodology import Methodology
from scoring.methodology.parameters import Parameters, parameters_of
from scoring.risk.exchange_rates import UsdRates
from scoring.score.evaluation import Evaluation, evaluate

_UNITS: Final = {"1": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_ENDS: Final = ("low", "value", "high")


@dataclass(frozen=True)
class Loss:
    """Share of revenue lost between a base state and another, one entry per company; NaN = unknown.

    Attributes
    ----------
    control : ndarray of float, shape (n,)
        Sum over segments of w c max(0, r - r_base).
    retaliation : ndarray of float, shape (n,)
        1 - (1 - R) / (1 - R_base), where R rises.
    total : ndarray of float, shape (n,)
        1 - (1 - control) (1 - retaliation).
    """

    control: np.ndarray
    retaliation: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """Share of revenue at risk, 0..1."""
        return 1.0 - (1.0 - self.control) * (1.0 - self.retaliation)


class RevenueAtRisk:
    """Revenue at risk of every company.

    Parameters
    ----------
    evaluation : Evaluation
        The state whose losses are asked for, with a scenario or without.
    facts : Facts
        Known at the same date, without a scenario: what the base states are compiled from.
    methodology : Methodology
        Without a scenario.

    Attributes
    ----------
    period : ndarray of object, shape (n,)
        Label of the fiscal period that the China share describes, None = unknown.
    period_end, midpoint : ndarray of datetime64[D], shape (n,)
        NaT = unknown.
    currency : ndarray of object, shape (n,)
        Reporting currency.
    revenue : ndarray of float, shape (n,)
        Of the period, in units of the reporting currency; NaN = unknown. A quarter is not made a year.
    usd : UsdRates
        Reference rates at the end of each period.
    """

    def __init__(self, evaluation: Evaluation, facts: Facts, methodology: Methodology) -> None:
        self.evaluation, self.facts, self.methodology = evaluation, facts, methodology
        table, row = facts.release.columns("revenue"), facts.china.row
        known = row >= 0
        nat = np.datetime64("NaT", "D")
        none = np.array(None, dtype=object)
        self.period: np.ndarray = np.where(known, table["fiscal_year"][row], none)
        self.period_end: np.ndarray = np.where(known, table["period_end"][row], nat)
        self.midpoint = np.array(
            [
                nat if label is None else _midpoint(end.astype(dt.date), period_months(label))
                for label, end in zip(self.period, self.period_end, strict=True)
            ],
            dtype="datetime64[D]",
        )
        self.currency: np.ndarray = np.where(known, table["currency"][row], none)
        unit = np.array([_UNITS.get(word, np.nan) for word in table["unit"][row]])
        self.revenue = np.where(known, table["total_revenue"][row] * unit, np.nan)
        self.usd = UsdRates.at(facts.release, self.currency, self.period_end)

    @cached_property
    def notes(self) -> np.ndarray:
        """What is not known of each company's revenue at risk, None where all of it is, shape (n,)."""
        notes = np.full(self.midpoint.size, None, dtype=object)
        for i in range(self.midpoint.size):
            if np.isnat(self.midpoint[i]):
                notes[i] = "no China share is known"
            elif np.isnan(self.loss.total[i]):
                notes[i] = "the product mix is not known"
            elif np.isnan(self.revenue[i]):
                notes[i] = f"the revenue of {self.period[i]} is not in the release"
            elif self.usd.note[i] is not None:
                notes[i] = f"no US dollars: {self.usd.note[i]}"
        return notes

    @cached_property
    def loss(self) -> Loss:
        """Share of revenue at risk."""
        return self._loss("value")

    @cached_property
    def low(self) -> np.ndarray:
        """Least of the shares at risk with every judged fraction and stringency at its low end, value or high end."""
        return np.minimum.reduce(self._ends)

    @cached_property
    def high(self) -> np.ndarray:
        """Greatest of the shares at risk, with every judged fraction and stringency as for `low`."""
        return np.maximum.reduce(self._ends)

    @cached_property
    def _ends(self) -> list[np.ndarray]:
        return [self._loss(end).total if end != "value" else self.loss.total for end in _ENDS]

    @cached_property
    def bases(self) -> dict[np.datetime64, tuple[Evaluation, np.ndarray]]:
        """Base states by midpoint, each with the companies that it is the base of."""
        found = {}
        for day in np.unique(self.midpoint[~np.isnat(self.midpoint)]):
            acts = self.facts.acts_at(day)
            found[day] = (evaluate(acts, self.methodology), np.flatnonzero(self.midpoint == day))
        return found

    @staticmethod
    def at_end(evaluation: Evaluation, methodology: Methodology, end: str) -> Evaluation:
        """The evaluation with every judged fraction and stringency at its ``value``, ``low`` or ``high`` end."""
        if end == "value":
            return evaluation
        rules = evaluation.facts.rules
        fraction = {"low": rules.entry_low, "high": rules.entry_high}[end]
        facts = evaluation.facts.replace(rules=dataclasses.replace(rules, entry_fraction=fraction))
        return evaluate(facts, methodology, _stringencies_at(evaluation.parameters, methodology, end))

    def _loss(self, end: str) -> Loss:
        control, retaliation = np.full((2, self.midpoint.size), np.nan)
        after = self.at_end(self.evaluation, self.evaluation.methodology, end)
        for base, companies in self.bases.values():
            before = self.at_end(base, self.methodology, end)
            control[companies] = control_loss(after, before)[companies]
            retaliation[companies] = retaliation_loss(after, before)[companies]
        return Loss(control, retaliation)


def control_increase(after: Evaluation, before: Evaluation) -> np.ndarray:
    """Share of the company's revenue that controls take from each segment since the base, shape (k,)."""
    cell = after.facts.layout.segment_restriction
    more = np.maximum(look_up(after.restricted.now, cell, 3) - _same_axis(before, after, cell), 0.0)
    return after.china_revenue * more


def control_loss(after: Evaluation, before: Evaluation) -> np.ndarray:
    """Control part of the loss, shape (n,)."""
    facts = after.facts
    return facts.segments.total(control_increase(after, before), facts.country.size)


def retaliation_loss(after: Evaluation, before: Evaluation) -> np.ndarray:
    """Retaliation part of the loss, shape (n,); 0 where China's force has not grown, 1 at most."""
    now, then = after.retaliation.total, before.retaliation.total
    with np.errstate(divide="ignore", invalid="ignore"):
        loss: np.ndarray = np.where(now > then, 1.0 - (1.0 - now) / (1.0 - then), 0.0)
    return np.where(np.isnan(now) | np.isnan(then), np.nan, loss)


def _same_axis(before: Evaluation, after: Evaluation, cell: np.ndarray) -> np.ndarray:
    """Restriction of each segment in the base, whose country axis may lack countries that a scenario names."""
    if len(before.facts.countries) == len(after.facts.countries):
        return look_up(before.restricted.now, cell, 3)
    return look_up(before.restricted.now, before.facts.layout.segment_restriction, 3)


def _stringencies_at(parameters: Parameters, methodology: Methodology, end: str) -> Parameters:
    ends = parameters_of(methodology, end)
    return dataclasses.replace(
        parameters,
        control_stringency=ends.control_stringency,
        supply_stringency=ends.supply_stringency,
        access_stringency=ends.access_stringency,
    )


def _midpoint(end: dt.date, months: int) -> dt.date:
    """Day in the middle of a fiscal period of so many months."""
    years, month = divmod(end.year * 12 + end.month - 1 - months, 12)
    # The period begins on the day after the same day some months earlier, or after the end of a shorter month.
    day = end.day
    while True:
        try:
            start = dt.date(years, month + 1, day) + dt.timedelta(days=1)
        except ValueError:
            day -= 1
            continue
        break
    if (end + dt.timedelta(days=1)).month != end.month:  # a month's end stays a month's end
        start = (dt.date(years, month + 1, 28) + dt.timedelta(days=4)).replace(day=1)
    return start + (end - start) / 2
