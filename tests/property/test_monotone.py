"""A score stays within 0..100 and never falls when an exposure, a stringency or a dependence rises."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.score.evaluation import evaluate
from scoring.scorer import Scorer
from tests.conftest import METHODOLOGY

FIRST, LAST = dt.date(2012, 1, 1), dt.date(2026, 7, 31)
dates = st.dates(FIRST, LAST)
lift = st.floats(0.01, 1)
# Sums of some hundred products: a difference below this is rounding.
ROUNDING = 1e-9


def raised(array, lift, where=slice(None)):
    """Copy with some entries moved a part of the way to 1."""
    higher = array.copy()
    higher[where] += lift * (1 - higher[where])
    return higher


def assert_not_lower(before, after):
    for one, other in ((before.score, after.score), (before.floor, after.floor)):
        known = ~np.isnan(one)
        assert (other[known] >= one[known] - ROUNDING).all()
        assert (np.isnan(one) == np.isnan(other)).all()


@given(as_of=dates)
@settings(max_examples=60)
def test_everything_is_within_its_scale(scorer_at, as_of):
    e = scorer_at(as_of).evaluation
    exposures = [e.market, e.segment_china, e.restricted.now, e.restricted.aligned, e.control.now, e.control.gap]
    exposures += [e.control.total, e.retaliation.mineral, e.retaliation.supply, e.retaliation.access]
    exposures += [e.retaliation.total, e.force.latent]
    for values in exposures:
        known = values[~np.isnan(values)]
        assert (known >= 0).all()
        assert (known <= 1 + 1e-12).all()
    for values in (e.score, e.floor):
        known = values[~np.isnan(values)]
        assert (known >= 0).all()
        assert (known <= 100 + 1e-9).all()
    assert (np.nanmax(e.force.latent) if e.force.latent.size else 0) < 0.4
    # A company has a score, a floor, or neither.
    assert not (~np.isnan(e.score) & ~np.isnan(e.floor)).any()


@given(as_of=dates, lift=lift, data=st.data())
@settings(max_examples=40)
def test_china_share(scorer_at, replace, as_of, lift, data):
    """The company's own share; segments that disclose theirs are scaled with it (section 0)."""
    before = scorer_at(as_of).evaluation
    facts = before.facts
    known = np.flatnonzero(~np.isnan(before.score) & (before.market < 1))
    if not known.size:
        return
    chosen = data.draw(st.lists(st.sampled_from(known.tolist()), min_size=1, max_size=20, unique=True))
    after = evaluate(replace(facts, "china", latest=raised(facts.china.latest, lift, chosen)), before.methodology)
    assert_not_lower(before, after)
    # It must really count: for the companies chosen the score rises, for the others nothing changes.
    moved = [i for i in chosen if after.market[i] - before.market[i] > 1e-6]
    assert (after.score[moved] > before.score[moved]).all()
    others = np.setdiff1d(np.arange(facts.country.size), chosen)
    assert np.array_equal(after.score[others], before.score[others], equal_nan=True)


@given(as_of=dates, lift=lift, data=st.data())
@settings(max_examples=40)
def test_fraction_of_a_family_that_is_caught(scorer_at, replace, as_of, lift, data):
    before = scorer_at(as_of).evaluation
    rules = before.facts.rules
    entry = data.draw(st.integers(0, rules.entry_fraction.size - 1))
    facts = replace(before.facts, "rules", entry_fraction=raised(rules.entry_fraction, lift, entry))
    after = evaluate(facts, before.methodology)
    assert_not_lower(before, after)
    assert (after.restricted.aligned >= before.restricted.aligned - ROUNDING).all()


@given(as_of=dates, lift=lift, data=st.data())
@settings(max_examples=60)
def test_dependence_on_a_mineral(scorer_at, replace, as_of, lift, data):
    before = scorer_at(as_of).evaluation
    mineral = before.facts.mineral
    change = data.draw(st.sampled_from(["criticality", "substitutability", "supply_share", "import_share"]))
    array = getattr(mineral, change)
    cell = tuple(data.draw(st.integers(0, size - 1)) for size in array.shape)
    higher = array.copy()
    if change == "substitutability":
        higher[cell] *= 1 - lift  # a dependence rises as its substitutes vanish
    else:
        higher[cell] += lift * (1 - higher[cell])
    after = evaluate(replace(before.facts, "mineral", **{change: higher}), before.methodology)
    assert_not_lower(before, after)
    assert not (after.retaliation.mineral < before.retaliation.mineral - ROUNDING).any()


STRINGENCIES = [
    *(f"control_stringency/{word}" for word in ("notification", "licence-required", "case-by-case")),
    *(f"control_stringency/{word}" for word in ("presumption-of-approval", "presumption-of-denial")),
    *(f"supply_stringency/{word}" for word in ("presumption-of-approval", "licence-required", "informal-embargo")),
    *(f"access_stringency/{word}" for word in ("listing", "procurement-ban", "investigation", "informal-embargo")),
    *(f"latent_threat/severity/{word}" for word in ("threat", "formal-control", "listing", "tariff")),
    *(f"vulnerability/{group}" for group in ("consumer", "semiconductors", "transport", "semiconductor-equipment")),
    "latent_threat/maximum",
    "latent_threat/worldwide_share",
    "alignment_probability/default",
    "unknown_import_share",
]


@pytest.mark.parametrize("path", STRINGENCIES)
@pytest.mark.parametrize("as_of", ["2018-03-05", "2023-12-28", "2025-10-15", "2026-07-31"])
def test_stringency(scorer_at, vary, path, as_of):
    before = scorer_at(as_of).evaluation
    value = before.methodology
    for part in path.split("/"):
        value = value[part] if isinstance(value, dict) else getattr(value, part)
    scores = [before]
    for part in (0.3, 1.0):
        methodology = vary(before.methodology, path, value.value + part * (1 - min(value.value, 1)))
        scores.append(evaluate(before.facts, methodology))
    for lower, higher in itertools.pairwise(scores):
        assert_not_lower(lower, higher)


@pytest.mark.parametrize(
    ("path", "as_of"),
    [
        ("control_stringency/presumption-of-denial", "2024-09-02"),
        ("supply_stringency/licence-required", "2024-09-02"),
        ("access_stringency/procurement-ban", "2024-09-02"),
        ("latent_threat/severity/formal-control", "2024-09-02"),
        ("vulnerability/semiconductors", "2024-09-02"),
        ("latent_threat/maximum", "2026-07-31"),
        ("latent_threat/worldwide_share", "2024-09-02"),
        ("alignment_probability/default", "2024-09-02"),
        ("unknown_import_share", "2024-09-02"),
    ],
)
def test_stringency_matters(scorer_at, vary, path, as_of):
    """No parameter of these is dead: a tenth less lowers some score."""
    before = scorer_at(as_of).evaluation
    value = before.methodology
    for part in path.split("/"):
        value = value[part] if isinstance(value, dict) else getattr(value, part)
    after = evaluate(before.facts, vary(before.methodology, path, 0.9 * value.value))
    assert (after.score < before.score - 1e-6).any()


@pytest.mark.parametrize("least", [0.0, 1e-9, 0.05])
def test_a_general_licence_eases_however_weak_it_is(scorer_at, vary, least):
    """A measure that names the country prevails, also where the methodology gives it no force at all."""
    before = scorer_at("2026-07-31").evaluation
    methodology = vary(before.methodology, "supply_stringency/presumption-of-approval", least)
    methodology = vary(methodology, "latent_threat/maximum", 0.0)
    after = evaluate(before.facts, methodology)
    gallium, us = before.facts.minerals.index("gallium"), before.facts.countries.index("US")
    assert after.force.supply.mineral.value[gallium, us] == least


@given(
    as_of=dates,
    country=st.sampled_from(["JP", "US", "KR", "NL", "EU", "WW"]),
    kind=st.sampled_from(["threat", "tariff", "formal-control", "prohibition"]),
    days=st.integers(0, 4000),
)
@settings(max_examples=20)
def test_another_coercive_act(release, scorer_at, altered, as_of, country, kind, days):
    before = scorer_at(as_of).evaluation
    act = {
        "event_id": "another",
        "date": as_of - dt.timedelta(days=days),
        "target_country": country,
        "severity_kind": kind,
    }
    after = Scorer(altered(release, add={"coercion_events": [act]}), as_of, METHODOLOGY).evaluation
    assert_not_lower(before, after)
    j = after.facts.countries.index("NL" if country in {"EU", "WW"} else country)
    assert after.force.latent[j] > before.force.latent[j]


@given(
    as_of=dates,
    imposer=st.sampled_from(["US", "JP", "NL", "KR", "TW", "EU"]),
    reach=st.sampled_from(["home-exports", "extraterritorial"]),
    fraction=st.floats(0.01, 1),
)
@settings(max_examples=20)
def test_another_package_of_controls(release, scorer_at, altered, as_of, imposer, reach, fraction):
    before = scorer_at(as_of).evaluation
    rule = {
        "rule_id": "another",
        "imposed_by": imposer,
        "announced": as_of,
        "effective_from": as_of,
        "effective_to": None,
        "end_announced": None,
        "measure": "presumption-of-denial",
        "reach": reach,
        "bound_countries": None,
        "exempt_countries": None,
        "covers_servicing": True,
        "status": "confirmed",
    }
    families = before.facts.families
    caught = [{"product_family": f, "rule_id": "another", "fraction": fraction} for f in families]
    after = Scorer(altered(release, add={"rules": [rule], "family_rules": caught}), as_of, METHODOLOGY).evaluation
    assert_not_lower(before, after)
    scored = ~np.isnan(before.score) & (before.market > 0.01)
    assert (after.control.total[scored] > before.control.total[scored]).any() or not scored.any()
