"""ASML Holding N.V. as of 2024-09-30, worked out by hand.

The numbers are cells of data/reference/*.csv and values of data/methodology/2026.1.yaml; the steps are those of
docs/methodology.md. Whoever has the tables and a pocket calculator gets the same.

A company with reported segments. EUV is prohibited outright and immersion is caught by two Dutch packages that add up.
"""

from math import exp, prod, sqrt

COMPANY, AS_OF = "asml", "2024-09-30"

# 1. Market exposure
# revenue.csv asml 2023: china_share, period to 2023-12-31, known by 2024-04-17, derived
#   not 2024Q1 (0.49): a shorter period, while there is a year
#   not 2024Q2 (0.49): a shorter period, while there is a year
#   not 2024Q3 (0.47): known by 2024-10-15
M = 0.2631

# 2. Control exposure
# w: segments.csv asml 2022, revenue_share (each row known by 2023-01-31); they sum to 1
# Products of phi (family_rules.csv, fraction) and rho (rules.csv, measure) of the packages in force, summed by imposer.
# The columns: family, w, r of the strictest imposer that binds NL, r that the strictest ally faces.
SEGMENTS = [
    # EUV systems: litho-euv
    #   EU (binds NL, less): eu-base-multilateral 1 * 0.5 = 0.5
    #   JP: jp-2023-07-23 1 * 0.5 = 0.5
    #   NL (binds NL, strictest ally): nl-2019-euv 1 * 1 = 1
    #   US: us-2023-10-17-sme-home 1 * 0.9 = 0.9
    ("litho-euv", 0.330633, 1 * 1, 1 * 1),
    # ArF immersion systems: litho-arf-immersion
    #   JP: jp-2023-07-23 0.51 * 0.5 = 0.255
    #   NL (binds NL, strictest ally): nl-2024-01-24-immersion-denial 0.15 * 0.9 + nl-2024-09-07 0.85 * 0.2 = 0.305
    #   US: us-2022-10-07-sme-home 0.03 * 0.9 + us-2023-10-17-sme-home 0.12 * 0.9 = 0.135
    ("litho-arf-immersion", 0.245625, 0.15 * 0.9 + 0.85 * 0.2, 0.15 * 0.9 + 0.85 * 0.2),
    # Dry systems (ArF dry, KrF, i-line): litho-duv-dry
    #   US (strictest ally): us-2020-12-18-smic-entity-list 0.01 * 0.5 = 0.005
    ("litho-duv-dry", 0.124212, 0.0, 0.01 * 0.5),
    # Metrology and inspection systems: metrology-inspection
    #   GB: gb-2024-04-01 0.03 * 0.5 = 0.015
    #   JP: jp-base-multilateral 0.006 * 0.5 + jp-2024-09 0.014 * 0.5 = 0.01
    #   US (strictest ally): us-2022-10-07-sme-home 0.09 * 0.9 + us-2024-09-06-plurilateral 0.01 * 0.5 = 0.086
    ("metrology-inspection", 0.028303, 0.0, 0.09 * 0.9 + 0.01 * 0.5),
    # Installed Base Management: semicap-services, service: only packages that cover servicing
    #   JP: jp-2023-07-23-programs-parts 0.08 * 0.5 = 0.04
    #   NL (binds NL): nl-2023-09-01-servicing 0.05 * 0.5 + nl-2024-09-06-servicing 0.05 * 0.5 = 0.05
    #   US (strictest ally): us-2020-12-18-smic-entity-list 0.01 * 0.5 + us-2022-10-07-sme-home 0.09 * 0.9 +
    #       us-2022-12-16-entity-list 0.01 * 0.9 = 0.095
    ("semicap-services", 0.271227, 0.05 * 0.5 + 0.05 * 0.5, 0.01 * 0.5 + 0.09 * 0.9 + 0.01 * 0.9),
]
# No segment discloses its China share: c = M for each.
C_NOW = sum(w * M * now for _, w, now, _ in SEGMENTS)
GAP = sum(w * M * (aligned - now) for _, w, now, aligned in SEGMENTS)
C = C_NOW + 0.3 * GAP  # eta: alignment_probability.default

# 3. Retaliation exposure
# coercion_events.csv: days before 2024-09-30, a (1 toward NL, 0.25 toward everyone), severity; halved every 3 years
EVENTS = [
    (455, 0.25, 1),  # 2023-07-gallium-germanium: 2023-07-03, WW, formal-control
    (427, 0.25, 1),  # 2023-07-drones: 2023-07-31, WW, formal-control
    (335, 0.25, 1),  # 2023-10-graphite: 2023-10-31, WW, formal-control
    (284, 0.25, 1),  # 2023-12-rare-earth-technology: 2023-12-21, WW, formal-control
    (46, 0.25, 1),  # 2024-08-antimony: 2024-08-15, WW, formal-control
    (22, 1, 0.3),  # 2024-09-netherlands-protest: 2024-09-08, NL, threat
]
LATENT = 0.4 * (1 - exp(-sum(a * severity * 2 ** (-(days / 365.25) / 3) for days, a, severity in EVENTS) / 6))

# mineral_imports.csv 2022, NL, codes 280530 and 284690, by value: China's share of rare-earth imports
RARE_EARTHS = (0.441382 * 1126.728 + 0.893245 * 8151.981) / (1126.728 + 8151.981)
# Columns: mineral, leverage L = sqrt(p q), sum over segments of w d (1 - sigma) kappa.
# p: minerals.csv, the larger of mined and refined; q: China's share of NL's imports; d, sigma: family_minerals.csv.
# Trade figures of year Y are known from 1 February of Y + 2, so 2022 is the latest here.
MINERALS = [
    # germanium: p refined, q not measured: p / 2
    #   kappa 0.3: cn-2023-08-01-germanium, licence-required (over a latent threat of 0.0794)
    (
        "germanium",
        sqrt(0.68 * (0.68 / 2)),
        (
            0.330633 * 0.1 * (1 - 0.4)  # litho-euv
            + 0.245625 * 0.1 * (1 - 0.4)  # litho-arf-immersion
            + 0.124212 * 0.1 * (1 - 0.4)  # litho-duv-dry
            + 0.028303 * 0.1 * (1 - 0.4)  # metrology-inspection
        )
        * 0.3,
    ),
    # molybdenum: p mined, q not measured: p / 2
    #   kappa: latent threat
    (
        "molybdenum",
        sqrt(0.4152 * (0.4152 / 2)),
        (
            0.330633 * 0.4 * (1 - 0.05)  # litho-euv
        )
        * LATENT,
    ),
    # neodymium-praseodymium: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "neodymium-praseodymium",
        sqrt(0.91 * RARE_EARTHS),
        (
            0.330633 * 0.6 * (1 - 0.15)  # litho-euv
            + 0.245625 * 0.55 * (1 - 0.15)  # litho-arf-immersion
            + 0.124212 * 0.5 * (1 - 0.15)  # litho-duv-dry
            + 0.028303 * 0.35 * (1 - 0.2)  # metrology-inspection
            + 0.271227 * 0.25 * (1 - 0.25)  # semicap-services
        )
        * LATENT,
    ),
    # dysprosium-terbium: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "dysprosium-terbium",
        sqrt(0.999 * RARE_EARTHS),
        (
            0.330633 * 0.5 * (1 - 0.2)  # litho-euv
            + 0.245625 * 0.45 * (1 - 0.2)  # litho-arf-immersion
            + 0.124212 * 0.4 * (1 - 0.2)  # litho-duv-dry
        )
        * LATENT,
    ),
    # yttrium: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "yttrium",
        sqrt(0.9 * RARE_EARTHS),
        (
            0.330633 * 0.35 * (1 - 0.2)  # litho-euv
            + 0.245625 * 0.35 * (1 - 0.2)  # litho-arf-immersion
            + 0.124212 * 0.35 * (1 - 0.2)  # litho-duv-dry
            + 0.028303 * 0.25 * (1 - 0.25)  # metrology-inspection
            + 0.271227 * 0.45 * (1 - 0.15)  # semicap-services
        )
        * LATENT,
    ),
    # other-heavy-rare-earths: p refined, q codes 280530, 284690
    #   kappa: latent threat
    (
        "other-heavy-rare-earths",
        sqrt(0.91 * RARE_EARTHS),
        (
            0.330633 * 0.25 * (1 - 0.3)  # litho-euv
        )
        * LATENT,
    ),
    # fluorspar: p mined, q code 252922 of NL
    #   kappa: latent threat
    (
        "fluorspar",
        sqrt(0.6774 * 0.031498),
        (
            0.330633 * 0.1 * (1 - 0.2)  # litho-euv
            + 0.245625 * 0.3 * (1 - 0.2)  # litho-arf-immersion
            + 0.124212 * 0.3 * (1 - 0.2)  # litho-duv-dry
        )
        * LATENT,
    ),
    # tin: p mined, q not measured: p / 2
    #   kappa: latent threat
    (
        "tin",
        sqrt(0.2541 * (0.2541 / 2)),
        (
            0.330633 * 0.5 * (1 - 0.05)  # litho-euv
        )
        * LATENT,
    ),
]
X = {mineral: leverage * min(1, felt) for mineral, leverage, felt in MINERALS}
R_SUPPLY = 1 - prod(1 - x for x in X.values())

# Access: the strictest access measure, or the latent threat times the vulnerability of the product group.
ACCESS = [
    0.1 * LATENT,  # litho-euv: semiconductor-equipment
    0.1 * LATENT,  # litho-arf-immersion: semiconductor-equipment
    0.1 * LATENT,  # litho-duv-dry: semiconductor-equipment
    0.1 * LATENT,  # metrology-inspection: semiconductor-equipment
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
    assert str(row["china_share_period_end"]) == "2023-12-31"
    assert row["china_share_evidence"] == "derived"
    assert row["product_mix"] == "segments 2022"
    assert row["product_mix_evidence"] == "derived;secondary"


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
    assert round(SCORE, 2) == 49.03
    assert row["score_floor"] is None
