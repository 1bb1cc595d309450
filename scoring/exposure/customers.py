"""Named customers: sales to parties that packages of controls name (methodology 2026.2, section 2).

A package that names a party takes away what a company sells to it, whatever the products. Only what this adds to the
package's effect through product families counts: the excess.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.arrays import Groups, scatter
from scoring.facts.facts import Facts


@dataclass(frozen=True)
class NamedSales:
    """Sales to named customers under a package, one entry per company and package that binds it.

    Attributes
    ----------
    company, package : ndarray of int, shape (q,)
        The second is a position in `facts.rules`.
    held : ndarray of float, shape (..., q)
        Sales to the parties that the package names, times its strength.
    excess : ndarray of float, shape (..., q)
        What of it is more than the package takes through product families.
    """

    company: np.ndarray
    package: np.ndarray
    held: np.ndarray
    excess: np.ndarray

    def strictest(self, facts: Facts, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Sum of values of the packages of one imposer, of the imposer for whom it is greatest.

        Returns
        -------
        sums : ndarray of float, shape (..., n)
        imposer : ndarray of int, shape (..., n)
        """
        batch, n, imposers = values.shape[:-1], facts.country.size, max(len(facts.rules.imposers), 1)
        most, imposer = np.zeros((*batch, n)), np.zeros((*batch, n), dtype=int)
        companies, which = np.unique(self.company, return_inverse=True)
        if companies.size:  # few of all
            cell = which * imposers + facts.rules.imposer[self.package]
            sums = scatter(values, cell, companies.size * imposers).reshape(*batch, companies.size, imposers)
            most[..., companies], imposer[..., companies] = sums.max(axis=-1), sums.argmax(axis=-1)
        return most, imposer


def named_sales(
    facts: Facts, entry: np.ndarray, package: np.ndarray, china_revenue: np.ndarray, market: np.ndarray
) -> NamedSales:
    """Sales to named customers under the packages active in `facts`.

    Parameters
    ----------
    facts : Facts
    entry : ndarray of float, shape (..., e)
        Strength of each entry: the part of a family's sales that it takes.
    package : ndarray of float, shape (..., p)
        Strength of each package.
    china_revenue : ndarray of float, shape (..., k)
    market : ndarray of float, shape (..., n)
        A company cannot lose more than it sells to China; NaN = unknown.
    """
    rules, customers = facts.rules, facts.customers
    listing, customer = np.nonzero(rules.listed_entity[:, None] == customers.entity[None, :])
    rule, company = rules.listed_rule[listing], customers.company[customer]
    bound = rules.binds[rule, facts.country[company]]
    rule, company, customer = rule[bound], company[bound], customer[bound]
    pair, of_pair = np.unique(company * max(rules.row.size, 1) + rule, return_inverse=True)
    company, rule = np.divmod(pair, max(rules.row.size, 1))
    sold = scatter(customers.share[..., customer], of_pair, pair.size)
    most = market[..., company]
    held = np.fmin(most, sold * package[..., rule])
    return NamedSales(
        company, rule, held, np.maximum(held - _of_families(facts, entry, china_revenue, company, rule), 0.0)
    )


def _of_families(
    facts: Facts, entries: np.ndarray, china_revenue: np.ndarray, company: np.ndarray, rule: np.ndarray
) -> np.ndarray:
    """What each package takes from each company through product families, shape (..., q); 0 where unknown."""
    rules, segments, families = facts.rules, facts.segments, len(facts.families)
    first, end = np.searchsorted(segments.company, [company, company + 1])
    segment, count = Groups(first, end - first).of(np.arange(company.size))
    of = np.repeat(np.arange(company.size), count)
    key = rules.entry_rule * families + rules.entry_family
    order = np.argsort(key, kind="stable")
    wanted = rule[of] * families + segments.family[segment]
    first, end = (np.searchsorted(key[order], wanted, side) for side in ("left", "right"))
    entry, count = Groups(first, end - first, order).of(np.arange(wanted.size))
    of, segment = np.repeat(of, count), np.repeat(segment, count)
    touched = rules.servicing[rule[of]] | (segments.service[segment] == 0)
    taken = np.nan_to_num(china_revenue[..., segment]) * entries[..., entry]
    return scatter(taken[..., touched], of[touched], company.size)
