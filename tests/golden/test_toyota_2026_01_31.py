"""Toyota Motor Corp as of 2026-01-31, worked out by hand.

The numbers are cells of data/reference/*.csv and values of data/methodology/2026.1.yaml; the steps are those of
docs/methodology.md. Whoever has the tables and a pocket calculator gets the same.

Three weeks after the informal stop of rare earths toward Japan: no score, but its supply side is known.
"""

from math import exp, prod, sqrt

COMPANY, AS_OF = "toyota", "2026-01-31"

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
# coercion_events.csv: days before 2026-01-31, a (1 toward JP, 0.25 toward everyone), severity; halved every 3 years
EVENTS = [
    (5611, 1, 0.8),  # 2010-09-rare-earths-japan: 2010-09-21, JP, informal-embargo
    (5608, 1, 0.3),  # 2010-09-japan-tourism-diplomacy: 2010-09-24, JP, threat
    (943, 0.25, 1),  # 2023-07-gallium-germanium: 2023-07-03, WW, formal-control
    (915, 0.25, 1),  # 2023-07-drones: 2023-07-31, WW, formal-control
    (891, 1, 1.5),  # 2023-08-japan-seafood: 2023-08-24, JP, prohibition
    (823, 0.25, 1),  # 2023-10-graphite: 2023-10-31, WW, formal-control
    (772, 0.25, 1),  # 2023-12-rare-earth-technology: 2023-12-21, WW, formal-control
    (642, 1, 0.3),  # 2024-04-japan-proposed-controls-protest: 2024-04-29, JP, threat
    (534, 0.25, 1),  # 2024-08-antimony: 2024-08-15, WW, formal-control
    (516, 1, 0.3),  # 2024-09-japan-toyota-threat: 2024-09-02, JP, threat
    (501, 1, 0.3),  # 2024-09-japan-gallium-graphite-threat: 2024-09-17, JP, threat
    (361, 0.25, 1),  # 2025-02-five-metals: 2025-02-04, WW, formal-control
    (303, 1, 0.3),  # 2025-04-japan-controls-protest: 2025-04-03, JP, threat
    (302, 0.25, 1),  # 2025-04-rare-earths: 2025-04-04, WW, formal-control
    (200, 0.25, 1),  # 2025-07-battery-technology: 2025-07-15, WW, formal-control
    (114, 0.25, 1),  # 2025-10-rare-earth-package: 2025-10-09, WW, formal-control
    (87, 0.25, 0.8),  # 2025-11-state-data-centres: 2025-11-05, WW, procurement-ban
    (78, 1, 0.8),  # 2025-11-japan-travel: 2025-11-14, JP, informal-embargo
    (73, 1, 1.5),  # 2025-11-japan-seafood: 2025-11-19, JP, prohibition
    (25, 1, 1.5),  # 2026-01-japan-dual-use: 2026-01-06, JP, prohibition
    (24, 1, 0.4),  # 2026-01-japan-dichlorosilane: 2026-01-07, JP, investigation
    (21, 1, 0.8),  # 2026-01-japan-rare-earths: 2026-01-10, JP, informal-embargo
]
LATENT = 0.4 * (1 - exp(-sum(a * severity * 2 ** (-(days / 365.25) / 3) for days, a, severity in EVENTS) / 6))

# mineral_imports.csv 2023, JP, codes 280530 and 284690, by value: China's share of rare-earth imports
RARE_EARTHS = (0.572991 * 338765.303 + 0.493895 * 429006.474) / (338765.303 + 429006.474)
# Columns: mineral, leverage L = sqrt(p q), sum over segments of w d (1 - sigma) kappa.
# p: minerals.csv, the larger of mined and refined; q: China's share of JP's imports; d, sigma: family_minerals.csv.
# Trade figures of year Y are known from 1 February of Y + 2, so 2023 is the latest here.
MINERALS = [
    # gallium: p refined, q not measured: p / 2
    #   kappa: latent threat, above cn-2023-08-01-gallium (0.3) and cn-2026-01-06-japan-dual-use (0.3)
    (
        "gallium",
        sqrt(0.99 * (0.99 / 2)),
        (
            0.013 * 0.1 * (1 - 0.5)  # vehicles-bev
        )
        * LATENT,
    ),
    # graphite: p refined, q codes 250410, 250490 of JP by value
    #   kappa: latent threat, above cn-2023-12-01-graphite (0.3) and cn-2026-01-06-japan-dual-use (0.3)
    (
        "graphite",
        sqrt(0.9 * ((0.895416 * 73346.102 + 0.949167 * 8273.081) / (73346.102 + 8273.081))),
        (
            0.013 * 0.85 * (1 - 0.1)  # vehicles-bev
        )
        * LATENT,
    ),
    # antimony: p mined, q not measured: p / 2
    #   kappa: latent threat, above cn-2024-09-15-no33-antimony (0.3) and cn-2026-01-06-japan-dual-use (0.3)
    (
        "antimony",
        sqrt(0.3273 * (0.3273 / 2)),
        (
            0.91 * 0.15 * (1 - 0.4)  # vehicles-ice-hybrid
        )
        * LATENT,
    ),
    # neodymium-praseodymium: p refined, q codes 280530, 284690
    #   kappa 0.7: cn-2026-01-10-japan-informal-neodymium-praseodymium, informal-embargo (over a latent threat of
    #       0.3018)
    (
        "neodymium-praseodymium",
        sqrt(0.91 * RARE_EARTHS),
        (
            0.91 * 0.6 * (1 - 0.2)  # vehicles-ice-hybrid
            + 0.013 * 0.8 * (1 - 0.2)  # vehicles-bev
        )
        * 0.7,
    ),
    # dysprosium-terbium: p refined, q codes 280530, 284690
    #   kappa 0.7: cn-2026-01-10-japan-informal-dysprosium-terbium, informal-embargo (over a latent threat of
    #       0.3018)
    (
        "dysprosium-terbium",
        sqrt(0.999 * RARE_EARTHS),
        (
            0.91 * 0.55 * (1 - 0.25)  # vehicles-ice-hybrid
            + 0.013 * 0.7 * (1 - 0.2)  # vehicles-bev
        )
        * 0.7,
    ),
    # yttrium: p refined, q codes 280530, 284690
    #   kappa 0.7: cn-2026-01-10-japan-informal-yttrium, informal-embargo (over a latent threat of 0.3018)
    (
        "yttrium",
        sqrt(0.9 * RARE_EARTHS),
        (
            0.91 * 0.15 * (1 - 0.3)  # vehicles-ice-hybrid
        )
        * 0.7,
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
        sqrt(0.6774 * 0.446821),
        (
            0.013 * 0.4 * (1 - 0.1)  # vehicles-bev
        )
        * LATENT,
    ),
    # lithium: p refined, q codes 282520, 283691 of JP by value
    #   kappa: latent threat
    (
        "lithium",
        sqrt(0.65 * ((0.861398 * 1355352.95 + 0.175995 * 940473.657) / (1355352.95 + 940473.657))),
        (
            0.013 * 0.95 * (1 - 0.02)  # vehicles-bev
        )
        * LATENT,
    ),
    # cobalt: p refined, q codes 282200, 810510 of JP by value
    #   kappa: latent threat
    (
        "cobalt",
        sqrt(0.77 * ((0.158282 * 25448.01 + 0.0551 * 257663.089) / (25448.01 + 257663.089))),
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
            * ((0 * 1348453.006 + 2e-06 * 1773482.497 + 0 * 1626000.253) / (1348453.006 + 1773482.497 + 1626000.253))
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
        sqrt(0.6044 * 0.001491),
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
        sqrt(0.224 * 0.963222),
        (
            0.91 * 0.1 * (1 - 0.6)  # vehicles-ice-hybrid
        )
        * LATENT,
    ),
    # phosphorus: p refined, q code 251020 of JP
    #   kappa: latent threat
    (
        "phosphorus",
        sqrt(0.74 * 0.291112),
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
    assert round(FLOOR, 2) == 40.08
