"""Changes worked out by hand: Lam Research from 2022-10-06 to 2022-10-24, one package of rules and one filing.

The numbers are cells of data/reference/*.csv and values of data/methodology/2026.1.yaml. The state before is worked out
in cases/lam-research-2022-10-06.yaml, the state with the rule alone in cases/lam-research-2022-10-12.yaml. No act of
China toward the United States is known by then, so the retaliation exposure is 0 throughout.
"""

from math import sqrt

import pytest

import scoring
from scoring.changes.compare import what_changed

START, END = "2022-10-06", "2022-10-24"
RULE, FILING = "rules/us-2022-10-07-sme-home", "revenue/lam-research"

# revenue.csv lam-research: china_share of fiscal 2021, and of fiscal 2022, known by 2022-10-24
OLD, NEW = 0.35, 0.31
# business_mix.csv from 2015-01-01: share; r of the United States, phi * rho: before, and what the rule adds;
# r of the strictest ally before (South Korea's base list, 0.02 * 0.5). With the rule, no ally is stricter.
SEGMENTS = [
    (0.3807, 0.0099 * 0.5, 0.264 * 0.9, 0.02 * 0.5),  # etch
    (0.17, 0.0066 * 0.5, 0.154 * 0.9, 0.02 * 0.5),  # deposition-cvd-ald
    (0.05, 0.006 * 0.5, 0.144 * 0.9, 0.006 * 0.5),  # deposition-pvd
    (0.04, 0.0, 0.0825 * 0.9, 0.02 * 0.5),  # wafer-cleaning
    (0.3593, 0.01 * 0.5, 0.09 * 0.9, 0.01 * 0.5),  # semicap-services
]


def score(share, *, with_rule):
    """Score with a China share, with and without the rule."""
    control = 0.0
    for w, base, added, ally in SEGMENTS:
        now = base + added if with_rule else base
        control += w * share * (now + 0.3 * max(ally - now, 0.0))
    market = (1 - 2 ** (-share / 0.25)) / (1 - 2 ** (-1 / 0.25))
    restricted = (1 - 2 ** (-control / 0.10)) / (1 - 2 ** (-1 / 0.10))
    return 100 * sqrt(0.40 * market**2 + 0.35 * restricted**2)


# The four states that the two walks pass: the filing first, then the rule; and the rule first, then the filing.
BEFORE = score(OLD, with_rule=False)
FILED = score(NEW, with_rule=False)
RULED = score(OLD, with_rule=True)
AFTER = score(NEW, with_rule=True)
OF_FILING = ((FILED - BEFORE) + (AFTER - RULED)) / 2
OF_RULE = ((AFTER - FILED) + (RULED - BEFORE)) / 2


@pytest.fixture(scope="module")
def changes(release):
    return what_changed(scoring.Scorer(release, START, "2026.1"), scoring.Scorer(release, END, "2026.1"), ["LRCX"])


def test_ends(changes, near):
    (row,) = changes.rows
    near([row.score_from, row.score_to, row.delta], [BEFORE, AFTER, AFTER - BEFORE])
    assert [round(value, 2) for value in (BEFORE, FILED, RULED, AFTER)] == [41.91, 38.91, 45.9, 42.43]


def test_the_rule_and_the_filing_share_the_move(changes, near):
    (row,) = changes.rows
    points = {one.cause: one.points for one in row.attributions}
    assert set(points) == {RULE, FILING}
    near(points[RULE], OF_RULE)
    near(points[FILING], OF_FILING)
    assert (round(OF_RULE, 2), round(OF_FILING, 2)) == (3.76, -3.23)
    near(sum(points.values()), AFTER - BEFORE)


def test_each_cause_has_its_fact_and_source(changes, release):
    rule, filing = changes.causes[RULE], changes.causes[FILING]
    assert (rule.kind, rule.change) == ("rule", "added")
    assert rule.label.startswith("October 2022 rule: chip-making items")
    assert str(rule.known_from) == "2022-10-07"
    assert rule.source.source_id in release.source_index
    assert (filing.kind, filing.change, filing.company_id) == ("revenue", "changed", "lam-research")
    assert (filing.value_from, filing.value_to, str(filing.known_from)) == (OLD, NEW, "2022-10-24")
    assert filing.statement.startswith("31.0% of revenue from")
    assert filing.source.url
