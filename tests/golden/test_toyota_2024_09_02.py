"""Toyota Motor Corp as of 2024-09-02, worked out by hand.

The numbers are cells of data/reference/*.csv and values of data/methodology/2026.1.yaml; the steps are those of
docs/methodology.md. Whoever has the tables and a pocket calculator gets the same.

A company whose China share is not disclosed: no score, but its supply side is known.
"""

from math import exp, prod, sqrt

COMPANY, AS_OF = "toyota", "2024-09-02"

# 1. Market exposure
# revenue.csv has no China share of toyota known by this date: market and control exposure are unknown.

# 2. Control exposure
# w: business_mix.csv toyota from 2015-01-01, share; they sum to 1
# (segments.csv has no year known by this date that may be used)
# Products of phi (family_rules.csv, fraction) and rho (rules.csv, measure) of the packages in force, summed by imposer.
# The columns: family, w, r of the strictest imposer that binds JP, r that the strictest ally faces.
SEGMENTS = [
    # vehicles-ice-hybrid
    #   no package in force catches any of it
    ("vehicles-ice-hybrid", 0.91, 0.0, 0.0),
    # vehicles-bev
    #   no package in force catches any of it
    ("vehicles-bev", 0.013, 0.0, 0.0),
    # financial-services
    #   no package in force catches any of it
    ("financial-services", 0.077, 0.0, 0.0),
]

# 3. Retaliation exposure
# coercion_events.csv: days before 2024-09-02, a (1 toward JP, 0.25 toward everyone), severity; halved every 3 years
EVENTS = [
    (5095, 1, 0.8),  # 2010-09-rare-earths-japan: 2010-09-21, JP, informal-embargo
    (5092, 1, 0.3),  # 2010-09-japan-tourism-diplomacy: 2010-09-24, JP, threat
    (427, 0.25, 1),  # 2023-07-gallium-germanium: 2023-07-03, WW, formal-control
    (399, 0.25, 1),  # 2023-07-drones: 2023-07-31, WW, formal-control
    (375, 1, 1.5),  # 2023-08-japan-seafood: 2023-08-24, JP, prohibition
    (307, 0.25, 1),  # 2023-10-graphite: 2023-10-31, WW, formal-control
    (256, 0.25, 1),  # 2023-12-rare-earth-technology: 2023-12-21, WW, formal-control
    (126, 1, 0.3),  # 2024-04-japan-proposed-controls-protest: 2024-04-29, JP, threat
    (18, 0.25, 1),  # 2024-08-antimony: 2024-08-15, WW, formal-control
    (0, 1, 0.3),  # 2024-09-japan-toyota-threat: 2024-09-02, JP, threat
]
LATENT = 0.4 * (1 - exp(-sum(a * severity * 2 ** (-(days / 365.25) / 3) for days, a, severity in EVENTS) / 6))

# mineral_imports.csv 2022, JP, codes 280530 and 284690, by value: China's share of rare-earth imports
RARE_EARTHS = (0.589194 * 588191.111 + 0.67861 * 436777.847) / (588191.111 + 436777.847)
# Columns: mineral, leverage L = sqrt(p q), sum over segments of w d (1 - sigma) kappa.
# p: minerals.csv, the larger of mined and refined; q: China's share of JP's imports; d, sigma: family_minerals.csv.
# Trade figures of year Y are known from 1 February of Y + 2, so 2022 is the latest here.
MINERALS = [
    # gallium: p refined, q not measured: p / 2
    #   kappa 0.3: cn-2023-08-01-gallium, licence-required (over a latent threat of 0.1514)
    (
        "gallium",
        sqrt(0.99 * (0.99 / 2)),
        (
            0.013 * 0.1 * (1 - 0.5)  # vehicles-bev
        )
        * 0.3,
    ),
    # graphite: p refined, q codes 250410, 250490 of JP by value
    #   kappa 0.3: cn-2023-12-01-graphite, licence-required (over a latent threat of 0.1514)
    (
        "graphite",
        sqrt(0.9 * ((0.898853 * 95804.887 + 0.95012 * 9127.004) / (95804.887 + 9127.004))),
        (
            0.013 * 0.85 * (1 - 0.1)  # vehicles-bev
        )
        * 0.3,
    ),
    # antimony: p mined, q not measured: p / 2
    #   kappa 0.3: cn-2024-09-15-no33-antimony, licence-required (over a latent threat of 0.1514)
    (
        "antimony",
        sqrt(0.3273 * (0.3273 / 2)),
        (
            0.91 * 0.15 * (1 - 0.4)  # vehicles-ice-hybrid
        )
        * 0.3,
    ),
    # neodymium-praseodymium: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "neodymium-praseodymium",
        sqrt(0.91 * RARE_EARTHS),
        (
            0.91 * 0.6 * (1 - 0.2)  # vehicles-ice-hybrid
            + 0.013 * 0.8 * (1 - 0.2)  # vehicles-bev
        )
        * LATENT,
    ),
    # dysprosium-terbium: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "dysprosium-terbium",
        sqrt(0.999 * RARE_EARTHS),
        (
            0.91 * 0.55 * (1 - 0.25)  # vehicles-ice-hybrid
            + 0.013 * 0.7 * (1 - 0.2)  # vehicles-bev
        )
        * LATENT,
    ),
    # yttrium: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "yttrium",
        sqrt(0.9 * RARE_EARTHS),
        (
            0.91 * 0.15 * (1 - 0.3)  # vehicles-ice-hybrid
        )
        * LATENT,
    ),
    # magnesium: p refined, q not measured: p / 2
    #   kappa: latent threat
    (
        "magnesium",
        sqrt(0.8824 * (0.8824 / 2)),
        (
            0.91 * 0.35 * (1 - 0.4)  # vehicles-ice-hybrid
            + 0.013 * 0.3 * (1 - 0.4)  # vehicles-bev
        )
        * LATENT,
    ),
    # fluorspar: p mined, q code 252922 of JP
    #   kappa: latent threat
    (
        "fluorspar",
        sqrt(0.6774 * 0.687614),
        (
            0.013 * 0.4 * (1 - 0.1)  # vehicles-bev
        )
        * LATENT,
    ),
    # lithium: p refined, q codes 282520, 283691 of JP by value
    #   kappa: latent threat
    (
        "lithium",
        sqrt(0.65 * ((0.880201 * 1151048.59 + 0.299957 * 1089234.723) / (1151048.59 + 1089234.723))),
        (
            0.013 * 0.95 * (1 - 0.02)  # vehicles-bev
        )
        * LATENT,
    ),
    # cobalt: p refined, q codes 282200, 810510 of JP by value
    #   kappa: latent threat
    (
        "cobalt",
        sqrt(0.77 * ((0.147143 * 53516.183 + 0.05075 * 532160.26) / (53516.183 + 532160.26))),
        (
            0.013 * 0.3 * (1 - 0.5)  # vehicles-bev
        )
        * LATENT,
    ),
    # nickel: p mined, q not measured: p / 2
    #   kappa: latent threat
    (
        "nickel",
        sqrt(0.0299 * (0.0299 / 2)),
        (
            0.91 * 0.2 * (1 - 0.3)  # vehicles-ice-hybrid
            + 0.013 * 0.4 * (1 - 0.4)  # vehicles-bev
        )
        * LATENT,
    ),
    # platinum-group: p mined, q codes 711011, 711021, 711031 of JP by value
    #   kappa: latent threat
    (
        "platinum-group",
        sqrt(
            0.0122
            * ((0 * 1506917.478 + 4e-06 * 3583753.987 + 0 * 3772903.302) / (1506917.478 + 3583753.987 + 3772903.302))
        ),
        (
            0.91 * 0.7 * (1 - 0.05)  # vehicles-ice-hybrid
        )
        * LATENT,
    ),
    # copper: p refined, q not measured: p / 2
    #   kappa: latent threat
    (
        "copper",
        sqrt(0.4493 * (0.4493 / 2)),
        (
            0.013 * 0.6 * (1 - 0.15)  # vehicles-bev
        )
        * LATENT,
    ),
    # aluminium: p refined, q code 760110 of JP
    #   kappa: latent threat
    (
        "aluminium",
        sqrt(0.6044 * 0.008321),
        (
            0.91 * 0.5 * (1 - 0.3)  # vehicles-ice-hybrid
            + 0.013 * 0.5 * (1 - 0.3)  # vehicles-bev
        )
        * LATENT,
    ),
    # barite: p mined, q code 251110 of JP
    #   kappa: latent threat
    (
        "barite",
        sqrt(0.224 * 0.972914),
        (
            0.91 * 0.1 * (1 - 0.6)  # vehicles-ice-hybrid
        )
        * LATENT,
    ),
    # phosphorus: p refined, q code 251020 of JP
    #   kappa: latent threat
    (
        "phosphorus",
        sqrt(0.74 * 0.115416),
        (
            0.013 * 0.4 * (1 - 0.3)  # vehicles-bev
        )
        * LATENT,
    ),
]
X = {mineral: leverage * min(1, felt) for mineral, leverage, felt in MINERALS}
R_SUPPLY = 1 - prod(1 - x for x in X.values())

# 4. Composite
# No score; its floor takes market and control as zero and retaliation at its supply side.
U_SUPPLY = (1 - 2 ** (-R_SUPPLY / 0.20)) / (1 - 2 ** (-1 / 0.20))
FLOOR = 100 * sqrt(0.25 * U_SUPPLY**2)


def test_facts_used(result):
    row = result(COMPANY, AS_OF)
    assert row["china_share_period_end"] is None
    assert row["china_share_evidence"] is None
    assert row["product_mix"] == "business-mix 2015-01-01"
    assert row["product_mix_evidence"] == "derived;expert-judgement"


def test_restricted_fractions(computed, near):
    got = computed(COMPANY, AS_OF)
    assert got.families == [family for family, *_ in SEGMENTS]
    near(got.w, [w for _, w, _, _ in SEGMENTS])
    near(got.now, [now for _, _, now, _ in SEGMENTS])
    near(got.aligned, [aligned for _, _, _, aligned in SEGMENTS])


def test_minerals(computed, near):
    got = computed(COMPANY, AS_OF)
    near(got.latent, LATENT)
    assert set(got.x) == set(X)
    near([got.x[mineral] for mineral in X], list(X.values()))
    assert got.unmeasured == []


def test_score(result, near):
    row = result(COMPANY, AS_OF)
    assert row["status"] == "partial"
    for column in ("market", "control_now", "alignment_gap", "control", "retaliation_access", "retaliation", "score"):
        assert row[column] is None
    near(row["retaliation_supply"], R_SUPPLY)
    near(row["score_floor"], FLOOR)
    assert round(FLOOR, 2) == 19.36
