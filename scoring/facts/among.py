"""Facts of some companies: the same controls, measures and minerals, and no other company."""

from __future__ import annotations

import dataclasses

import numpy as np

from scoring.facts.blocks import Customers, Measures, Segments
from scoring.facts.facts import Facts


def among(facts: Facts, companies: np.ndarray) -> Facts:
    """Facts of some companies.

    Acts of other days may not be compiled from the result: its tables are those of all companies.

    Parameters
    ----------
    facts : Facts
        Without a leading axis.
    companies : ndarray of int
        Positions, in order.
    """
    place = np.full(facts.country.size, -1)
    place[companies] = np.arange(companies.size)
    mineral = facts.mineral
    made = place[mineral.producer_company] >= 0
    segments = np.flatnonzero(place[facts.segments.company] >= 0)
    some = facts.replace(
        axes=dataclasses.replace(facts.axes, company_ids=[facts.company_ids[i] for i in companies.tolist()]),
        country=facts.country[companies],
        china=facts.china.only(companies),
        customers=_customers(facts.customers, place),
        segments=_segments(facts.segments, segments, place),
        supply=_measures(facts.supply, place),
        access=_measures(facts.access, place),
        mineral=dataclasses.replace(
            mineral,
            producer_company=place[mineral.producer_company[made]],
            producer_mineral=mineral.producer_mineral[made],
        ),
    )
    vars(some)["unsold"] = facts.unsold[segments]
    return some


def _segments(block: Segments, at: np.ndarray, place: np.ndarray) -> Segments:
    owners, starts = np.unique(place[block.company[at]], return_index=True)
    chosen = {
        field.name: getattr(block, field.name)[..., at]
        for field in dataclasses.fields(block)
        if field.name not in ("company", "starts", "owners")
    }
    return Segments(company=place[block.company[at]], starts=starts, owners=owners, **chosen)


def _customers(block: Customers, place: np.ndarray) -> Customers:
    at = place[block.company] >= 0
    chosen = {field.name: getattr(block, field.name)[..., at] for field in dataclasses.fields(block)}
    return Customers(**chosen | {"company": place[block.company[at]]})


def _measures(block: Measures, place: np.ndarray) -> Measures:
    of_company = (block.kind == "company") & (block.subject >= 0)
    subject = block.subject.copy()
    subject[of_company] = place[subject[of_company]]
    return dataclasses.replace(block, subject=subject)
