"""Control exposure: revenue bound for China and under export control (methodology, section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scoring.arrays import look_up, scaled, scatter
from scoring.exposure.customers import named_sales
from scoring.facts.blocks import Rules
from scoring.facts.facts import Facts
from scoring.methodology.parameters import CONTROL_WORDS, Parameters, codes

Index = np.ndarray | int


@dataclass(frozen=True)
class Restrictions:
    """Restricted fraction of each family, for product (0) and service (1) revenue, by home jurisdiction.

    Attributes
    ----------
    package : ndarray of float, shape (..., p)
        Strength of each active package.
    entry : ndarray of float, shape (..., e)
        Fraction times strength of each entry of the active packages.
    by_imposer : ndarray of float, shape (..., i, 2, f, j)
        Sum over the packages of one imposer that bind j; may pass 1.
    allied : ndarray of bool, shape (j,)
        Countries whose treatment counts for the alignment gap.
    now : ndarray of float, shape (..., 2, f, j)
        Packages of one imposer add, imposers overlap: the greatest sum, capped at 1.
    """

    package: np.ndarray
    entry: np.ndarray
    by_imposer: np.ndarray
    allied: np.ndarray
    now: np.ndarray

    @cached_property
    def aligned(self) -> np.ndarray:
        """The strictest treatment that any ally's exporters face, shape (..., 2, f)."""
        strictest: np.ndarray = np.where(self.allied, self.now, 0.0).max(axis=-1)
        return strictest

    @cached_property
    def gap(self) -> np.ndarray:
        """What the strictest allied treatment would add, shape (..., 2, f, j)."""
        # The home jurisdiction may itself be the strictest one, even where it is not counted among the allies.
        more: np.ndarray = np.maximum(self.aligned[..., None] - self.now, 0.0)
        return more

    @cached_property
    def imposer(self) -> np.ndarray:
        """The imposer whose packages restrict most, shape (..., 2, f, j)."""
        strictest: np.ndarray = np.minimum(self.by_imposer, 1.0).argmax(axis=-4)
        return strictest

    @cached_property
    def ally(self) -> np.ndarray:
        """A country that faces the strictest treatment, shape (..., 2, f)."""
        strictest: np.ndarray = np.where(self.allied, self.now, 0.0).argmax(axis=-1)
        return strictest


@dataclass(frozen=True)
class Control:
    """Control exposure, one entry per company; NaN = unknown.

    Attributes
    ----------
    now : ndarray of float, shape (..., n)
        Revenue restricted by the packages that bind the company today, at most its China share.
    named : ndarray of float, shape (..., n)
        What of `now` is sold to named customers, beyond what product families account for.
    gap : ndarray of float, shape (..., n)
        What the strictest allied treatment would add.
    total : ndarray of float, shape (..., n)
        now + alignment probability x gap.
    eta : ndarray of float, shape (..., n)
        Alignment probability of the home jurisdiction.
    sold, held : ndarray of float, shape (..., n)
        Sales to named customers, and what of them packages hold back: what is known where the China share is not.
    """

    now: np.ndarray
    named: np.ndarray
    gap: np.ndarray
    total: np.ndarray
    eta: np.ndarray
    sold: np.ndarray
    held: np.ndarray


def restrictions(facts: Facts, parameters: Parameters, *, lost: bool = False) -> Restrictions:
    """Restricted fractions under the packages active in `facts`.

    Parameters
    ----------
    facts : Facts
    parameters : Parameters
    lost : bool
        Whether fractions are weighed by what is lost within a year, and not by how strict the packages are.
    """
    rules, families, countries = facts.rules, len(facts.families), len(facts.countries)
    package = package_strength(rules, parameters, lost=lost)
    entry = entry_strength(rules, package, parameters)
    of_entry, country = np.nonzero(rules.binds[rules.entry_rule])
    cell = rules.entry_family[of_entry] * countries + country
    summed = sums_by_imposer(rules, entry, of_entry, cell, families * countries)
    by_imposer = summed.reshape(*summed.shape[:-1], families, countries)
    now = overlapped(by_imposer, axis=-4)
    return Restrictions(package=package, entry=entry, by_imposer=by_imposer, allied=rules.allied, now=now)


def sums_by_imposer(rules: Rules, entry: np.ndarray, of_entry: np.ndarray, cell: np.ndarray, cells: int) -> np.ndarray:
    """What the packages of each imposer take of product and service revenue.

    Parameters
    ----------
    rules : Rules
    entry : ndarray of float, shape (..., e)
        What each entry takes.
    of_entry, cell : ndarray of int, shape (x,)
        Which entries reach which cells, such as families in countries.
    cells : int

    Returns
    -------
    ndarray of float, shape (..., i, 2, cells)
        May pass 1.
    """
    rule = rules.entry_rule[of_entry]
    product = rules.imposer[rule] * 2 * cells + cell
    serviced = rules.servicing[rule]
    position = np.concatenate([product, product[serviced] + cells])
    of_entry = np.concatenate([of_entry, of_entry[serviced]])
    imposers = max(len(rules.imposers), 1)
    summed = scatter(entry[..., of_entry], position, imposers * 2 * cells)
    return summed.reshape(*entry.shape[:-1], imposers, 2, cells)


def overlapped(by_imposer: np.ndarray, axis: int) -> np.ndarray:
    """Restricted fraction: imposers overlap, so the greatest sum counts, capped at 1."""
    most: np.ndarray = np.minimum(by_imposer.max(axis=axis), 1.0)
    return most


def counted(restricted: Restrictions, eta: np.ndarray) -> np.ndarray:
    """Restricted fraction with what alignment would add, by the probability `eta` (..., j), shape (..., 2, f, j)."""
    total: np.ndarray = restricted.now + eta * restricted.gap
    return total


def entry_strength(rules: Rules, package: np.ndarray, parameters: Parameters) -> np.ndarray:
    """What each entry takes of its family's sales, given the strength of the packages (..., p); shape (..., e)."""
    return rules.entries_taken(package, discounted=parameters.control_loss is not None)


def package_strength(rules: Rules, parameters: Parameters, *, lost: bool = False) -> np.ndarray:
    """How strict each package is, or what share of the sales it catches is lost, shape (..., p)."""
    loss = parameters.control_loss
    codebook = loss if lost and loss is not None else parameters.control_stringency
    strength: np.ndarray = codebook[..., codes(rules.measure, CONTROL_WORDS)]
    return strength


def binds(rules: Rules, restricted: Restrictions, entry: np.ndarray, service: Index, home: Index) -> np.ndarray:
    """Whether entries are among those that restrict revenue of their family most.

    Parameters
    ----------
    rules : Rules
    restricted : Restrictions
        Of the same facts.
    entry : ndarray of int, shape (x,)
        Positions among the entries of `rules`.
    service : ndarray of int, shape (x,), or int
        Whether the revenue is of services (1) or products (0).
    home : ndarray of int, shape (x,), or int
        Country whose exporters are asked for.

    Returns
    -------
    ndarray of bool, shape (x,)
    """
    rule = rules.entry_rule[entry]
    return (
        rules.binds[rule, home]
        & (rules.servicing[rule] | (service == 0))
        & (rules.imposer[rule] == restricted.imposer[service, rules.entry_family[entry], home])
        & (restricted.entry[entry] > 0)
    )


def binding_entries(rules: Rules, restricted: Restrictions, service: int, family: int, home: int) -> np.ndarray:
    """Entries by which exporters of one country are restricted in a family, as positions in `rules`."""
    of_family = np.flatnonzero(rules.entry_family == family)
    return of_family[binds(rules, restricted, of_family, service, home)]


def control_exposure(
    facts: Facts, parameters: Parameters, restricted: Restrictions, china_revenue: np.ndarray, market: np.ndarray
) -> Control:
    """Control exposure of every company.

    Parameters
    ----------
    facts : Facts
    parameters : Parameters
    restricted : Restrictions
    china_revenue : ndarray of float, shape (..., k)
        Share of total revenue that each segment earns in China, w x c; NaN = unknown.
    market : ndarray of float, shape (..., n)
        China share of revenue; NaN = unknown.
    """
    segments, layout, n = facts.segments, facts.layout, facts.country.size
    of_families = segments.total(scaled(look_up(restricted.now, layout.segment_restriction, 3), china_revenue), n)
    gap = segments.total(scaled(look_up(restricted.gap, layout.segment_restriction, 3), china_revenue), n)
    eta = parameters.alignment(facts.countries)[..., facts.country]
    if not facts.customers.row.size:
        none = np.zeros(n)
        return Control(of_families, of_families * 0.0, gap, of_families + eta * gap, eta, none, none)
    sales = named_sales(facts, restricted.entry, restricted.package, china_revenue, market)
    excess, _ = sales.strictest(facts, sales.excess)
    now = np.where(excess > 0, np.minimum(of_families + excess, market), of_families)
    total = now + eta * gap
    return Control(
        now=now,
        named=now - of_families,
        gap=gap,
        total=np.where(excess > 0, np.minimum(total, market), total),
        eta=eta,
        sold=np.minimum(scatter(facts.customers.share, facts.customers.company, n), 1.0),
        held=np.minimum(sales.strictest(facts, sales.held)[0], 1.0),
    )
