"""Blocks of compiled facts: plain arrays, one class per subject.

Axes are named in the docstrings: n companies, k segments, f product families, m minerals, j countries,
p packages of rules, e entries of packages, i imposers, a measures, v events. Evidence codes index
`scoring.facts.evidence.EVIDENCE`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final, NamedTuple

import numpy as np

from scoring.arrays import scatter
from scoring.facts.selection import ImportShare


class Disclosing(NamedTuple):
    """Segments of the companies of which the China share of at least one is known.

    Attributes
    ----------
    segment : ndarray of int, shape (d,)
    companies : ndarray of int
        In order.
    company : ndarray of int, shape (d,)
        Which of these each segment belongs to.
    starts : ndarray of int
        First of the segments of each company, as a position among the d.
    china : ndarray of float, shape (d,)
        China share of each segment, NaN = not known.
    """

    segment: np.ndarray
    companies: np.ndarray
    company: np.ndarray
    starts: np.ndarray
    china: np.ndarray


def disclosing(company: np.ndarray, china: np.ndarray) -> Disclosing:
    """Segments of the companies of which the China share of at least one is known; `company` in order."""
    disclosed = np.zeros(company[-1] + 1 if company.size else 0, dtype=bool)
    disclosed[company[~np.isnan(china)]] = True
    segment = np.flatnonzero(disclosed[company])
    companies, owner = np.unique(company[segment], return_inverse=True)
    return Disclosing(segment, companies, owner, np.searchsorted(company[segment], companies), china[segment])


@dataclass(frozen=True)
class Segments:
    """Product mix, one entry per segment, sorted by company: the non-zeros of company x (family, service).

    Attributes
    ----------
    company, family : ndarray of int, shape (k,)
    service : ndarray of int, shape (k,)
        1 for service revenue, else 0.
    share : ndarray of float, shape (..., k)
        Share of the company's revenue; sums to 1 within a company.
    china : ndarray of float, shape (k,)
        Disclosed China share of the segment, NaN = not disclosed.
    disclosed : ndarray of bool, shape (k,)
        True where the row comes from `segments`, False for `business_mix`.
    inferred : ndarray of bool, shape (k,)
        True where no row says it: the mean mix of the company's peers.
    row : ndarray of int, shape (k,)
        -1 where inferred.
    evidence : ndarray of int, age : ndarray of float, shape (k,)
    """

    company: np.ndarray
    family: np.ndarray
    service: np.ndarray
    share: np.ndarray
    china: np.ndarray
    disclosed: np.ndarray
    inferred: np.ndarray
    row: np.ndarray
    evidence: np.ndarray
    age: np.ndarray
    starts: np.ndarray
    owners: np.ndarray

    @property
    def ends(self) -> np.ndarray:
        """Position after the last segment of each company in `owners`."""
        return np.append(self.starts, self.row.size)[1:]

    def with_those_of(self, companies: np.ndarray, other: Segments) -> Segments:
        """These segments, but those of some companies (bool, shape (n,)) as another product mix has them."""
        kept, taken = np.flatnonzero(~companies[self.company]), np.flatnonzero(companies[other.company])
        order = np.argsort(np.concatenate([self.company[kept], other.company[taken]]), kind="stable")
        joined = {
            field.name: np.concatenate([getattr(self, field.name)[kept], getattr(other, field.name)[taken]])[order]
            for field in fields(self)
            if field.name not in ("starts", "owners")
        }
        owners, starts = np.unique(joined["company"], return_index=True)
        return Segments(**joined, starts=starts, owners=owners)

    def total(self, values: np.ndarray, n: int) -> np.ndarray:
        """Sum of segment `values` (last axis) by company, shape (..., n); NaN for a company without segments."""
        sums = scatter(values, self.company, n)
        if self.owners.size < n:
            without = np.ones(n, dtype=bool)
            without[self.owners] = False
            sums[..., without] = np.nan
        return sums


@dataclass(frozen=True)
class Rules:
    """Active packages of export controls and the product fractions they catch.

    Attributes
    ----------
    row : ndarray of int, shape (p,)
        Rows in `rules`; a negative row is an assumption of a scenario, see `Facts.assumptions`.
    imposer : ndarray of int, shape (p,)
        Index into `imposers`.
    binds : ndarray of bool, shape (p, j)
    servicing : ndarray of bool, shape (p,)
    measure : ndarray of str, shape (p,)
    evidence : ndarray of int, shape (p,)
    entry_rule, entry_family : ndarray of int, shape (e,)
    entry_fraction, entry_low, entry_high : ndarray of float, shape (e,)
        Fractions and their ranges: which package catches how much of which family.
    entry_lost : ndarray of bool, shape (e,)
        Whether the fraction is what was lost, and not what is caught.
    entry_row, entry_evidence : ndarray of int, shape (e,)
        Rows in `family_rules` and their evidence codes.
    listed_rule : ndarray of int, shape (x,)
    listed_entity : ndarray of str, shape (x,)
        Which package names which party.
    listed_row : ndarray of int, shape (x,)
        Rows in `rule_entities`; a negative row is an assumption.
    allied : ndarray of bool, shape (j,)
        Countries that impose a rule, or are named as bound by one, in rules announced by the date.
    """

    row: np.ndarray
    imposers: list[str]
    imposer: np.ndarray
    binds: np.ndarray
    servicing: np.ndarray
    measure: np.ndarray
    evidence: np.ndarray
    entry_rule: np.ndarray
    entry_family: np.ndarray
    entry_fraction: np.ndarray
    entry_low: np.ndarray
    entry_high: np.ndarray
    entry_lost: np.ndarray
    entry_row: np.ndarray
    entry_evidence: np.ndarray
    listed_rule: np.ndarray
    listed_entity: np.ndarray
    listed_row: np.ndarray
    allied: np.ndarray

    def entries_taken(self, package: np.ndarray, *, discounted: bool) -> np.ndarray:
        """Part of a family's sales that each entry takes, shape (..., e).

        Parameters
        ----------
        package : ndarray of float, shape (..., p)
            Part that each package takes of what it catches.
        discounted : bool
            Whether a fraction that was lost, and not caught, is taken as it is.
        """
        taken: np.ndarray = self.entry_fraction * package[..., self.entry_rule]
        return np.where(self.entry_lost, self.entry_fraction, taken) if discounted else taken

    def take(self, package: np.ndarray, entry: np.ndarray | None = None, entry_rule: np.ndarray | None = None) -> Rules:
        """Some packages in an order of their own.

        Parameters
        ----------
        package : ndarray of int
        entry, entry_rule : ndarray of int, optional
            Fractions to take, and the package of each among those taken. Default: all fractions of the packages.
        """
        position = np.full(self.row.size, -1)
        position[package] = np.arange(package.size)
        if entry is None or entry_rule is None:
            entry = np.flatnonzero(position[self.entry_rule] >= 0)
            entry_rule = position[self.entry_rule[entry]]
        listed = np.flatnonzero(position[self.listed_rule] >= 0)
        taken = {name: getattr(self, name)[package] for name in OF_PACKAGE}
        taken |= {name: getattr(self, name)[..., entry] for name in OF_ENTRY}
        return replace(
            self,
            **taken,
            entry_rule=entry_rule,
            listed_rule=position[self.listed_rule[listed]],
            listed_entity=self.listed_entity[listed],
            listed_row=self.listed_row[listed],
        )

    def only(self, keep: np.ndarray) -> Rules:
        """The packages for which `keep`, of shape (p,), is true."""
        return self.take(np.flatnonzero(keep))

    def plus(self, other: Rules) -> Rules:
        """These packages, then those of `other`; the countries must be the same."""
        imposers = list(dict.fromkeys([*self.imposers, *other.imposers]))
        joined: dict[str, Any] = {
            name: np.concatenate([getattr(self, name), getattr(other, name)])
            for name in (*OF_PACKAGE, *OF_ENTRY, "listed_entity", "listed_row")
        }
        place = {name: index for index, name in enumerate(imposers)}
        position = np.array([place[name] for name in other.imposers], dtype=int)
        return Rules(
            **joined
            | {
                "imposers": imposers,
                "imposer": np.concatenate([self.imposer, position[other.imposer]]),
                "entry_rule": np.concatenate([self.entry_rule, other.entry_rule + self.row.size]),
                "listed_rule": np.concatenate([self.listed_rule, other.listed_rule + self.row.size]),
                "allied": self.allied | other.allied,
            }
        )


OF_PACKAGE: Final = ("row", "imposer", "binds", "servicing", "measure", "evidence")
OF_ENTRY: Final = (
    "entry_family",
    "entry_fraction",
    "entry_low",
    "entry_high",
    "entry_lost",
    "entry_row",
    "entry_evidence",
)
"""Arrays of `Rules` with one value per package, and per entry; `entry_rule` leads from these to those."""


@dataclass(frozen=True)
class Customers:
    """Named customers that count, one entry per company and party.

    Attributes
    ----------
    company : ndarray of int, shape (y,)
    entity : ndarray of str, shape (y,)
    share : ndarray of float, shape (..., y)
        Of the company's revenue.
    row : ndarray of int, shape (y,)
        Rows in `customers`.
    evidence : ndarray of int, age : ndarray of float, shape (y,)
    """

    company: np.ndarray
    entity: np.ndarray
    share: np.ndarray
    row: np.ndarray
    evidence: np.ndarray
    age: np.ndarray


@dataclass(frozen=True)
class Measures:
    """China's active measures of one side.

    Attributes
    ----------
    row : ndarray of int, shape (a,)
        Rows in `countermeasures`; a negative row is an assumption of a scenario, see `Facts.assumptions`.
    kind : ndarray of str, subject : ndarray of int, shape (a,)
        Subject kind and its index among minerals, families, companies or countries; -1 = outside the universe.
    names : ndarray of bool, shape (a, j)
        Countries that the measure names as target (the EU stands for its members).
    worldwide : ndarray of bool, shape (a,)
    measure : ndarray of str, shape (a,)
    scope, scope_low, scope_high : ndarray of float, shape (..., a)
        Part of its subject that a measure reaches, 0..1, and its range: less than 1 for a ban on purchases of the
        government, and for a measure on a unit of the company.
    evidence : ndarray of int, shape (a,)
    """

    row: np.ndarray
    kind: np.ndarray
    subject: np.ndarray
    names: np.ndarray
    worldwide: np.ndarray
    measure: np.ndarray
    scope: np.ndarray
    scope_low: np.ndarray
    scope_high: np.ndarray
    evidence: np.ndarray

    def only(self, keep: np.ndarray) -> Measures:
        """The measures for which `keep`, of shape (a,), is true."""
        return Measures(**{name: getattr(self, name)[keep] for name in _OF_MEASURE})

    def plus(self, other: Measures) -> Measures:
        """These measures, then those of `other`; the countries must be the same."""
        return Measures.joined([self, other])

    @classmethod
    def joined(cls, blocks: Sequence[Measures]) -> Measures:
        """The measures of some blocks, one block after the other; the countries must be the same."""
        return cls(**{name: np.concatenate([getattr(block, name) for block in blocks]) for name in _OF_MEASURE})


_OF_MEASURE: Final = tuple(field.name for field in fields(Measures))


@dataclass(frozen=True)
class Minerals:
    """Supply of minerals and what depends on them.

    Attributes
    ----------
    supply_share : ndarray of float, shape (m,)
        China's share of world supply at the chokepoint stage, NaN = unknown.
    supply_evidence : ndarray of int, supply_age : ndarray of float, shape (m,)
        Years since the end of the year the share describes, not below 0.
    import_share : ndarray of float, shape (m, j)
        China's share of the country's imports, NaN = not measured.
    import_evidence : ndarray of int, import_age : ndarray of float, shape (m, j)
    imports : dict of (int, int) to ImportShare
        Each measured import share with the table and rows behind it.
    criticality, substitutability : ndarray of float, shape (f, m)
    dependence_row, dependence_evidence : ndarray of int, shape (f, m)
        Rows in `family_minerals` (-1 = no dependence recorded) and their evidence.
    producer_company, producer_mineral : ndarray of int
        Who produces what, and does not depend on China for it.
    """

    supply_share: np.ndarray
    supply_evidence: np.ndarray
    supply_age: np.ndarray
    import_share: np.ndarray
    import_evidence: np.ndarray
    import_age: np.ndarray
    imports: dict[tuple[int, int], ImportShare]
    criticality: np.ndarray
    substitutability: np.ndarray
    dependence_row: np.ndarray
    dependence_evidence: np.ndarray
    producer_company: np.ndarray
    producer_mineral: np.ndarray


@dataclass(frozen=True)
class Events:
    """China's coercive acts up to the date.

    Attributes
    ----------
    row : ndarray of int, shape (v,)
    names : ndarray of bool, shape (v, j)
    worldwide : ndarray of bool, shape (v,)
    severity : ndarray of str, shape (v,)
    age : ndarray of float, shape (v,)
        Years of 365.25 days since the act.
    """

    row: np.ndarray
    names: np.ndarray
    worldwide: np.ndarray
    severity: np.ndarray
    age: np.ndarray
