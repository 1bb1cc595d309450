"""Tokyo Electron Ltd as of 2024-09-02, worked out by hand.

The numbers are cells of data/reference/*.csv and values of data/methodology/2026.1.yaml; the steps are those of
docs/methodology.md. Whoever has the tables and a pocket calculator gets the same.

Japan's list of July 2023 binds; the same tools from the United States face more. A threat of that very day already
counts, and the annual share prevails over a later quarter.
"""

from math import exp, prod, sqrt

COMPANY, AS_OF = "tokyo-electron", "2024-09-02"

# 1. Market exposure
# revenue.csv tokyo-electron 2024: china_share, period to 2024-03-31, known by 2024-07-29, secondary
#   not 2025Q1 (0.499): a shorter period, while there is a year
#   not 2025Q2 (0.413): known by 2024-11-13
M = 0.44

# 2. Control exposure
# w: business_mix.csv tokyo-electron from 2015-01-01, share; they sum to 1
# (segments.csv has no year known by this date that may be used)
# Products of phi (family_rules.csv, fraction) and rho (rules.csv, measure) of the packages in force, summed by imposer.
# The columns: family, w, r of the strictest imposer that binds JP, r that the strictest ally faces.
SEGMENTS = [
    # coater-developer
    #   JP (binds JP): jp-2023-07-23 0.05 * 0.5 = 0.025
    #   US (strictest ally): us-2022-10-07-sme-home 0.044 * 0.9 + us-2023-10-17-sme-home 0.028 * 0.9 = 0.0648
    ("coater-developer", 0.195, 0.05 * 0.5, 0.044 * 0.9 + 0.028 * 0.9),
    # etch
    #   GB: gb-2024-04-01 0.06 * 0.5 = 0.03
    #   JP (binds JP): jp-2023-07-23 0.12 * 0.5 = 0.06
    #   KR: kr-base-multilateral 0.02 * 0.5 = 0.01
    #   US (strictest ally): us-2020-12-18-smic-entity-list 0.0099 * 0.5 + us-2022-10-07-sme-home 0.264 * 0.9 +
    #       us-2023-10-17-sme-home 0.0165 * 0.9 = 0.2574
    ("etch", 0.257, 0.12 * 0.5, 0.0099 * 0.5 + 0.264 * 0.9 + 0.0165 * 0.9),
    # deposition-cvd-ald
    #   JP (binds JP): jp-2023-07-23 0.15 * 0.5 = 0.075
    #   KR: kr-base-multilateral 0.02 * 0.5 = 0.01
    #   NL: nl-2023-09-01 0.15 * 0.5 = 0.075
    #   US (strictest ally): us-2020-12-18-smic-entity-list 0.0066 * 0.5 + us-2022-10-07-sme-home 0.154 * 0.9 +
    #       us-2023-10-17-sme-home 0.022 * 0.9 = 0.1617
    ("deposition-cvd-ald", 0.125, 0.15 * 0.5, 0.0066 * 0.5 + 0.154 * 0.9 + 0.022 * 0.9),
    # thermal-processing
    #   JP (binds JP): jp-2023-07-23 0.036 * 0.5 = 0.018
    #   KR: kr-base-multilateral 0.02 * 0.5 = 0.01
    #   US (strictest ally): us-2022-10-07-sme-home 0.09 * 0.9 = 0.081
    ("thermal-processing", 0.045, 0.036 * 0.5, 0.09 * 0.9),
    # wafer-cleaning
    #   JP (binds JP): jp-2023-07-23 0.08 * 0.5 = 0.04
    #   KR: kr-base-multilateral 0.02 * 0.5 = 0.01
    #   US (strictest ally): us-2022-10-07-sme-home 0.0825 * 0.9 + us-2023-10-17-sme-home 0.03 * 0.9 = 0.10125
    ("wafer-cleaning", 0.09, 0.08 * 0.5, 0.0825 * 0.9 + 0.03 * 0.9),
    # semi-test
    #   GB: gb-base-multilateral 0.01 * 0.5 = 0.005
    #   US (strictest ally): us-2020-12-18-smic-entity-list 0.006 * 0.5 + us-2022-10-07-sme-home 0.006 * 0.9 =
    #       0.0084
    ("semi-test", 0.0376, 0.0, 0.006 * 0.5 + 0.006 * 0.9),
    # semicap-services, service: only packages that cover servicing
    #   JP (binds JP): jp-2023-07-23-programs-parts 0.08 * 0.5 = 0.04
    #   NL: nl-2023-09-01-servicing 0.05 * 0.5 = 0.025
    #   US (strictest ally): us-2020-12-18-smic-entity-list 0.01 * 0.5 + us-2022-10-07-sme-home 0.09 * 0.9 +
    #       us-2022-12-16-entity-list 0.01 * 0.9 = 0.095
    ("semicap-services", 0.2214, 0.08 * 0.5, 0.01 * 0.5 + 0.09 * 0.9 + 0.01 * 0.9),
    # fpd-equipment
    #   US (strictest ally): us-2019-05-16-huawei-entity-list 0.01 * 0.9 = 0.009
    ("fpd-equipment", 0.029, 0.0, 0.01 * 0.9),
]
# No segment discloses its China share: c = M for each.
C_NOW = sum(w * M * now for _, w, now, _ in SEGMENTS)
GAP = sum(w * M * (aligned - now) for _, w, now, aligned in SEGMENTS)
C = C_NOW + 0.3 * GAP  # eta: alignment_probability.default

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
    # tungsten: p mined, q code 810110 of JP
    #   kappa: latent threat
    (
        "tungsten",
        sqrt(0.7791 * 0.901641),
        (
            0.125 * 0.2 * (1 - 0.3)  # deposition-cvd-ald
            + 0.0376 * 0.2 * (1 - 0.4)  # semi-test
        )
        * LATENT,
    ),
    # molybdenum: p mined, q not measured: p / 2
    #   kappa: latent threat
    (
        "molybdenum",
        sqrt(0.4152 * (0.4152 / 2)),
        (
            0.125 * 0.2 * (1 - 0.3)  # deposition-cvd-ald
            + 0.045 * 0.2 * (1 - 0.3)  # thermal-processing
        )
        * LATENT,
    ),
    # neodymium-praseodymium: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "neodymium-praseodymium",
        sqrt(0.91 * RARE_EARTHS),
        (
            0.195 * 0.25 * (1 - 0.25)  # coater-developer
            + 0.257 * 0.25 * (1 - 0.25)  # etch
            + 0.125 * 0.25 * (1 - 0.25)  # deposition-cvd-ald
            + 0.045 * 0.25 * (1 - 0.25)  # thermal-processing
            + 0.09 * 0.25 * (1 - 0.25)  # wafer-cleaning
            + 0.2214 * 0.25 * (1 - 0.25)  # semicap-services
            + 0.029 * 0.3 * (1 - 0.25)  # fpd-equipment
        )
        * LATENT,
    ),
    # gadolinium: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "gadolinium",
        sqrt(0.91 * RARE_EARTHS),
        (
            0.257 * 0.1 * (1 - 0.5)  # etch
        )
        * LATENT,
    ),
    # yttrium: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "yttrium",
        sqrt(0.9 * RARE_EARTHS),
        (
            0.257 * 0.6 * (1 - 0.15)  # etch
            + 0.125 * 0.45 * (1 - 0.15)  # deposition-cvd-ald
            + 0.045 * 0.2 * (1 - 0.15)  # thermal-processing
            + 0.2214 * 0.45 * (1 - 0.15)  # semicap-services
        )
        * LATENT,
    ),
    # fluorspar: p mined, q code 252922 of JP
    #   kappa: latent threat
    (
        "fluorspar",
        sqrt(0.6774 * 0.687614),
        (
            0.257 * 0.2 * (1 - 0.2)  # etch
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
            0.0376 * 0.2 * (1 - 0.4)  # semi-test
        )
        * LATENT,
    ),
]
X = {mineral: leverage * min(1, felt) for mineral, leverage, felt in MINERALS}
R_SUPPLY = 1 - prod(1 - x for x in X.values())

# Access: the strictest access measure, or the latent threat times the vulnerability of the product group.
ACCESS = [
    0.1 * LATENT,  # coater-developer: semiconductor-equipment
    0.1 * LATENT,  # etch: semiconductor-equipment
    0.1 * LATENT,  # deposition-cvd-ald: semiconductor-equipment
    0.1 * LATENT,  # thermal-processing: semiconductor-equipment
    0.1 * LATENT,  # wafer-cleaning: semiconductor-equipment
    0.1 * LATENT,  # semi-test: semiconductor-equipment
    0.1 * LATENT,  # semicap-services: semiconductor-equipment
    0.1 * LATENT,  # fpd-equipment: semiconductor-equipment
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
    assert str(row["china_share_period_end"]) == "2024-03-31"
    assert row["china_share_evidence"] == "secondary"
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
    assert round(SCORE, 2) == 50.03
    assert row["score_floor"] is None


def test_confidence(result, near):
    """The share is second-hand, 0.8, and 35 days old (from 2024-07-29).

    Fractions and all of the mix but services are expert judgement, 0.4; fractions of services too. All of
    retaliation is a latent threat, which counts as modelled, 0.3, and nothing behind it is less sure.
    """
    share = 0.8 * 2 ** (-(35 / 365.25) / 4)
    row = result(COMPANY, AS_OF)
    near(row["confidence"], (POINTS[0] * share + POINTS[1] * 0.4 + POINTS[2] * 0.3) / SCORE)
    assert row["confidence_grade"] == "B"
