"""Whom a package binds, and how packages combine, with packages written by hand in place of the release's."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from scoring.exposure.control import restrictions
from scoring.facts.facts import Facts
from scoring.methodology import load_methodology
from scoring.score.evaluation import evaluate
from scoring.score.leaves import CONTROL, leaves

AS_OF = dt.date(2024, 9, 2)
FAMILY = "etch"
DENIAL, LICENCE = 0.9, 0.5


def package(rule_id, imposed_by, **change):
    return {
        "rule_id": rule_id,
        "imposed_by": imposed_by,
        "announced": dt.date(2024, 1, 1),
        "effective_from": dt.date(2024, 1, 1),
        "effective_to": None,
        "end_announced": None,
        "measure": "presumption-of-denial",
        "reach": "home-exports",
        "bound_countries": None,
        "exempt_countries": None,
        "covers_servicing": False,
        "status": "confirmed",
        **change,
    }


@pytest.fixture
def restricted(release, altered):
    """Restricted fractions of one family under some packages: (country, service) -> now, and service -> aligned."""

    def compute(*packages, fraction=0.1, fractions=None):
        table = release.table("rules").slice(0, 1).to_pylist()[0]
        template = release.table("family_rules").slice(0, 1).to_pylist()[0]
        caught = [
            {**template, "product_family": FAMILY, "rule_id": p["rule_id"], "fraction": f}
            for p, f in zip(packages, fractions or [fraction] * len(packages), strict=True)
        ]
        own = altered(
            release, set={"rules": lambda _: [{**table, **p} for p in packages], "family_rules": lambda _: caught}
        )
        facts = Facts(own, AS_OF)
        found = restrictions(facts, load_methodology("2026.1").parameters)
        family = facts.families.index(FAMILY)

        def now(country, service=0):
            return pytest.approx(found.now[service, family, facts.countries.index(country)], abs=1e-12)

        return now, found.aligned[:, family]

    return compute


def test_home_exports_bind_the_imposers_own_exporters(restricted):
    now, aligned = restricted(package("x", "JP"))
    assert now("JP") == 0.1 * DENIAL
    assert now("US") == now("NL") == 0
    assert aligned[0] == pytest.approx(0.1 * DENIAL)


def test_the_union_binds_its_members(restricted):
    now, _ = restricted(package("x", "EU"))
    assert now("NL") == now("DE") == now("MT") == 0.09
    assert now("GB") == now("US") == 0


def test_home_exports_bind_countries_that_are_named(restricted):
    now, _ = restricted(package("x", "US", bound_countries="JP;KR"))
    assert now("US") == now("JP") == now("KR") == 0.09
    assert now("NL") == 0


def test_extraterritorial_rules_bind_all_but_the_imposer_and_the_exempt(restricted):
    now, _ = restricted(package("x", "US", reach="extraterritorial", exempt_countries="JP;EU"))
    assert now("KR") == now("TW") == 0.09
    assert now("US") == now("JP") == now("NL") == 0


def test_extraterritorial_rules_that_name_countries_bind_only_those(restricted):
    now, _ = restricted(package("x", "US", reach="extraterritorial", bound_countries="KR;TW", exempt_countries="KR"))
    assert now("KR") == now("TW") == 0.09
    assert now("US") == now("JP") == 0


def test_a_member_of_the_imposing_union_is_at_home(restricted):
    now, _ = restricted(package("x", "EU", reach="extraterritorial"))
    assert now("NL") == 0
    assert now("US") == 0.09


def test_packages_of_one_imposer_add(restricted):
    now, _ = restricted(package("x", "US"), package("y", "US", measure="licence-required"), fractions=[0.2, 0.3])
    assert now("US") == 0.2 * DENIAL + 0.3 * LICENCE


def test_the_sum_of_one_imposer_is_capped(restricted):
    now, aligned = restricted(package("x", "US"), package("y", "US"), fractions=[0.8, 0.7])
    assert now("US") == 1
    assert aligned[0] == 1


def test_imposers_overlap_and_the_strictest_counts(restricted):
    now, aligned = restricted(
        package("x", "JP", measure="licence-required"),
        package("y", "US", reach="extraterritorial"),
        package("z", "US", reach="extraterritorial"),
        fractions=[0.3, 0.1, 0.05],
    )
    assert now("JP") == 0.15  # Japan's own 0.3 x 0.5, not the 0.15 x 0.9 from outside, and not both
    assert now("KR") == 0.15 * DENIAL
    assert aligned[0] == pytest.approx(0.15)


def test_service_is_touched_only_by_packages_that_cover_it(restricted):
    now, aligned = restricted(
        package("x", "NL"), package("y", "NL", covers_servicing=True, measure="licence-required"), fractions=[0.4, 0.2]
    )
    assert now("NL", service=0) == 0.4 * DENIAL + 0.2 * LICENCE
    assert now("NL", service=1) == 0.2 * LICENCE
    assert aligned.tolist() == pytest.approx([0.46, 0.1])


def test_an_ally_is_who_imposes_or_is_named_by_now(restricted):
    """Singapore is bound by an extraterritorial rule like everyone; it becomes an ally once a rule names it."""
    outside = package("x", "US", reach="extraterritorial")
    now, aligned = restricted(outside)
    assert now("JP") == 0.09
    assert aligned[0] == 0  # the United States bind everyone but themselves, and no one else is an ally yet
    _, aligned = restricted(outside, package("y", "JP"), fractions=[0.1, 0.0])
    assert aligned[0] == pytest.approx(0.09)
    _, aligned = restricted(outside, package("y", "JP", announced=dt.date(2024, 9, 3)), fractions=[0.1, 0.0])
    assert aligned[0] == 0


@pytest.fixture
def evaluated(release, altered):
    """Evaluation under some packages that each catch a fraction of one family."""

    def compute(packages, family, fractions):
        table = release.table("rules").slice(0, 1).to_pylist()[0]
        template = release.table("family_rules").slice(0, 1).to_pylist()[0]
        caught = [
            {**template, "product_family": family, "rule_id": p["rule_id"], "fraction": f}
            for p, f in zip(packages, fractions, strict=True)
        ]
        own = altered(
            release, set={"rules": lambda _: [{**table, **p} for p in packages], "family_rules": lambda _: caught}
        )
        return evaluate(Facts(own, AS_OF), load_methodology("2026.1"))

    return compute


def test_the_home_jurisdiction_may_be_stricter_than_any_ally(evaluated):
    """Korea is bound from outside and no ally yet: no one is an example to follow, and the gap is zero."""
    evaluation = evaluated([package("x", "US", reach="extraterritorial")], "dram", [0.5])
    control, i = evaluation.control, evaluation.facts.company_ids.index("sk-hynix")
    mine = np.flatnonzero(evaluation.facts.segments.company == i)
    dram = [k for k in mine if evaluation.facts.families[evaluation.facts.segments.family[k]] == "dram"]
    assert control.now[i] == pytest.approx(sum(evaluation.china_revenue[k] for k in dram) * 0.5 * DENIAL, abs=1e-12)
    assert control.now[i] > 0.01
    assert control.gap[i] == 0
    assert control.total[i] == control.now[i]


def test_leaves_share_out_a_sum_that_is_capped(evaluated):
    """Two packages of 0.9 x 0.9 each catch more than everything: each leaf has half of it."""
    packages = [package("x", "US"), package("y", "US")]
    evaluation = evaluated(packages, FAMILY, [0.9, 0.9])
    i = evaluation.facts.company_ids.index("lam-research")
    segments = evaluation.facts.segments
    [k] = [
        k
        for k in np.flatnonzero(segments.company == i)
        if evaluation.facts.families[segments.family[k]] == FAMILY and not segments.service[k]
    ]
    table = leaves(evaluation)
    mine = (table.company == i) & (table.kind == CONTROL)
    assert evaluation.control.now[i] == pytest.approx(evaluation.china_revenue[k], abs=1e-12)
    assert table.exposure[mine] == pytest.approx([evaluation.china_revenue[k] / 2] * 2, abs=1e-12)


@pytest.mark.parametrize("measure", ["notification", "presumption-of-approval", "case-by-case", "prohibition"])
def test_stringency_comes_from_the_codebook(restricted, measure):
    expected = {"notification": 0.1, "presumption-of-approval": 0.2, "case-by-case": 0.5, "prohibition": 1.0}
    now, _ = restricted(package("x", "JP", measure=measure), fraction=0.5)
    assert now("JP") == 0.5 * expected[measure]
