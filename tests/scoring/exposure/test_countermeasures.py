"""Which of China's measures is felt, with measures and acts written by hand in place of the release's."""

from __future__ import annotations

import datetime as dt
from math import exp

import numpy as np
import pytest

from scoring.exposure.force import access_drivers, force, latent_threat, supply_drivers
from scoring.exposure.leverage import leverage
from scoring.facts.facts import Facts
from scoring.methodology import load_methodology

AS_OF = dt.date(2026, 1, 31)
MINERAL, OTHER = "neodymium-praseodymium", "gallium"


def measure(kind, subject, target, word, side="supply"):
    return {
        "measure_id": f"{side}-{subject}-{target}-{word}",
        "side": side,
        "subject_kind": kind,
        "subject": subject,
        "target": target,
        "announced": dt.date(2026, 1, 1),
        "effective_from": dt.date(2026, 1, 1),
        "effective_to": None,
        "end_announced": None,
        "measure": word,
        "status": "confirmed",
    }


def act(date, country, kind="formal-control"):
    return {"event_id": f"{date}-{country}", "date": date, "target_country": country, "severity_kind": kind}


@pytest.fixture
def world(release, altered):
    def compile_(measures=(), acts=()):
        one = release.table("countermeasures").slice(0, 1).to_pylist()[0]
        event = release.table("coercion_events").slice(0, 1).to_pylist()[0]
        # A table is never empty: one row that is long over stands in.
        past = {**measure("mineral", MINERAL, "WW", "prohibition"), "measure_id": "past"}
        past |= {"effective_to": dt.date(2026, 1, 1)}
        changed = altered(
            release,
            set={
                "countermeasures": lambda _: [{**one, **m} for m in (past, *measures)],
                "coercion_events": lambda _: [{**event, **a} for a in (act(dt.date(2090, 1, 1), "US"), *acts)],
            },
        )
        return Facts(changed, AS_OF)

    return compile_


def felt(facts, company, mineral=MINERAL):
    """Forces kappa that the company's segments feel in a mineral."""
    mine = np.flatnonzero(facts.segments.company == facts.company_ids.index(company))
    needed = np.full(mine.size, facts.minerals.index(mineral))
    acts = force(facts, load_methodology("2026.1").parameters)
    kappa, _ = supply_drivers(facts, acts, facts.segments.family[mine], needed, facts.segments.company[mine])
    return sorted(set(kappa.tolist()))


def shut(facts, company):
    strength, _ = access_drivers(facts, force(facts, load_methodology("2026.1").parameters))
    mine = np.flatnonzero(facts.segments.company == facts.company_ids.index(company))
    return {facts.families[facts.segments.family[k]]: float(strength[k]) for k in mine}


def test_nothing_is_felt_without_a_measure_or_a_threat(world):
    facts = world()
    assert felt(facts, "toyota") == felt(facts, "apple") == [0.0]
    assert set(shut(facts, "apple").values()) == {0.0}


def test_a_worldwide_measure_is_felt_everywhere(world):
    facts = world([measure("mineral", MINERAL, "WW", "licence-required")])
    assert felt(facts, "toyota") == felt(facts, "apple") == felt(facts, "asml") == [0.3]
    assert felt(facts, "toyota", OTHER) == [0.0]


def test_a_ban_that_names_the_country_tightens(world):
    facts = world(
        [measure("mineral", MINERAL, "WW", "licence-required"), measure("mineral", MINERAL, "JP", "prohibition")]
    )
    assert felt(facts, "toyota") == [1.0]
    assert felt(facts, "apple") == [0.3]


def test_a_general_licence_that_names_the_country_eases(world):
    general = measure("mineral", MINERAL, "US", "presumption-of-approval")
    facts = world([measure("mineral", MINERAL, "WW", "licence-required"), general])
    assert felt(facts, "apple") == [0.1]
    assert felt(facts, "toyota") == [0.3]


def test_of_several_that_name_the_country_the_strictest(world):
    facts = world(
        [
            measure("mineral", MINERAL, "US", "presumption-of-approval"),
            measure("mineral", MINERAL, "US", "prohibition"),
            measure("mineral", MINERAL, "WW", "licence-required"),
        ]
    )
    assert felt(facts, "apple") == [1.0]


def test_the_union_stands_for_its_members(world):
    facts = world([measure("mineral", MINERAL, "EU", "informal-embargo")])
    assert felt(facts, "asml") == [0.7]
    assert felt(facts, "toyota") == [0.0]


def test_a_measure_on_the_country_is_felt_in_minerals_under_a_measure(world):
    on_japan = measure("country", "JP", "JP", "case-by-case")
    alone = world([on_japan])
    assert felt(alone, "toyota") == felt(alone, "toyota", OTHER) == [0.0]
    # Any measure on the mineral will do, also one toward someone else.
    facts = world([on_japan, measure("mineral", MINERAL, "US", "notification")])
    assert felt(facts, "toyota") == [0.3]
    assert felt(facts, "toyota", OTHER) == [0.0]
    assert felt(facts, "apple") == [0.05]


def test_a_measure_on_the_company_is_felt_in_every_mineral_wherever_it_is_at_home(world):
    facts = world([measure("company", "toyota", "US", "prohibition")])
    assert felt(facts, "toyota") == felt(facts, "toyota", OTHER) == [1.0]
    assert felt(facts, "apple") == [0.0]


def test_a_measure_on_a_family_is_felt_in_that_family(world):
    facts = world([measure("product_family", "vehicles-bev", "JP", "informal-embargo")])
    assert felt(facts, "toyota") == [0.0, 0.7]
    named = world(
        [
            measure("product_family", "vehicles-bev", "WW", "prohibition"),
            measure("product_family", "vehicles-bev", "JP", "notification"),
        ]
    )
    assert felt(named, "toyota") == [0.0, 0.05]  # the one that names the country prevails here too


def test_a_company_outside_the_universe_harms_no_one(world):
    facts = world([measure("company", "fn-herstal", "EU", "prohibition")])
    assert felt(facts, "asml") == [0.0]


def test_the_strictest_of_all_kinds_is_felt(world):
    facts = world(
        [
            measure("mineral", MINERAL, "WW", "licence-required"),
            measure("country", "JP", "JP", "presumption-of-approval"),
            measure("company", "toyota", "JP", "informal-embargo"),
            measure("product_family", "vehicles-bev", "JP", "presumption-of-denial"),
        ]
    )
    assert felt(facts, "toyota") == [0.7, 0.9]


def test_access_measures_on_a_family_and_on_a_company(world):
    facts = world(
        [
            measure("product_family", "smartphones", "WW", "procurement-ban", side="access"),
            measure("product_family", "software-services", "US", "tariff", side="access"),
            measure("product_family", "pcs-servers", "JP", "prohibition", side="access"),
            measure("company", "toyota", "JP", "listing", side="access"),
        ]
    )
    assert shut(facts, "apple") == {"smartphones": 0.9, "pcs-servers": 0.0, "software-services": 0.2}
    assert set(shut(facts, "toyota").values()) == {0.5}


def test_the_strictest_access_measure_counts(world):
    facts = world(
        [
            measure("product_family", "smartphones", "US", "notification", side="access"),
            measure("product_family", "smartphones", "WW", "informal-embargo", side="access"),
            measure("company", "apple", "US", "listing", side="access"),
        ]
    )
    assert shut(facts, "apple") == {"smartphones": 0.7, "pcs-servers": 0.5, "software-services": 0.5}


def test_access_measures_do_not_touch_supply_nor_the_reverse(world):
    facts = world(
        [
            measure("company", "apple", "US", "prohibition", side="access"),
            measure("mineral", MINERAL, "US", "prohibition"),
        ]
    )
    assert felt(facts, "apple", OTHER) == [0.0]
    facts = world([measure("company", "apple", "US", "prohibition")])
    assert set(shut(facts, "apple").values()) == {0.0}


def test_the_latent_threat(world):
    day = dt.timedelta(days=1)
    facts = world(acts=[act(AS_OF, "JP"), act(AS_OF - 1096 * day, "WW", "prohibition"), act(AS_OF, "EU", "threat")])
    latent = latent_threat(facts, load_methodology("2026.1").parameters)

    def toward(country):
        return latent[facts.countries.index(country)]

    world_part = 0.25 * 1.5 * 2 ** (-(1096 / 365.25) / 3)
    assert toward("US") == pytest.approx(0.4 * (1 - exp(-world_part / 6)), abs=1e-12)
    assert toward("JP") == pytest.approx(0.4 * (1 - exp(-(1 + world_part) / 6)), abs=1e-12)
    assert toward("NL") == pytest.approx(0.4 * (1 - exp(-(0.3 + world_part) / 6)), abs=1e-12)


def test_an_act_counts_from_its_day_and_never_saturates(world):
    eve = world(acts=[act(AS_OF + dt.timedelta(days=1), "JP")])
    assert latent_threat(eve, load_methodology("2026.1").parameters).max() == 0
    many = world(acts=[{**act(AS_OF, "JP", "prohibition"), "event_id": f"e{i}"} for i in range(60)])
    latent = latent_threat(many, load_methodology("2026.1").parameters)[many.countries.index("JP")]
    assert 0.3999 < latent < 0.4


def test_a_threat_is_felt_where_no_measure_is_stronger(world):
    facts = world([measure("mineral", MINERAL, "WW", "licence-required")], [act(AS_OF, "JP"), act(AS_OF, "US")])
    latent = 0.4 * (1 - exp(-1 / 6))
    assert felt(facts, "toyota") == [0.3]
    assert felt(facts, "toyota", OTHER) == [pytest.approx(latent)]
    assert shut(facts, "toyota")["vehicles-bev"] == pytest.approx(0.3 * latent)
    assert shut(facts, "apple")["smartphones"] == pytest.approx(0.3 * latent)


def test_leverage_without_a_measured_import_share(world, scorer_at):
    facts = scorer_at("2024-09-02").evaluation.facts
    reach = leverage(facts, load_methodology("2026.1").parameters)
    gallium, helium = facts.minerals.index("gallium"), facts.minerals.index("helium")
    jp = facts.countries.index("JP")
    assert np.isnan(facts.mineral.import_share[gallium, jp])
    assert reach[gallium, jp] == pytest.approx(0.99 * 0.5**0.5)
    assert np.isnan(reach[helium]).all()


def test_no_exposure_passes_its_leverage(scorer_at):
    evaluation = scorer_at("2026-07-31").evaluation
    reach = leverage(evaluation.facts, evaluation.parameters)[:, evaluation.facts.country].T
    known = ~np.isnan(reach) & ~np.isnan(evaluation.retaliation.mineral)
    assert (evaluation.retaliation.mineral[known] <= reach[known] + 1e-12).all()
