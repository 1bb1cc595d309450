"""Mitsubishi Electric Corp as of 2026-07-31, worked out by hand.

The numbers are cells of data/reference/*.csv and values of data/methodology/2026.1.yaml; the steps are those of
docs/methodology.md. Whoever has the tables and a pocket calculator gets the same.

A second company without a China share. It is on China's control list since 2026-06-29, so every mineral it needs is
withheld: the measure on the company prevails in each.
"""

from math import exp, prod, sqrt

COMPANY, AS_OF = "mitsubishi-electric", "2026-07-31"

# 1. Market exposure
# revenue.csv has no China share of mitsubishi-electric known by this date: market and control exposure are unknown.

# 2. Control exposure
# w: business_mix.csv mitsubishi-electric from 2015-01-01, share; they sum to 1
# (segments.csv has no year known by this date that may be used)
# Products of phi (family_rules.csv, fraction) and rho (rules.csv, measure) of the packages in force, summed by imposer.
# The columns: family, w, r of the strictest imposer that binds JP, r that the strictest ally faces.
SEGMENTS = [
    # elevators-hvac
    #   no package in force catches any of it
    ("elevators-hvac", 0.4046, 0.0, 0.0),
    # auto-parts
    #   no package in force catches any of it
    ("auto-parts", 0.16, 0.0, 0.0),
    # power-grid
    #   EU (strictest ally): eu-base-multilateral 0.01 * 0.5 = 0.005
    #   JP (binds JP): jp-base-multilateral 0.01 * 0.5 = 0.005
    #   US: us-base-multilateral 0.01 * 0.5 = 0.005
    ("power-grid", 0.15, 0.01 * 0.5, 0.01 * 0.5),
    # factory-automation
    #   EU (strictest ally): eu-base-multilateral 0.02 * 0.5 = 0.01
    #   JP (binds JP): jp-base-multilateral 0.02 * 0.5 = 0.01
    #   US: us-base-multilateral 0.02 * 0.5 = 0.01
    ("factory-automation", 0.1437, 0.02 * 0.5, 0.02 * 0.5),
    # defense-systems
    #   EU (strictest ally): eu-base-military-list 1 * 0.9 = 0.9
    #   GB: gb-base-military-list 1 * 0.9 = 0.9
    #   JP (binds JP): jp-base-military-list 1 * 0.9 = 0.9
    #   KR: kr-base-military-list 1 * 0.9 = 0.9
    #   US: us-base-arms-embargo 1 * 0.9 = 0.9
    ("defense-systems", 0.0768, 1 * 0.9, 1 * 0.9),
    # power-discrete
    #   US on exporters of other countries (binds JP, less): us-2020-08-17-huawei-fdpr 0.004 * 0.5 = 0.002
    #   EU: eu-base-multilateral 0.02 * 0.5 = 0.01
    #   JP (binds JP): jp-base-multilateral 0.02 * 0.5 = 0.01
    #   US (strictest ally): us-base-multilateral 0.016 * 0.5 + us-2019-05-16-huawei-entity-list 0.004 * 0.9 =
    #       0.0116
    ("power-discrete", 0.0489, 0.02 * 0.5, 0.016 * 0.5 + 0.004 * 0.9),
    # software-services
    #   US (strictest ally): us-base-multilateral 0.01 * 0.5 + us-2019-05-16-huawei-entity-list 0.01 * 0.9 = 0.014
    ("software-services", 0.016, 0.0, 0.01 * 0.5 + 0.01 * 0.9),
]

# 3. Retaliation exposure
# coercion_events.csv: days before 2026-07-31, a (1 toward JP, 0.25 toward everyone), severity; halved every 3 years
EVENTS = [
    (5792, 1, 0.8),  # 2010-09-rare-earths-japan: 2010-09-21, JP, informal-embargo
    (5789, 1, 0.3),  # 2010-09-japan-tourism-diplomacy: 2010-09-24, JP, threat
    (1124, 0.25, 1),  # 2023-07-gallium-germanium: 2023-07-03, WW, formal-control
    (1096, 0.25, 1),  # 2023-07-drones: 2023-07-31, WW, formal-control
    (1072, 1, 1.5),  # 2023-08-japan-seafood: 2023-08-24, JP, prohibition
    (1004, 0.25, 1),  # 2023-10-graphite: 2023-10-31, WW, formal-control
    (953, 0.25, 1),  # 2023-12-rare-earth-technology: 2023-12-21, WW, formal-control
    (823, 1, 0.3),  # 2024-04-japan-proposed-controls-protest: 2024-04-29, JP, threat
    (715, 0.25, 1),  # 2024-08-antimony: 2024-08-15, WW, formal-control
    (697, 1, 0.3),  # 2024-09-japan-toyota-threat: 2024-09-02, JP, threat
    (682, 1, 0.3),  # 2024-09-japan-gallium-graphite-threat: 2024-09-17, JP, threat
    (542, 0.25, 1),  # 2025-02-five-metals: 2025-02-04, WW, formal-control
    (484, 1, 0.3),  # 2025-04-japan-controls-protest: 2025-04-03, JP, threat
    (483, 0.25, 1),  # 2025-04-rare-earths: 2025-04-04, WW, formal-control
    (381, 0.25, 1),  # 2025-07-battery-technology: 2025-07-15, WW, formal-control
    (295, 0.25, 1),  # 2025-10-rare-earth-package: 2025-10-09, WW, formal-control
    (268, 0.25, 0.8),  # 2025-11-state-data-centres: 2025-11-05, WW, procurement-ban
    (259, 1, 0.8),  # 2025-11-japan-travel: 2025-11-14, JP, informal-embargo
    (254, 1, 1.5),  # 2025-11-japan-seafood: 2025-11-19, JP, prohibition
    (206, 1, 1.5),  # 2026-01-japan-dual-use: 2026-01-06, JP, prohibition
    (205, 1, 0.4),  # 2026-01-japan-dichlorosilane: 2026-01-07, JP, investigation
    (202, 1, 0.8),  # 2026-01-japan-rare-earths: 2026-01-10, JP, informal-embargo
    (157, 1, 0.5),  # 2026-02-japan-lists: 2026-02-24, JP, listing
    (32, 1, 0.5),  # 2026-06-japan-lists: 2026-06-29, JP, listing
]
LATENT = 0.4 * (1 - exp(-sum(a * severity * 2 ** (-(days / 365.25) / 3) for days, a, severity in EVENTS) / 6))

# mineral_imports.csv 2024, JP, codes 280530 and 284690, by value: China's share of rare-earth imports
RARE_EARTHS = (0.243697 * 254277.76 + 0.58091 * 214094.5) / (254277.76 + 214094.5)
# Columns: mineral, leverage L = sqrt(p q), sum over segments of w d (1 - sigma) kappa.
# p: minerals.csv, the larger of mined and refined; q: China's share of JP's imports; d, sigma: family_minerals.csv.
# Trade figures of year Y are known from 1 February of Y + 2, so 2024 is the latest here.
MINERALS = [
    # gallium: p refined, q not measured: p / 2
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "gallium",
        sqrt(0.99 * (0.99 / 2)),
        (
            0.16 * 0.1 * (1 - 0.5)  # auto-parts
            + 0.0768 * 0.6 * (1 - 0.1)  # defense-systems
            + 0.0489 * 0.3 * (1 - 0.4)  # power-discrete
        )
        * 1,
    ),
    # germanium: p refined, q not measured: p / 2
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "germanium",
        sqrt(0.68 * (0.68 / 2)),
        (
            0.0768 * 0.6 * (1 - 0.15)  # defense-systems
        )
        * 1,
    ),
    # graphite: p refined, q codes 250410, 250490 of JP by value
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "graphite",
        sqrt(0.9 * ((0.860943 * 52349.488 + 0.984942 * 24202.277) / (52349.488 + 24202.277))),
        (
            0.0768 * 0.2 * (1 - 0.3)  # defense-systems
        )
        * 1,
    ),
    # antimony: p mined, q not measured: p / 2
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "antimony",
        sqrt(0.3273 * (0.3273 / 2)),
        (
            0.16 * 0.15 * (1 - 0.4)  # auto-parts
            + 0.0768 * 0.55 * (1 - 0.1)  # defense-systems
        )
        * 1,
    ),
    # tungsten: p mined, q code 810110 of JP
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "tungsten",
        sqrt(0.7791 * 0.750749),
        (
            0.15 * 0.2 * (1 - 0.3)  # power-grid
            + 0.0768 * 0.5 * (1 - 0.15)  # defense-systems
        )
        * 1,
    ),
    # tellurium: p refined, q not measured: p / 2
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "tellurium",
        sqrt(0.7645 * (0.7645 / 2)),
        (
            0.0768 * 0.3 * (1 - 0.15)  # defense-systems
        )
        * 1,
    ),
    # bismuth: p refined, q code 810600 of JP
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "bismuth",
        sqrt(0.8589 * 0.713741),
        (
            0.0768 * 0.05 * (1 - 0.6)  # defense-systems
        )
        * 1,
    ),
    # indium: p refined, q not measured: p / 2
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "indium",
        sqrt(0.6972 * (0.6972 / 2)),
        (
            0.0768 * 0.25 * (1 - 0.2)  # defense-systems
        )
        * 1,
    ),
    # neodymium-praseodymium: p refined, q codes 280530, 284690
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "neodymium-praseodymium",
        sqrt(0.91 * RARE_EARTHS),
        (
            0.4046 * 0.5 * (1 - 0.3)  # elevators-hvac
            + 0.16 * 0.6 * (1 - 0.2)  # auto-parts
            + 0.1437 * 0.6 * (1 - 0.1)  # factory-automation
            + 0.0768 * 0.6 * (1 - 0.15)  # defense-systems
        )
        * 1,
    ),
    # dysprosium-terbium: p refined, q codes 280530, 284690
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "dysprosium-terbium",
        sqrt(0.999 * RARE_EARTHS),
        (
            0.4046 * 0.25 * (1 - 0.3)  # elevators-hvac
            + 0.16 * 0.55 * (1 - 0.2)  # auto-parts
            + 0.1437 * 0.3 * (1 - 0.2)  # factory-automation
            + 0.0768 * 0.6 * (1 - 0.1)  # defense-systems
        )
        * 1,
    ),
    # samarium: p refined, q codes 280530, 284690
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "samarium",
        sqrt(0.91 * RARE_EARTHS),
        (
            0.16 * 0.15 * (1 - 0.3)  # auto-parts
            + 0.0768 * 0.7 * (1 - 0.05)  # defense-systems
        )
        * 1,
    ),
    # yttrium: p refined, q codes 280530, 284690
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "yttrium",
        sqrt(0.9 * RARE_EARTHS),
        (
            0.16 * 0.1 * (1 - 0.3)  # auto-parts
            + 0.0768 * 0.5 * (1 - 0.1)  # defense-systems
        )
        * 1,
    ),
    # scandium: p refined, q codes 280530, 284690
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "scandium",
        sqrt(0.66 * RARE_EARTHS),
        (
            0.0768 * 0.15 * (1 - 0.4)  # defense-systems
        )
        * 1,
    ),
    # other-heavy-rare-earths: p refined, q codes 280530, 284690
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "other-heavy-rare-earths",
        sqrt(0.91 * RARE_EARTHS),
        (
            0.0768 * 0.25 * (1 - 0.2)  # defense-systems
        )
        * 1,
    ),
    # magnesium: p refined, q not measured: p / 2
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "magnesium",
        sqrt(0.8824 * (0.8824 / 2)),
        (
            0.16 * 0.3 * (1 - 0.4)  # auto-parts
            + 0.0768 * 0.2 * (1 - 0.3)  # defense-systems
        )
        * 1,
    ),
    # silicon-metal: p refined, q not measured: p / 2
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "silicon-metal",
        sqrt(0.6739 * (0.6739 / 2)),
        (
            0.15 * 0.3 * (1 - 0.1)  # power-grid
            + 0.0489 * 0.5 * (1 - 0.05)  # power-discrete
        )
        * 1,
    ),
    # fluorspar: p mined, q code 252922 of JP
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "fluorspar",
        sqrt(0.6774 * 0.732955),
        (
            0.4046 * 0.5 * (1 - 0.2)  # elevators-hvac
            + 0.15 * 0.25 * (1 - 0.3)  # power-grid
        )
        * 1,
    ),
    # titanium: p refined, q not measured: p / 2
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "titanium",
        sqrt(0.6737 * (0.6737 / 2)),
        (
            0.0768 * 0.5 * (1 - 0.2)  # defense-systems
        )
        * 1,
    ),
    # tantalum: p mined, q code 810310 of JP
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "tantalum",
        sqrt(0.036 * 0.041621),
        (
            0.0768 * 0.3 * (1 - 0.3)  # defense-systems
        )
        * 1,
    ),
    # beryllium: p mined, q code 811211 of JP
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "beryllium",
        sqrt(0.1963 * 0.782855),
        (
            0.0768 * 0.3 * (1 - 0.1)  # defense-systems
        )
        * 1,
    ),
    # platinum-group: p mined, q codes 711011, 711021, 711031 of JP by value
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "platinum-group",
        sqrt(
            0.0122
            * (
                (7e-05 * 1434941.27 + 3e-06 * 1292440.538 + 2e-06 * 982793.471)
                / (1434941.27 + 1292440.538 + 982793.471)
            )
        ),
        (
            0.16 * 0.3 * (1 - 0.1)  # auto-parts
        )
        * 1,
    ),
    # copper: p refined, q not measured: p / 2
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "copper",
        sqrt(0.4493 * (0.4493 / 2)),
        (
            0.4046 * 0.7 * (1 - 0.2)  # elevators-hvac
            + 0.15 * 0.8 * (1 - 0.3)  # power-grid
        )
        * 1,
    ),
    # aluminium: p refined, q code 760110 of JP
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "aluminium",
        sqrt(0.6044 * 0.000486),
        (
            0.15 * 0.5 * (1 - 0.4)  # power-grid
        )
        * 1,
    ),
    # barite: p mined, q code 251110 of JP
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "barite",
        sqrt(0.224 * 0.950937),
        (
            0.16 * 0.1 * (1 - 0.6)  # auto-parts
        )
        * 1,
    ),
    # silver: p mined, q not measured: p / 2
    #   kappa 1: cn-2026-06-29-control-list-mitsubishi-electric, prohibition (over a latent threat of 0.3023)
    (
        "silver",
        sqrt(0.1263 * (0.1263 / 2)),
        (
            0.15 * 0.2 * (1 - 0.4)  # power-grid
        )
        * 1,
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
    assert round(FLOOR, 2) == 45.28
