"""AXT, Inc. as of 2026-07-31, worked out by hand.

The numbers are cells of data/reference/*.csv and values of data/methodology/2026.1.yaml; the steps are those of
docs/methodology.md. Whoever has the tables and a pocket calculator gets the same.

Only a quarter discloses a China share, and the shares of United States imports stated by the survey are known.
"""

from math import exp, prod, sqrt

COMPANY, AS_OF = "axt", "2026-07-31"

# 1. Market exposure
# revenue.csv axt 2025Q3: china_share, period to 2025-09-30, known by 2025-11-13, secondary
M = 0.4686

# 2. Control exposure
# w: business_mix.csv axt from 2015-01-01, share; they sum to 1
# (segments.csv has no year known by this date that may be used)
# Products of phi (family_rules.csv, fraction) and rho (rules.csv, measure) of the packages in force, summed by imposer.
# The columns: family, w, r of the strictest imposer that binds US, r that the strictest ally faces.
SEGMENTS = [
    # compound-substrates
    #   EU (strictest ally): eu-base-multilateral 0.2 * 0.5 = 0.1
    #   GB: gb-base-multilateral 0.2 * 0.5 = 0.1
    #   JP: jp-base-multilateral 0.2 * 0.5 = 0.1
    #   US (binds US): us-base-multilateral 0.2 * 0.5 = 0.1
    ("compound-substrates", 0.68, 0.2 * 0.5, 0.2 * 0.5),
    # metals-mining
    #   EU (strictest ally): eu-base-multilateral 0.01 * 0.5 = 0.005
    #   JP: jp-base-multilateral 0.01 * 0.5 = 0.005
    #   US (binds US): us-base-multilateral 0.01 * 0.5 = 0.005
    ("metals-mining", 0.32, 0.01 * 0.5, 0.01 * 0.5),
]
# No segment discloses its China share: c = M for each.
C_NOW = sum(w * M * now for _, w, now, _ in SEGMENTS)
GAP = sum(w * M * (aligned - now) for _, w, now, aligned in SEGMENTS)
C = C_NOW + 0.3 * GAP  # eta: alignment_probability.default

# 3. Retaliation exposure
# coercion_events.csv: days before 2026-07-31, a (1 toward US, 0.25 toward everyone), severity; halved every 3 years
EVENTS = [
    (1261, 1, 0.5),  # 2023-02-lockheed-raytheon-uel: 2023-02-16, US, listing
    (1218, 1, 0.4),  # 2023-03-micron-review: 2023-03-31, US, investigation
    (1167, 1, 0.8),  # 2023-05-micron-ban: 2023-05-21, US, procurement-ban
    (1124, 0.25, 1),  # 2023-07-gallium-germanium: 2023-07-03, WW, formal-control
    (1096, 0.25, 1),  # 2023-07-drones: 2023-07-31, WW, formal-control
    (1059, 1, 0.8),  # 2023-09-iphone: 2023-09-06, US, procurement-ban
    (1004, 0.25, 1),  # 2023-10-graphite: 2023-10-31, WW, formal-control
    (953, 0.25, 1),  # 2023-12-rare-earth-technology: 2023-12-21, WW, formal-control
    (948, 1, 0.8),  # 2023-12-government-cpu-os: 2023-12-26, US, procurement-ban
    (715, 0.25, 1),  # 2024-08-antimony: 2024-08-15, WW, formal-control
    (605, 1, 1.5),  # 2024-12-us-mineral-ban: 2024-12-03, US, prohibition
    (599, 1, 0.4),  # 2024-12-nvidia-probe: 2024-12-09, US, investigation
    (563, 1, 0.5),  # 2025-01-uel-defence: 2025-01-14, US, listing
    (561, 1, 0.4),  # 2025-01-legacy-chip-review: 2025-01-16, US, investigation
    (542, 0.25, 1),  # 2025-02-five-metals: 2025-02-04, WW, formal-control
    (542, 1, 0.4),  # 2025-02-google: 2025-02-04, US, investigation
    (542, 1, 0.5),  # 2025-02-illumina-uel: 2025-02-04, US, listing
    (542, 1, 0.5),  # 2025-02-pvh-uel: 2025-02-04, US, listing
    (536, 1, 0.4),  # 2025-02-tariffs: 2025-02-10, US, tariff
    (514, 1, 1.5),  # 2025-03-illumina-ban: 2025-03-04, US, prohibition
    (508, 1, 0.4),  # 2025-03-farm-tariffs: 2025-03-10, US, tariff
    (483, 1, 0.4),  # 2025-04-dupont: 2025-04-04, US, investigation
    (483, 1, 0.4),  # 2025-04-medical-imaging-antidumping: 2025-04-04, US, investigation
    (483, 0.25, 1),  # 2025-04-rare-earths: 2025-04-04, WW, formal-control
    (483, 1, 0.5),  # 2025-04-skydio-brinc: 2025-04-04, US, listing
    (483, 1, 0.4),  # 2025-04-tariff-34: 2025-04-04, US, tariff
    (478, 1, 0.5),  # 2025-04-ecl-28: 2025-04-09, US, listing
    (476, 1, 0.4),  # 2025-04-tariff-125: 2025-04-11, US, tariff
    (472, 1, 0.8),  # 2025-04-boeing: 2025-04-15, US, informal-embargo
    (381, 0.25, 1),  # 2025-07-battery-technology: 2025-07-15, WW, formal-control
    (365, 1, 0.4),  # 2025-07-h20-backdoor: 2025-07-31, US, investigation
    (321, 1, 0.4),  # 2025-09-analog-antidumping: 2025-09-13, US, investigation
    (321, 1, 0.4),  # 2025-09-chips-antidiscrimination: 2025-09-13, US, investigation
    (319, 1, 0.4),  # 2025-09-nvidia-preliminary: 2025-09-15, US, investigation
    (317, 1, 0.8),  # 2025-09-nvidia-rtx-pro: 2025-09-17, US, procurement-ban
    (309, 1, 0.5),  # 2025-09-25-uel-ecl: 2025-09-25, US, listing
    (295, 1, 0.5),  # 2025-10-aerovironment-teledyne: 2025-10-09, US, listing
    (295, 0.25, 1),  # 2025-10-rare-earth-package: 2025-10-09, WW, formal-control
    (294, 1, 0.4),  # 2025-10-qualcomm: 2025-10-10, US, investigation
    (290, 1, 0.4),  # 2025-10-port-fees: 2025-10-14, US, tariff
    (268, 0.25, 0.8),  # 2025-11-state-data-centres: 2025-11-05, WW, procurement-ban
    (198, 1, 0.8),  # 2026-01-cyber-software: 2026-01-14, US, procurement-ban
    (198, 1, 0.8),  # 2026-01-h200-customs: 2026-01-14, US, informal-embargo
    (90, 1, 1),  # 2026-05-blocking-order: 2026-05-02, US, formal-control
    (39, 1, 0.5),  # 2026-06-us-lists: 2026-06-22, US, listing
    (39, 1, 0.8),  # 2026-06-us-procurement: 2026-06-22, US, procurement-ban
]
LATENT = 0.4 * (1 - exp(-sum(a * severity * 2 ** (-(days / 365.25) / 3) for days, a, severity in EVENTS) / 6))

# Columns: mineral, leverage L = sqrt(p q), sum over segments of w d (1 - sigma) kappa.
# p: minerals.csv, the larger of mined and refined; q: China's share of US's imports; d, sigma: family_minerals.csv.
# Trade figures of year Y are known from 1 February of Y + 2, so 2024 is the latest here.
MINERALS = [
    # gallium: p refined, q mineral_facts.csv us_import_share_china 2024
    #   kappa: latent threat, above cn-2025-11-10-us-general-licences-gallium (0.1)
    (
        "gallium",
        sqrt(0.99 * 0.18),
        (
            0.68 * 0.95 * (1 - 0.02)  # compound-substrates
        )
        * LATENT,
    ),
    # germanium: p refined, q mineral_facts.csv us_import_share_china 2024
    #   kappa: latent threat, above cn-2025-11-10-us-general-licences-germanium (0.1)
    (
        "germanium",
        sqrt(0.68 * 0.41),
        (
            0.68 * 0.5 * (1 - 0.1)  # compound-substrates
        )
        * LATENT,
    ),
    # graphite: p refined, q mineral_facts.csv us_import_share_china 2024
    #   kappa: latent threat, above cn-2025-11-10-us-general-licences-graphite (0.1)
    (
        "graphite",
        sqrt(0.9 * 0.46),
        (
            0.68 * 0.3 * (1 - 0.2)  # compound-substrates
        )
        * LATENT,
    ),
    # tungsten: p mined, q mineral_facts.csv us_import_share_china 2024
    #   kappa: latent threat, above cn-2025-02-04-no10-tungsten (0.3)
    (
        "tungsten",
        sqrt(0.7791 * 0.26),
        (
            0.32 * 0.15 * (1 - 0.3)  # metals-mining
        )
        * LATENT,
    ),
    # indium: p refined, q mineral_facts.csv us_import_share_china 2024
    #   kappa: latent threat, above cn-2025-02-04-no10-indium (0.3)
    (
        "indium",
        sqrt(0.6972 * 0.12),
        (
            0.68 * 0.8 * (1 - 0.05)  # compound-substrates
        )
        * LATENT,
    ),
    # barite: p mined, q mineral_facts.csv us_import_share_china 2024
    #   kappa: latent threat
    (
        "barite",
        sqrt(0.224 * 0.21),
        (
            0.32 * 0.1 * (1 - 0.5)  # metals-mining
        )
        * LATENT,
    ),
    # phosphorus: p refined, q code 251020 of US
    #   kappa: latent threat
    (
        "phosphorus",
        sqrt(0.74 * 0.035913),
        (
            0.68 * 0.3 * (1 - 0.1)  # compound-substrates
        )
        * LATENT,
    ),
    # superhard-materials: p refined, q mineral_facts.csv us_import_share_china 2024
    #   kappa: latent threat, above cn-2024-09-15-no33-superhard-materials (0.3)
    (
        "superhard-materials",
        sqrt(0.95 * 0.77),
        (
            0.32 * 0.15 * (1 - 0.3)  # metals-mining
        )
        * LATENT,
    ),
]
X = {mineral: leverage * min(1, felt) for mineral, leverage, felt in MINERALS}
R_SUPPLY = 1 - prod(1 - x for x in X.values())

# Access: the strictest access measure, or the latent threat times the vulnerability of the product group.
ACCESS = [
    0.1 * LATENT,  # compound-substrates: semiconductor-materials
    0.2 * LATENT,  # metals-mining: energy-materials
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
    assert str(row["china_share_period_end"]) == "2025-09-30"
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
    assert round(SCORE, 2) == 59.63
    assert row["score_floor"] is None
