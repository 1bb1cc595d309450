"""Apple Inc. as of 2024-09-02, worked out by hand.

The numbers are cells of data/reference/*.csv and values of data/methodology/2026.1.yaml; the steps are those of
docs/methodology.md. Whoever has the tables and a pocket calculator gets the same.

The shares of United States imports in the survey of February 2026 are not known yet: trade data, or p / 2, stand in.
"""

from math import exp, prod, sqrt

COMPANY, AS_OF = "apple", "2024-09-02"

# 1. Market exposure
# revenue.csv apple 2023: china_share, period to 2023-09-30, known by 2023-11-03, reported
#   not 2024 (0.1712): known by 2024-11-01
M = 0.1893

# 2. Control exposure
# w: business_mix.csv apple from 2021-10-28, share; they sum to 1
# (segments.csv has no year known by this date that may be used)
# Products of phi (family_rules.csv, fraction) and rho (rules.csv, measure) of the packages in force, summed by imposer.
# The columns: family, w, r of the strictest imposer that binds US, r that the strictest ally faces.
SEGMENTS = [
    # smartphones
    #   no package in force catches any of it
    ("smartphones", 0.6, 0.0, 0.0),
    # pcs-servers
    #   US on exporters of other countries: us-2022-10-07-acs-fdp 0.05 * 0.9 + us-2023-10-17-acs-fdp 0.07 * 0.9 =
    #       0.108
    #   EU: eu-base-multilateral 0.02 * 0.5 = 0.01
    #   JP: jp-base-multilateral 0.02 * 0.5 = 0.01
    #   US (binds US, strictest ally): us-2019-05-16-huawei-entity-list 0.03 * 0.9 + us-2022-10-07-acs-home 0.05 *
    #       0.9 + us-2023-10-17-acs-home 0.03 * 0.9 + us-2023-10-17-acs-top-home 0.04 * 0.9 = 0.135
    (
        "pcs-servers",
        0.2,
        0.03 * 0.9 + 0.05 * 0.9 + 0.03 * 0.9 + 0.04 * 0.9,
        0.03 * 0.9 + 0.05 * 0.9 + 0.03 * 0.9 + 0.04 * 0.9,
    ),
    # software-services, service: only packages that cover servicing
    #   US (binds US, strictest ally): us-2019-05-16-huawei-entity-list 0.01 * 0.9 = 0.009
    ("software-services", 0.2, 0.01 * 0.9, 0.01 * 0.9),
]
# No segment discloses its China share: c = M for each.
C_NOW = sum(w * M * now for _, w, now, _ in SEGMENTS)
GAP = sum(w * M * (aligned - now) for _, w, now, aligned in SEGMENTS)
C = C_NOW + 0.3 * GAP  # eta: alignment_probability.default

# 3. Retaliation exposure
# coercion_events.csv: days before 2024-09-02, a (1 toward US, 0.25 toward everyone), severity; halved every 3 years
EVENTS = [
    (564, 1, 0.5),  # 2023-02-lockheed-raytheon-uel: 2023-02-16, US, listing
    (521, 1, 0.4),  # 2023-03-micron-review: 2023-03-31, US, investigation
    (470, 1, 0.8),  # 2023-05-micron-ban: 2023-05-21, US, procurement-ban
    (427, 0.25, 1),  # 2023-07-gallium-germanium: 2023-07-03, WW, formal-control
    (399, 0.25, 1),  # 2023-07-drones: 2023-07-31, WW, formal-control
    (362, 1, 0.8),  # 2023-09-iphone: 2023-09-06, US, procurement-ban
    (307, 0.25, 1),  # 2023-10-graphite: 2023-10-31, WW, formal-control
    (256, 0.25, 1),  # 2023-12-rare-earth-technology: 2023-12-21, WW, formal-control
    (251, 1, 0.8),  # 2023-12-government-cpu-os: 2023-12-26, US, procurement-ban
    (18, 0.25, 1),  # 2024-08-antimony: 2024-08-15, WW, formal-control
]
LATENT = 0.4 * (1 - exp(-sum(a * severity * 2 ** (-(days / 365.25) / 3) for days, a, severity in EVENTS) / 6))

# mineral_imports.csv 2022, US, codes 280530 and 284690, by value: China's share of rare-earth imports
RARE_EARTHS = (0.826324 * 9123.53 + 0.69058 * 168924.872) / (9123.53 + 168924.872)
# Columns: mineral, leverage L = sqrt(p q), sum over segments of w d (1 - sigma) kappa.
# p: minerals.csv, the larger of mined and refined; q: China's share of US's imports; d, sigma: family_minerals.csv.
# Trade figures of year Y are known from 1 February of Y + 2, so 2022 is the latest here.
MINERALS = [
    # gallium: p refined, q not measured: p / 2
    #   kappa 0.3: cn-2023-08-01-gallium, licence-required (over a latent threat of 0.1805)
    (
        "gallium",
        sqrt(0.99 * (0.99 / 2)),
        (
            0.6 * 0.4 * (1 - 0.15)  # smartphones
        )
        * 0.3,
    ),
    # graphite: p refined, q codes 250410, 250490 of US by value
    #   kappa 0.3: cn-2023-12-01-graphite, licence-required (over a latent threat of 0.1805)
    (
        "graphite",
        sqrt(0.9 * ((0.743434 * 183389.473 + 0.780606 * 7798.62) / (183389.473 + 7798.62))),
        (
            0.6 * 0.6 * (1 - 0.15)  # smartphones
            + 0.2 * 0.3 * (1 - 0.2)  # pcs-servers
        )
        * 0.3,
    ),
    # antimony: p mined, q not measured: p / 2
    #   kappa 0.3: cn-2024-09-15-no33-antimony, licence-required (over a latent threat of 0.1805)
    (
        "antimony",
        sqrt(0.3273 * (0.3273 / 2)),
        (
            0.2 * 0.2 * (1 - 0.4)  # pcs-servers
        )
        * 0.3,
    ),
    # tungsten: p mined, q code 810110 of US
    #   kappa: latent threat
    (
        "tungsten",
        sqrt(0.7791 * 0.277997),
        (
            0.6 * 0.3 * (1 - 0.3)  # smartphones
        )
        * LATENT,
    ),
    # indium: p refined, q not measured: p / 2
    #   kappa: latent threat
    (
        "indium",
        sqrt(0.6972 * (0.6972 / 2)),
        (
            0.6 * 0.5 * (1 - 0.15)  # smartphones
        )
        * LATENT,
    ),
    # neodymium-praseodymium: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "neodymium-praseodymium",
        sqrt(0.91 * RARE_EARTHS),
        (
            0.6 * 0.6 * (1 - 0.15)  # smartphones
            + 0.2 * 0.3 * (1 - 0.3)  # pcs-servers
        )
        * LATENT,
    ),
    # dysprosium-terbium: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "dysprosium-terbium",
        sqrt(0.999 * RARE_EARTHS),
        (
            0.6 * 0.15 * (1 - 0.4)  # smartphones
        )
        * LATENT,
    ),
    # scandium: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "scandium",
        sqrt(0.66 * RARE_EARTHS),
        (
            0.6 * 0.35 * (1 - 0.2)  # smartphones
        )
        * LATENT,
    ),
    # lithium: p refined, q codes 282520, 283691 of US by value
    #   kappa: latent threat
    (
        "lithium",
        sqrt(0.65 * ((0.010139 * 54877.861 + 0.001532 * 183113.162) / (54877.861 + 183113.162))),
        (
            0.6 * 0.7 * (1 - 0.05)  # smartphones
        )
        * LATENT,
    ),
    # cobalt: p refined, q codes 282200, 810510 of US by value
    #   kappa: latent threat
    (
        "cobalt",
        sqrt(0.77 * ((0.016105 * 92738.834 + 0.008022 * 498681.295) / (92738.834 + 498681.295))),
        (
            0.6 * 0.5 * (1 - 0.2)  # smartphones
            + 0.2 * 0.25 * (1 - 0.3)  # pcs-servers
        )
        * LATENT,
    ),
    # tantalum: p mined, q code 810310 of US
    #   kappa: latent threat
    (
        "tantalum",
        sqrt(0.036 * 0.274451),
        (
            0.6 * 0.25 * (1 - 0.4)  # smartphones
            + 0.2 * 0.25 * (1 - 0.4)  # pcs-servers
        )
        * LATENT,
    ),
]
X = {mineral: leverage * min(1, felt) for mineral, leverage, felt in MINERALS}
R_SUPPLY = 1 - prod(1 - x for x in X.values())

# Access: the strictest access measure, or the latent threat times the vulnerability of the product group.
ACCESS = [
    0.9,  # smartphones: cn-2023-09-06-smartphones-government, procurement-ban
    0.3 * LATENT,  # pcs-servers: electronics
    0.9,  # software-services: cn-2023-12-26-software, procurement-ban
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
    assert str(row["china_share_period_end"]) == "2023-09-30"
    assert row["china_share_evidence"] == "reported"
    assert row["product_mix"] == "business-mix 2021-10-28"
    assert row["product_mix_evidence"] == "expert-judgement"


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
    assert got.unmeasured == []


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
    assert round(SCORE, 2) == 44.98
    assert row["score_floor"] is None
