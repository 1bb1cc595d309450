"""Scenarios worked out by hand: what changes, and by how much.

Only what a scenario touches is worked out again; everything else is the base score's, which cases/ works out. Numbers
are cells of data/reference/*.csv, data/scenarios/*.yaml and values of data/methodology/2026.1.yaml.
"""

from math import exp, prod, sqrt

import numpy as np
import pytest

import scoring


@pytest.fixture
def both(release, near):
    """Rows of a company without and with a scenario; what the scenario does not touch is checked to be the same."""

    def rows(company, as_of, scenario, *, same):
        before, after = (
            {
                name: column[0]
                for name, column in scoring.Scorer(release, as_of, "2026.1", scenario=s).columns([company]).items()
            }
            for s in (None, scenario)
        )
        assert after["scenario"] == scenario
        near([after[name] for name in same], [before[name] for name in same])
        return before, after

    return rows


def u(x, h):
    return (1 - 2 ** (-x / h)) / (1 - 2 ** (-1 / h))


def score(market, control, retaliation):
    squares = 0.40 * u(market, 0.25) ** 2 + 0.35 * u(control, 0.10) ** 2 + 0.25 * u(retaliation, 0.20) ** 2
    return 100 * sqrt(squares)


# Servicing. Japan's exporters face what US exporters face for service revenue (semicap-services), phi * rho:
#   JP: jp-2023-07-23-programs-parts 0.08 * 0.5 = 0.04
#   US: smic-entity-list 0.01 * 0.5 + 2022-10-07-sme-home 0.09 * 0.9 + 2022-12-16-entity-list 0.01 * 0.9
#       + 2024-12-02-entity-list 0.09 * 0.9 = 0.176
# The Dutch packages and the European one face less; the greater of JP's own and the adopted US packages binds.
SERVICE_OWN = 0.08 * 0.5
SERVICE_ADOPTED = 0.01 * 0.5 + 0.09 * 0.9 + 0.01 * 0.9 + 0.09 * 0.9


@pytest.mark.parametrize(
    ("company", "service", "market", "delta"),
    [
        # business_mix.csv or segments.csv: share of semicap-services; revenue.csv: china_share on 2026-07-31
        ("tokyo-electron", 0.2214, 0.417, 0.70),
        ("screen-holdings", 0.16, 0.19, 0.16),
        ("kokusai-electric", 0.30, 0.53, 1.28),
    ],
)
def test_japan_matches_the_servicing_ban(both, near, company, service, market, delta):
    before, after = both(
        company, "2026-07-31", "jp-matches-us-servicing-ban", same=["market", "retaliation", "china_share"]
    )
    near(before["market"], market)
    # All of the rise was part of the alignment gap, which counted at 0.3 and is closed now.
    rise = service * market * (SERVICE_ADOPTED - SERVICE_OWN)
    near(after["control_now"], before["control_now"] + rise)
    near(after["alignment_gap"], before["alignment_gap"] - rise)
    near(after["control"], before["control"] + 0.7 * rise)
    near(after["score"], score(market, before["control"] + 0.7 * rise, before["retaliation"]))
    assert round(after["score"] - before["score"], 2) == delta


def test_the_servicing_ban_of_japan_leaves_asml_alone(both):
    columns = ["market", "control", "retaliation", "score"]
    both("asml", "2026-07-31", "jp-matches-us-servicing-ban", same=columns)


def test_match_act_and_asml(both, near):
    """A US prohibition that binds exporters of the Netherlands among others, on top of what binds them already.

    Columns: w, r that binds NL before, r under the Act, r of the strictest ally before, and under it. c = M = 0.33.
    Before, arf-immersion: NL nl-2024-09-07 and nl-2024-01-24-immersion-denial, summed; the Act 1.0 * 1.0 is greater.
    For metrology and service the Act adds 0.40 * 1.0 to what US packages put on US exporters (0.176 each): 0.576.
    """
    before, after = both("asml", "2026-07-31", "match-act-enacted", same=["market", "retaliation"])
    segments = [
        # family, w, before, after, ally before, ally after
        ("litho-euv", 0.330633, 1.0, 1.0, 1.0, 1.0),
        ("litho-arf-immersion", 0.245625, 0.305, 1.0, 0.305, 1.0),
        ("litho-duv-dry", 0.124212, 0.0, 0.0, 0.014, 0.014),
        ("metrology-inspection", 0.028303, 0.05, 0.40, 0.176, 0.576),
        ("semicap-services", 0.271227, 0.05, 0.40, 0.176, 0.576),
    ]
    near(sum(w for _, w, *_ in segments), 1.0)
    for row, now, ally in ((before, 2, 4), (after, 3, 5)):
        c_now = sum(s[1] * 0.33 * s[now] for s in segments)
        gap = sum(s[1] * 0.33 * (s[ally] - s[now]) for s in segments)
        near(row["control_now"], c_now)
        near(row["alignment_gap"], gap)
        near(row["score"], score(0.33, c_now + 0.3 * gap, row["retaliation"]))
    assert round(after["score"] - before["score"], 2) == 6.81


# Rare earths. On 2024-09-02 no measure is on them, and the latent threat toward Japan is felt (worked out in
# cases/tokyo-electron-2024-09-02.yaml); the scenario's informal embargo has force 0.7.
EVENTS = [
    (5095, 1, 0.8), (5092, 1, 0.3), (427, 0.25, 1), (399, 0.25, 1), (375, 1, 1.5), (307, 0.25, 1), (256, 0.25, 1),
    (126, 1, 0.3), (18, 0.25, 1), (0, 1, 0.3),
]  # fmt: skip
LATENT = 0.4 * (1 - exp(-sum(a * severity * 2 ** (-(days / 365.25) / 3) for days, a, severity in EVENTS) / 6))
EMBARGO = 0.7

# mineral_imports.csv 2022, JP, codes 280530 and 284690 by value; minerals.csv: p, the larger of mined and refined.
Q = (0.589194 * 588191.111 + 0.67861 * 436777.847) / (588191.111 + 436777.847)
LEVERAGE = {
    "neodymium-praseodymium": sqrt(0.91 * Q),
    "dysprosium-terbium": sqrt(0.999 * Q),
    "samarium": sqrt(0.91 * Q),
    "gadolinium": sqrt(0.91 * Q),
    "yttrium": sqrt(0.9 * Q),
    "other-heavy-rare-earths": sqrt(0.91 * Q),
}
# w * d * (1 - sigma) summed over segments: business_mix.csv and family_minerals.csv.
RESTS_ON = {
    "toyota": {
        "neodymium-praseodymium": 0.91 * 0.6 * (1 - 0.2) + 0.013 * 0.8 * (1 - 0.2),
        "dysprosium-terbium": 0.91 * 0.55 * (1 - 0.25) + 0.013 * 0.7 * (1 - 0.2),
        "yttrium": 0.91 * 0.15 * (1 - 0.3),
    },
    "honda": {
        "neodymium-praseodymium": 0.823 * 0.6 * (1 - 0.2) + 0.02 * 0.3 * (1 - 0.3),
        "dysprosium-terbium": 0.823 * 0.55 * (1 - 0.25),
        "yttrium": 0.823 * 0.15 * (1 - 0.3),
    },
    "tdk": {
        "neodymium-praseodymium": 0.34 * 0.15 * (1 - 0.3) + 0.08 * 0.85 * (1 - 0.05) + 0.021 * 0.95 * (1 - 0.03),
        "dysprosium-terbium": 0.34 * 0.5 * (1 - 0.1) + 0.08 * 0.3 * (1 - 0.3) + 0.021 * 0.7 * (1 - 0.25),
        "samarium": 0.021 * 0.3 * (1 - 0.1),
        "gadolinium": 0.021 * 0.1 * (1 - 0.6),
        "yttrium": 0.34 * 0.45 * (1 - 0.1),
        "other-heavy-rare-earths": 0.34 * 0.5 * (1 - 0.1),
    },
    "nidec": {
        "neodymium-praseodymium": 0.35 * 0.85 * (1 - 0.1)
        + 0.25 * 0.6 * (1 - 0.2)
        + 0.15 * 0.3 * (1 - 0.3)
        + 0.05 * 0.5 * (1 - 0.15),
        "dysprosium-terbium": 0.35 * 0.55 * (1 - 0.2) + 0.25 * 0.55 * (1 - 0.2) + 0.05 * 0.3 * (1 - 0.25),
        "samarium": 0.35 * 0.15 * (1 - 0.4) + 0.25 * 0.15 * (1 - 0.3),
        "yttrium": 0.25 * 0.1 * (1 - 0.3),
    },
}


@pytest.mark.parametrize(("company", "rises"), [("toyota", 21.32), ("honda", 21.56), ("tdk", 5.13), ("nidec", 13.26)])
def test_china_cuts_rare_earths_to_japan(both, near, company, rises):
    scenario = "china-cuts-rare-earths-to-japan-2010-style"
    same = ["market", "control", "retaliation_access"] if company in ("tdk", "nidec") else []
    before, after = both(company, "2024-09-02", scenario, same=same)
    kept = {  # product of 1 - x over the rare earths, before and under the embargo
        force: prod(1 - LEVERAGE[m] * min(1, rests * force) for m, rests in RESTS_ON[company].items())
        for force in (LATENT, EMBARGO)
    }
    supply = 1 - (1 - before["retaliation_supply"]) * kept[EMBARGO] / kept[LATENT]
    near(after["retaliation_supply"], supply)
    if company in ("tdk", "nidec"):
        retaliation = 1 - (1 - supply) * (1 - before["retaliation_access"])
        near(after["retaliation"], retaliation)
        near(after["score"], score(before["market"], before["control"], retaliation))
        assert round(after["score"] - before["score"], 2) == rises
    else:  # no China share is known: the floor moves
        assert np.isnan(after["score"])
        near(after["score_floor"], score(0, 0, supply))
        assert round(after["score_floor"] - before["score_floor"], 2) == rises


# High-bandwidth memory: 0.95 of the family's China sales are caught; denial 0.9 before, case by case 0.5 when eased.
@pytest.mark.parametrize(
    ("company", "w", "market", "delta"),
    [("sk-hynix", 0.30, 0.464, -5.09), ("samsung-electronics", 0.03, 0.258, -0.08)],
)
def test_curbs_on_high_bandwidth_memory_eased(both, near, company, w, market, delta):
    before, after = both(company, "2026-07-31", "hbm-curbs-eased", same=["market", "retaliation", "alignment_gap"])
    near(before["market"], market)
    fall = w * market * 0.95 * (0.9 - 0.5)
    near(after["control"], before["control"] - fall)
    near(after["score"], score(market, before["control"] - fall, before["retaliation"]))
    assert round(after["score"] - before["score"], 2) == delta


def test_the_end_of_validated_end_users_concerns_tools_and_moves_no_memory_maker(release):
    """us-2025-08-29-veu-revocation has no fraction of any family: it bears on tools bought, not on chips sold."""
    ended = {"scenario_id": "veu", "changes": [{"op": "end_rules", "rule_ids": ["us-2025-08-29-veu-revocation"]}]}
    base, without = (scoring.Scorer(release, "2026-07-31", "2026.1", scenario=s) for s in (None, ended))
    assert without.evaluation.facts.rules.row.size == base.evaluation.facts.rules.row.size - 1
    assert np.array_equal(base.evaluation.score, without.evaluation.score, equal_nan=True)
