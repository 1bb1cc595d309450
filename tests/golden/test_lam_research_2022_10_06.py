"""Lam Research Corporation as of 2022-10-06, worked out by hand.

The numbers are cells of data/reference/*.csv and values of data/methodology/2026.1.yaml; the steps are those of
docs/methodology.md. Whoever has the tables and a pocket calculator gets the same.

The day before the rule of 7 October 2022 was announced; the next file is five days after.
"""

from math import prod, sqrt

COMPANY, AS_OF = "lam-research", "2022-10-06"

# 1. Market exposure
# revenue.csv lam-research 2021: china_share, period to 2021-06-27, known by 2021-10-25, reported
#   not 2022 (0.31): known by 2022-10-24
M = 0.35

# 2. Control exposure
# w: business_mix.csv lam-research from 2015-01-01, share; they sum to 1
# (segments.csv has no year known by this date that may be used)
# Products of phi (family_rules.csv, fraction) and rho (rules.csv, measure) of the packages in force, summed by imposer.
# The columns: family, w, r of the strictest imposer that binds US, r that the strictest ally faces.
SEGMENTS = [
    # etch
    #   KR (strictest ally): kr-base-multilateral 0.02 * 0.5 = 0.01
    #   US (binds US): us-2020-12-18-smic-entity-list 0.0099 * 0.5 = 0.00495
    ("etch", 0.3807, 0.0099 * 0.5, 0.02 * 0.5),
    # deposition-cvd-ald
    #   KR (strictest ally): kr-base-multilateral 0.02 * 0.5 = 0.01
    #   US (binds US): us-2020-12-18-smic-entity-list 0.0066 * 0.5 = 0.0033
    ("deposition-cvd-ald", 0.17, 0.0066 * 0.5, 0.02 * 0.5),
    # deposition-pvd
    #   US (binds US, strictest ally): us-2020-12-18-smic-entity-list 0.006 * 0.5 = 0.003
    ("deposition-pvd", 0.05, 0.006 * 0.5, 0.006 * 0.5),
    # wafer-cleaning
    #   KR (strictest ally): kr-base-multilateral 0.02 * 0.5 = 0.01
    ("wafer-cleaning", 0.04, 0.0, 0.02 * 0.5),
    # semicap-services, service: only packages that cover servicing
    #   US (binds US, strictest ally): us-2020-12-18-smic-entity-list 0.01 * 0.5 = 0.005
    ("semicap-services", 0.3593, 0.01 * 0.5, 0.01 * 0.5),
]
# No segment discloses its China share: c = M for each.
C_NOW = sum(w * M * now for _, w, now, _ in SEGMENTS)
GAP = sum(w * M * (aligned - now) for _, w, now, aligned in SEGMENTS)
C = C_NOW + 0.3 * GAP  # eta: alignment_probability.default

# 3. Retaliation exposure
# coercion_events.csv: days before 2022-10-06, a (1 toward US, 0.25 toward everyone), severity; halved every 3 years
# None toward US or everyone by this date.
LATENT = 0.0

# mineral_imports.csv 2020, US, codes 280530 and 284690, by value: China's share of rare-earth imports
RARE_EARTHS = (0.704601 * 9435.582 + 0.577827 * 66565.745) / (9435.582 + 66565.745)
# Columns: mineral, leverage L = sqrt(p q), sum over segments of w d (1 - sigma) kappa.
# p: minerals.csv, the larger of mined and refined; q: China's share of US's imports; d, sigma: family_minerals.csv.
# Trade figures of year Y are known from 1 February of Y + 2, so 2020 is the latest here.
MINERALS = [
    # tungsten: p mined, q code 810110 of US
    #   kappa: latent threat
    (
        "tungsten",
        sqrt(0.7791 * 0.379248),
        (
            0.17 * 0.2 * (1 - 0.3)  # deposition-cvd-ald
        )
        * LATENT,
    ),
    # molybdenum: p mined, q not measured: p / 2
    #   kappa: latent threat
    (
        "molybdenum",
        sqrt(0.4152 * (0.4152 / 2)),
        (
            0.17 * 0.2 * (1 - 0.3)  # deposition-cvd-ald
        )
        * LATENT,
    ),
    # neodymium-praseodymium: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "neodymium-praseodymium",
        sqrt(0.91 * RARE_EARTHS),
        (
            0.3807 * 0.25 * (1 - 0.25)  # etch
            + 0.17 * 0.25 * (1 - 0.25)  # deposition-cvd-ald
            + 0.05 * 0.25 * (1 - 0.25)  # deposition-pvd
            + 0.04 * 0.25 * (1 - 0.25)  # wafer-cleaning
            + 0.3593 * 0.25 * (1 - 0.25)  # semicap-services
        )
        * LATENT,
    ),
    # gadolinium: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "gadolinium",
        sqrt(0.91 * RARE_EARTHS),
        (
            0.3807 * 0.1 * (1 - 0.5)  # etch
        )
        * LATENT,
    ),
    # yttrium: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "yttrium",
        sqrt(0.9 * RARE_EARTHS),
        (
            0.3807 * 0.6 * (1 - 0.15)  # etch
            + 0.17 * 0.45 * (1 - 0.15)  # deposition-cvd-ald
            + 0.05 * 0.35 * (1 - 0.15)  # deposition-pvd
            + 0.3593 * 0.45 * (1 - 0.15)  # semicap-services
        )
        * LATENT,
    ),
    # scandium: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "scandium",
        sqrt(0.66 * RARE_EARTHS),
        (
            0.05 * 0.2 * (1 - 0.3)  # deposition-pvd
        )
        * LATENT,
    ),
    # fluorspar: p mined, q code 252922 of US
    #   kappa: latent threat
    (
        "fluorspar",
        sqrt(0.6774 * 0.040489),
        (
            0.3807 * 0.2 * (1 - 0.2)  # etch
        )
        * LATENT,
    ),
    # tantalum: p mined, q code 810310 of US
    #   kappa: latent threat
    (
        "tantalum",
        sqrt(0.036 * 0.145496),
        (
            0.05 * 0.2 * (1 - 0.3)  # deposition-pvd
        )
        * LATENT,
    ),
]
X = {mineral: leverage * min(1, felt) for mineral, leverage, felt in MINERALS}
R_SUPPLY = 1 - prod(1 - x for x in X.values())

# Access: the strictest access measure, or the latent threat times the vulnerability of the product group.
ACCESS = [
    0.1 * LATENT,  # etch: semiconductor-equipment
    0.1 * LATENT,  # deposition-cvd-ald: semiconductor-equipment
    0.1 * LATENT,  # deposition-pvd: semiconductor-equipment
    0.1 * LATENT,  # wafer-cleaning: semiconductor-equipment
    0.1 * LATENT,  # semicap-services: semiconductor-equipment
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
    assert str(row["china_share_period_end"]) == "2021-06-27"
    assert row["china_share_evidence"] == "reported"
    assert row["product_mix"] == "business-mix 2015-01-01"
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
    assert round(SCORE, 2) == 41.91
    assert row["score_floor"] is None


def test_confidence(result, near):
    """The share is reported and 346 days old (from 2021-10-25); every other leaf rests on expert judgement, 0.4."""
    share = 1.0 * 2 ** (-(346 / 365.25) / 4)
    row = result(COMPANY, AS_OF)
    near(row["confidence"], (POINTS[0] * share + POINTS[1] * 0.4) / SCORE)
    assert row["confidence_grade"] == "A"
