"""Revenue at risk: how much revenue a change of controls and countermeasures takes away (methodology, section 8).

Controls in force while a fiscal year was earned are absorbed in its revenue. The base state of a company is therefore
the state of controls, measures and threats at the midpoint of the period that its China share describes; what came
since, or comes with a scenario, is at risk.
"""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import Final

import numpy as np

from scoring.facts.among import among
from scoring.facts.facts import Facts
from scoring.facts.sales.money import amounts
from scoring.facts.sales.wording import periods
from scoring.methodology import Methodology
from scoring.methodology.parameters import Parameters, parameters_of
from scoring.risk.annual import AnnualRevenue, annual_revenue
from scoring.risk.exchange_rates import UsdRates
from scoring.risk.loss import Loss, loss
from scoring.score.evaluation import Evaluation, evaluate

_ENDS: Final = ("low", "value", "high")


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
        In units of the reporting currency; NaN = unknown. Of the period, or of the latest year, as the methodology
        says.
    revenue_end : ndarray of datetime64[D], shape (n,)
        End of the period of which it is the revenue, or by which a year's was estimated.
    usd : UsdRates
        Reference rates at that end.
    """

    def __init__(self, evaluation: Evaluation, facts: Facts, methodology: Methodology) -> None:
        self.evaluation, self.facts, self.methodology = evaluation, facts, methodology
        self._bases: dict[np.datetime64, Evaluation] = {}
        self.period = periods(facts.china, facts.release.columns("revenue"))
        self.period_end, self.midpoint = facts.china.period_end, facts.china.midpoint
        if methodology.revenue_base is not None and methodology.revenue_base.value == "year":
            self.revenue, self.currency, self._revenue_row = annual_revenue(facts)
        else:
            self.revenue, self.currency, self._revenue_row = _period_revenue(facts)
        end = facts.release.columns("revenue")["period_end"][self._revenue_row]
        self.revenue_end = np.where(self._revenue_row >= 0, end, np.datetime64("NaT", "D"))
        self.usd = UsdRates.at(facts.release, self.currency, self.revenue_end)

    def revenue_rows(self, company: int) -> list[int]:
        """Rows in `revenue` that state a company's revenue; none where it is not known."""
        row, china = int(self._revenue_row[company]), self.facts.china
        if np.isnan(self.revenue[company]):
            return []
        return china.rows[company] if row == china.row[company] else [row]

    @cached_property
    def notes(self) -> np.ndarray:
        """What is not known of each company's revenue at risk, None where all of it is, shape (n,)."""
        unknown = np.isnat(self.midpoint)
        estimated = "the China share is estimated, not disclosed: there is no period whose revenue could be at risk"
        why = np.where(self.facts.china.estimated, estimated, "no China share is known").astype(object)
        notes = np.where(unknown, why, np.array(None, dtype=object))
        total = self.loss.total
        for i in np.flatnonzero(~unknown).tolist():
            if np.isnan(total[i]):
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
    def members(self) -> dict[np.datetime64, np.ndarray]:
        """Companies that have each midpoint."""
        known = np.unique(self.midpoint[~np.isnat(self.midpoint)])
        return {day: np.flatnonzero(self.midpoint == day) for day in known}

    def base(self, day: np.datetime64) -> Evaluation:
        """Base state of a day, of all companies."""
        if day not in self._bases:
            self._bases[day] = evaluate(self.base_facts(day), self.methodology)
        return self._bases[day]

    def base_facts(self, day: np.datetime64) -> Facts:
        """What the base state of a day is compiled from."""
        return self.facts.acts_at(day)

    @staticmethod
    def at_end(evaluation: Evaluation, methodology: Methodology, end: str) -> Evaluation:
        """The evaluation with every judged fraction and stringency at its ``value``, ``low`` or ``high`` end."""
        if end == "value":
            return evaluation
        rules = evaluation.facts.rules
        fraction = {"low": rules.entry_low, "high": rules.entry_high}[end]
        scopes = {
            side: dataclasses.replace(measures, scope={"low": measures.scope_low, "high": measures.scope_high}[end])
            for side, measures in (("supply", evaluation.facts.supply), ("access", evaluation.facts.access))
        }
        facts = evaluation.facts.replace(rules=dataclasses.replace(rules, entry_fraction=fraction), **scopes)
        return evaluate(facts, methodology, _stringencies_at(evaluation.parameters, methodology, end))

    def _loss(self, end: str) -> Loss:
        control, retaliation, supply = np.full((3, self.midpoint.size), np.nan)
        known, state, bases = self._states
        after = self.at_end(state, self.evaluation.methodology, end)
        for base, mine in bases:
            found = loss(after, self.at_end(base, self.methodology, end))
            companies = known[mine]
            control[companies], retaliation[companies] = found.control[mine], found.retaliation[mine]
            supply[companies] = found.supply[mine]
        return Loss(control, retaliation, supply)

    @cached_property
    def _states(self) -> tuple[np.ndarray, Evaluation, list[tuple[Evaluation, np.ndarray]]]:
        """Companies with a base, the state whose losses are asked for, and each base with those that it is the base of.

        Both of these companies alone: of most companies nothing is at risk that is known.
        """
        known = np.sort(np.concatenate([np.array([], dtype=int), *self.members.values()]))
        after = evaluate(among(self.evaluation.facts, known), self.evaluation.methodology)
        bases = [
            (evaluate(among(self.base_facts(day), known), self.methodology), np.searchsorted(known, members))
            for day, members in self.members.items()
        ]
        return known, after, bases


def _period_revenue(facts: Facts) -> AnnualRevenue:
    """Revenue of the period that each China share describes; a quarter is not made a year."""
    table, row = facts.release.columns("revenue"), facts.china.row
    known = row >= 0
    currency = np.where(known, table["currency"][row], np.array(None, dtype=object))
    return AnnualRevenue(np.where(known, amounts(table, "total_revenue")[row], np.nan), currency, row)


def _stringencies_at(parameters: Parameters, methodology: Methodology, end: str) -> Parameters:
    ends = parameters_of(methodology, end)
    return dataclasses.replace(
        parameters,
        control_stringency=ends.control_stringency,
        supply_stringency=ends.supply_stringency,
        access_stringency=ends.access_stringency,
        control_loss=ends.control_loss,
        supply_loss=ends.supply_loss,
    )
