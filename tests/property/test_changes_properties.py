"""What every comparison of two states must satisfy, whatever differs between them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import scoring
from scoring.changes.attribution import attribute
from scoring.changes.compare import what_changed
from scoring.changes.items import KINDS
from tests.conftest import AlteredRelease

DAYS = st.dates(dt.date(2017, 1, 1), dt.date(2026, 7, 31))
METHODOLOGIES = ("2026.1", "2026.2")

NUMBERS = (
    "beta",
    "half_points/market",
    "half_points/control",
    "control_stringency/presumption-of-denial",
    "supply_stringency/licence-required",
    "access_stringency/procurement-ban",
    "latent_threat/maximum",
    "latent_threat/half_life_years",
    "latent_threat/worldwide_share",
    "latent_threat/severity/formal-control",
    "vulnerability/semiconductors",
    "unknown_import_share",
    "alignment_probability/default",
)


@pytest.fixture(scope="module", params=METHODOLOGIES)
def methodology(request):
    return scoring.load_methodology(request.param)


@pytest.fixture(scope="module")
def releases(release):
    """A release without estimates, and some companies of one that has them."""
    newest = scoring.open_release()
    ids = {*newest.columns("companies")["company_id"][::40], *release.columns("companies")["company_id"]}
    some = {
        table: lambda rows: [row for row in rows if row["company_id"] in ids] for table in ("companies", "listings")
    }
    return {"without estimates": release, "with estimates": AlteredRelease(newest, set=some)}


def check(before, after):
    """The attributions sum to the difference; the way back is its negative, bit for bit."""
    found, back = attribute(before, after), attribute(after, before)
    ids = found.company_ids
    assert ids == back.company_ids
    values = []
    for scorer in (before, after):
        evaluation = scorer.evaluation
        row = {name: i for i, name in enumerate(evaluation.facts.company_ids)}
        at = [row[name] for name in ids]
        values.append(np.where(found.is_floor, evaluation.floor[at], evaluation.score[at]))
    delta = values[1] - values[0]
    comparable = found.is_floor | ~np.isnan(delta)
    summed = found.points.sum(axis=0)
    np.testing.assert_allclose(summed[comparable], delta[comparable], rtol=0, atol=1e-9)
    assert np.isnan(found.points[:, ~comparable]).all()
    assert [item.order for item in found.items] == [item.order for item in back.items]
    np.testing.assert_array_equal(found.points, -back.points)
    return found


def check_told(before, after):
    """Every company that is another one is told: with its difference and what it sums from, or what made it known."""
    changes = what_changed(before, after)
    told = {row.company_id: row for row in changes.rows}
    states = []
    for scorer in (before, after):
        ids = scorer.evaluation.facts.company_ids
        columns = scorer.columns(ids)
        cells = (columns[name].tolist() for name in ("status", "score", "market", "retaliation_supply"))
        states.append(dict(zip(ids, zip(*cells, strict=True), strict=True)))
    for company in states[0].keys() | states[1].keys():
        one, other = (state.get(company) for state in states)
        row = told.get(company)
        if one is None or other is None:
            assert (row.status_from is None, row.status_to is None) == (one is None, other is None)
            assert (row.delta, row.attributions) == (None, [])
            assert row.reason
            continue
        known = [[not np.isnan(value) for value in state[2:]] for state in (one, other)]
        if known[0] != known[1]:
            assert (row.status_from, row.status_to) == (one[0], other[0])
            assert row.status_causes
            assert {*row.status_causes} <= changes.causes.keys()
        elif row is not None:
            assert row.status_causes == []
            moved = row.floor_delta if row.delta is None else row.delta
            assert moved is not None
            assert sum(one.points for one in row.attributions) == pytest.approx(moved, rel=0, abs=1e-9)
        else:
            assert one[0] == other[0]
            np.testing.assert_allclose(one[1], other[1], rtol=0, atol=1e-9)


ENDS = st.tuples(
    st.sampled_from(["without estimates", "with estimates"]),
    DAYS,
    st.sampled_from(METHODOLOGIES),
    st.sampled_from(["include", "exclude"]),
)


def _end(release, day, methodology):
    return release, dt.date.fromisoformat(day), methodology, "include"


@given(one=ENDS, other=ENDS)
# Figures of the one day that the methodology of the other does not know there, and which both have of their own.
@example(_end("with estimates", "2024-06-30", "2026.1"), _end("with estimates", "2021-07-31", "2026.2"))
@example(_end("without estimates", "2024-01-31", "2026.1"), _end("without estimates", "2026-07-31", "2026.2"))
@settings(max_examples=10)
def test_any_release_methodology_and_use_of_estimates(releases, one, other):
    ends = [
        scoring.Scorer(releases[release], day, methodology, estimates=estimates)
        for release, day, methodology, estimates in (one, other)
    ]
    check(*ends)
    check_told(*ends)


@given(DAYS, DAYS)
@settings(max_examples=10)
def test_two_dates(release, scorer_at, methodology, one, other):
    check(scorer_at(one), scoring.Scorer(release, other, methodology))


@given(
    DAYS,
    DAYS,
    st.lists(st.tuples(st.sampled_from(NUMBERS), st.floats(0.5, 0.99)), max_size=3),
    st.sampled_from(["latest", "structural"]),
    st.sampled_from(["announced", "effective"]),
    st.booleans(),
)
@settings(max_examples=10)
def test_two_dates_and_methodologies(
    scorer_at, release, methodology, vary, one, other, numbers, share, timing, weighed
):
    changed = methodology.model_copy(update={"china_share": share, "timing": timing})
    for path, factor in numbers:
        value = changed
        for part in path.split("/"):
            value = value[part] if isinstance(value, dict) else getattr(value, part)
        changed = vary(changed, path, value.value * factor + (1.0 if path == "beta" else 0.0))
    if weighed:
        for pillar, weight in (("market", 0.2), ("control", 0.5), ("retaliation", 0.3)):
            changed = vary(changed, f"weights/{pillar}", weight)
    check(scorer_at(one), scoring.Scorer(release, other, changed))


@given(DAYS, DAYS, st.sampled_from(["match-act-enacted", "cn-mineral-ban-japan", "jp-matches-us-servicing-ban"]))
@settings(max_examples=6)
def test_a_date_and_a_scenario(scorer_at, release, methodology, one, other, scenario):
    check(scorer_at(one), scoring.Scorer(release, other, methodology, scenario=scenario))


def _scaled(column, factor):
    return lambda row: row | {column: None if row[column] is None else row[column] * factor}


MUTATIONS = {
    "revenue": [_scaled("china_share", 0.7), None],
    "segments": [lambda row: row | {"for_mix": not row["for_mix"]}, _scaled("china_share", 0.5)],
    "business_mix": [lambda row: row | {"product_family": "other", "is_service": False}, None],
    "rules": [
        lambda row: row | {"measure": "prohibition"},
        lambda row: row | {"covers_servicing": not row["covers_servicing"]},
        lambda row: row | {"bound_countries": "JP;NL;IN", "reach": "extraterritorial"},
        lambda row: row | {"imposed_by": "CA"},
        lambda row: row | {"status": "scheduled"},
        lambda row: row | {"announced": row["announced"] - dt.timedelta(days=400)},
    ],
    "family_rules": [_scaled("fraction", 0.5), None],
    "countermeasures": [
        lambda row: row | {"measure": "licence-required"},
        lambda row: row | {"target": "EU"},
        lambda row: row | {"announced": row["announced"] + dt.timedelta(days=300)},
        None,
    ],
    "coercion_events": [
        lambda row: row | {"severity_kind": "prohibition"},
        lambda row: row | {"date": row["date"] + dt.timedelta(days=200)},
        lambda row: row | {"target_country": "WW"},
        None,
    ],
    "minerals": [_scaled("china_refined_share", 0.5), lambda row: row | {"china_refined_share": 0.99}],
    "family_minerals": [_scaled("criticality", 0.5), _scaled("substitutability", 0.5), None],
    "mineral_imports": [_scaled("china_import_share", 0.5)],
    "companies": [lambda row: row | {"country": "NL"}],
    "product_families": [lambda row: row | {"group": "consumer"}],
}
"""What another release may say of a row: a function of it, or None where the row is not there."""

SHUFFLED = ("companies", "product_families", "minerals")


def altered_tables(seeds):
    """Functions of tables for an altered release, from (table, which mutation, every how many rows, first row)."""
    found = {}
    for table, which, step, first in seeds:
        mutate = MUTATIONS[table][which % len(MUTATIONS[table])]

        def change(rows, mutate=mutate, step=step, first=first):
            out = []
            for i, row in enumerate(rows):
                hit = i % step == first % step
                out += [row] if not hit else [] if mutate is None else [mutate(row)]
            return out

        found[table] = change
    return found


SEEDS = st.lists(
    st.tuples(st.sampled_from(sorted(MUTATIONS)), st.integers(0, 5), st.integers(2, 12), st.integers(0, 50)),
    min_size=1,
    max_size=4,
    unique_by=lambda seed: seed[0],
)


@given(SEEDS, DAYS, DAYS, st.booleans())
@settings(max_examples=12)
def test_two_releases(release, scorer_at, altered, methodology, seeds, one, other, reversed_axes):
    tables = altered_tables(seeds)
    if reversed_axes:  # other rows on every axis
        for table in SHUFFLED:
            before = tables.get(table, list)
            tables[table] = lambda rows, before=before: list(reversed(before(rows)))
    check(scorer_at(one), scoring.Scorer(altered(release, set=tables), other, methodology))


@given(DAYS)
@settings(max_examples=5)
def test_nothing_between_a_state_and_itself(release, methodology, day):
    one, same = (scoring.Scorer(release, day, methodology) for _ in range(2))
    assert attribute(one, same).items == []
    changes = what_changed(one, same)
    assert (changes.rows, changes.causes, changes.by_kind) == ([], {}, {})


def test_other_companies_change_nothing(release, altered, methodology):
    """Attributions of a company are the same in a universe of every third company."""
    one, other = (scoring.Scorer(release, day, methodology) for day in ("2023-01-31", "2025-06-30"))
    few = altered(release, set={"companies": lambda rows: rows[::3]})
    # Listings of companies that are gone are gone too.
    kept = set(few.columns("companies")["company_id"])
    few = altered(few, set={"listings": lambda rows: [row for row in rows if row["company_id"] in kept]})
    here = attribute(one, other)
    there = attribute(*(scoring.Scorer(few, day, methodology) for day in ("2023-01-31", "2025-06-30")))
    places = [here.company_ids.index(name) for name in there.company_ids]
    rows = {(item.kind, item.key): points[places] for item, points in zip(here.items, here.points, strict=True)}
    for item, points in zip(there.items, there.points, strict=True):
        np.testing.assert_allclose(points, rows[item.kind, item.key], rtol=0, atol=1e-9)


def test_every_kind_is_met_by_these_properties(release, scorer_at, altered, methodology):
    """A property that never meets a kind of cause says nothing about it."""
    everything = [(table, which, 3, which) for which in range(2) for table in MUTATIONS]
    seeds = {seed[0]: seed for seed in everything}
    other = altered(release, set=altered_tables(list(seeds.values())))
    changed = methodology.model_copy(update={"timing": "effective", "china_share": "structural"})
    found = check(
        scorer_at("2024-01-31"),
        scoring.Scorer(other, "2025-06-30", changed, "match-act-enacted"),
    )
    assert {item.kind for item in found.items} == set(KINDS)
