"""SK hynix as of 2025-01-15, worked out by hand.

The numbers are cells of data/reference/*.csv and values of data/methodology/2026.1.yaml; the steps are those of
docs/methodology.md. Whoever has the tables and a pocket calculator gets the same.

A company without segments: its judged product mix stands in, and the row says so. Rules of the United States reach it
from outside. China's share of helium supply is unknown.
"""

from math import exp, prod, sqrt

COMPANY, AS_OF = "sk-hynix", "2025-01-15"

# 1. Market exposure
# revenue.csv sk-hynix 2019: china_share, period to 2019-12-31, known by 2020-03-04, secondary
#   not 2023H1 (0.3154): a shorter period, while there is a year
#   not 2024H1 (0.298): a shorter period, while there is a year
M = 0.464

# 2. Control exposure
# w: business_mix.csv sk-hynix from 2024-08-18, share; they sum to 1
# (segments.csv has no year known by this date that may be used)
# Products of phi (family_rules.csv, fraction) and rho (rules.csv, measure) of the packages in force, summed by imposer.
# The columns: family, w, r of the strictest imposer that binds KR, r that the strictest ally faces.
SEGMENTS = [
    # hbm
    #   US on exporters of other countries (binds KR, strictest ally): us-2024-12-02-hbm-fdp 0.95 * 0.9 = 0.855
    #   US: us-2024-12-02-hbm-home 0.95 * 0.9 = 0.855
    ("hbm", 0.15, 0.95 * 0.9, 0.95 * 0.9),
    # dram
    #   US on exporters of other countries (binds KR): us-2020-08-17-huawei-fdpr 0.02 * 0.5 = 0.01
    #   US (strictest ally): us-2019-05-16-huawei-entity-list 0.02 * 0.9 = 0.018
    ("dram", 0.4805, 0.02 * 0.5, 0.02 * 0.9),
    # nand
    #   US on exporters of other countries (binds KR): us-2020-08-17-huawei-fdpr 0.01 * 0.5 = 0.005
    #   US (strictest ally): us-2019-05-16-huawei-entity-list 0.01 * 0.9 = 0.009
    ("nand", 0.3324, 0.01 * 0.5, 0.01 * 0.9),
    # other
    #   US (strictest ally): us-base-multilateral 0.01 * 0.5 + us-2019-05-16-huawei-entity-list 0.01 * 0.9 = 0.014
    ("other", 0.0371, 0.0, 0.01 * 0.5 + 0.01 * 0.9),
]
# No segment discloses its China share: c = M for each.
C_NOW = sum(w * M * now for _, w, now, _ in SEGMENTS)
GAP = sum(w * M * (aligned - now) for _, w, now, aligned in SEGMENTS)
C = C_NOW + 0.3 * GAP  # eta: alignment_probability.default

# 3. Retaliation exposure
# coercion_events.csv: days before 2025-01-15, a (1 toward KR, 0.25 toward everyone), severity; halved every 3 years
EVENTS = [
    (2872, 1, 0.8),  # 2017-03-korea-lotte: 2017-03-06, KR, informal-embargo
    (2863, 1, 0.8),  # 2017-03-korea-tourism: 2017-03-15, KR, informal-embargo
    (562, 0.25, 1),  # 2023-07-gallium-germanium: 2023-07-03, WW, formal-control
    (534, 0.25, 1),  # 2023-07-drones: 2023-07-31, WW, formal-control
    (442, 0.25, 1),  # 2023-10-graphite: 2023-10-31, WW, formal-control
    (391, 0.25, 1),  # 2023-12-rare-earth-technology: 2023-12-21, WW, formal-control
    (153, 0.25, 1),  # 2024-08-antimony: 2024-08-15, WW, formal-control
]
LATENT = 0.4 * (1 - exp(-sum(a * severity * 2 ** (-(days / 365.25) / 3) for days, a, severity in EVENTS) / 6))

# Columns: mineral, leverage L = sqrt(p q), sum over segments of w d (1 - sigma) kappa.
# p: minerals.csv, the larger of mined and refined; q: China's share of KR's imports; d, sigma: family_minerals.csv.
# Trade figures of year Y are known from 1 February of Y + 2, so 2022 is the latest here.
MINERALS = [
    # germanium: p refined, q not measured: p / 2
    #   kappa 0.3: cn-2023-08-01-germanium, licence-required (over a latent threat of 0.0739)
    (
        "germanium",
        sqrt(0.68 * (0.68 / 2)),
        (
            0.15 * 0.05 * (1 - 0.2)  # hbm
            + 0.4805 * 0.05 * (1 - 0.2)  # dram
            + 0.3324 * 0.05 * (1 - 0.2)  # nand
        )
        * 0.3,
    ),
    # tungsten: p mined, q code 810110 of KR
    #   kappa: latent threat
    (
        "tungsten",
        sqrt(0.7791 * 0.929426),
        (
            0.15 * 0.43 * (1 - 0.15)  # hbm
            + 0.4805 * 0.43 * (1 - 0.15)  # dram
            + 0.3324 * 0.6 * (1 - 0.15)  # nand
        )
        * LATENT,
    ),
    # yttrium: p refined, q codes 280530, 284690 of KR by value
    #   kappa: latent threat
    (
        "yttrium",
        sqrt(0.9 * ((0.860365 * 10052.606 + 0.66386 * 60251.246) / (10052.606 + 60251.246))),
        (
            0.15 * 0.25 * (1 - 0.2)  # hbm
            + 0.4805 * 0.25 * (1 - 0.2)  # dram
            + 0.3324 * 0.25 * (1 - 0.2)  # nand
        )
        * LATENT,
    ),
    # fluorspar: p mined, q code 252922 of KR
    #   kappa: latent threat
    (
        "fluorspar",
        sqrt(0.6774 * 0.861794),
        (
            0.15 * 0.5 * (1 - 0.1)  # hbm
            + 0.4805 * 0.5 * (1 - 0.1)  # dram
            + 0.3324 * 0.5 * (1 - 0.1)  # nand
        )
        * LATENT,
    ),
]
# helium: China's share of supply is unknown, so it is left out and named as unknown.
X = {mineral: leverage * min(1, felt) for mineral, leverage, felt in MINERALS}
R_SUPPLY = 1 - prod(1 - x for x in X.values())

# Access: the strictest access measure, or the latent threat times the vulnerability of the product group.
ACCESS = [
    0.4 * LATENT,  # hbm: semiconductors
    0.4 * LATENT,  # dram: semiconductors
    0.4 * LATENT,  # nand: semiconductors
    0.2 * LATENT,  # other: other
]
R_ACCESS = sum(w * M * shut for (_, w, _, _), shut in zip(SEGMENTS, ACCESS, strict=True))
R = 1 - (1 - R_SUPPLY) * (1 - R_ACCESS)

# 4. Composite
U = [
    (1 - 2 ** (-M / 0.25)) / (1 - 2 ** (-1 / 0.25)),
    (1 - 2 ** (-C / 0.10)) / (1 - 2 ** (-1 / 0.10)),
    (1 - 2 ** (-R / 0.20)) / (1 - 2 ** (-1 / 0.20)),
]
NORM = sqrt(0.40 * U[0] ** 2 + 0.35 * U[1] ** 2 + 0.25 * U[2] ** 2)
POINTS = [100 * weight * u**2 / NORM for weight, u in zip((0.40, 0.35, 0.25), U, strict=True)]
SCORE = 100 * NORM


def test_facts_used(result):
    row = result(COMPANY, AS_OF)
    assert str(row["china_share_period_end"]) == "2019-12-31"
    assert row["china_share_evidence"] == "secondary"
    assert row["product_mix"] == "business-mix 2024-08-18"
    assert row["product_mix_evidence"] == "derived;expert-judgement"


def test_restricted_fractions(computed, near):
    got = computed(COMPANY, AS_OF)
    assert got.families == [family for family, *_ in SEGMENTS]
    near(got.w, [w for _, w, _, _ in SEGMENTS])
    near(got.c, [M for _ in SEGMENTS])
    near(got.now, [now for _, _, now, _ in SEGMENTS])
    near(got.aligned, [aligned for _, _, _, aligned in SEGMENTS])


def test_minerals(computed, near):
    got = computed(COMPANY, AS_OF)
    near(got.latent, LATENT)
    assert set(got.x) == set(X)
    near([got.x[mineral] for mineral in X], list(X.values()))
    assert got.unmeasured == ["helium"]


def test_score(result, near):
    row = result(COMPANY, AS_OF)
    assert row["status"] == "ok"
    near(row["market"], M)
    near(row["control_now"], C_NOW)
    near(row["alignment_gap"], GAP)
    near(row["control"], C)
    near(row["retaliation_supply"], R_SUPPLY)
    near(row["retaliation_access"], R_ACCESS)
    near(row["retaliation"], R)
    near([row["score_market"], row["score_control"], row["score_retaliation"]], POINTS)
    near(row["score"], SCORE)
    assert round(SCORE, 2) == 54.54
    assert row["score_floor"] is None
