"""Revenue at risk of Tokyo Electron and ASML under the MATCH Act on 2026-07-31, worked out by hand.

The numbers are cells of data/reference/*.csv and data/scenarios/match-act-enacted.yaml, and values of
data/methodology/2026.1.yaml.
"""

import datetime as dt
from math import exp, prod

import pytest

import scoring

AS_OF, SCENARIO = "2026-07-31", "match-act-enacted"


@pytest.fixture
def row(release):
    scorer = scoring.Scorer(release, AS_OF, "2026.1", scenario=SCENARIO)

    def of(company):
        return scorer.revenue_at_risk([company]).iloc[0], scorer.score([company]).iloc[0]

    return of


def latent(events):
    """Latent threat: a, severity and days before, halved every 3 years."""
    return 0.4 * (1 - exp(-sum(a * severity * 2 ** (-(days / 365.25) / 3) for days, a, severity in events) / 6))


def test_tokyo_electron(row, near):
    risk, score = row("tokyo-electron")
    # The share 0.417 is of the year to 2025-03-31, from 2024-04-01: day 182 of 364 is 2024-09-30.
    assert (risk["fiscal_period"], risk["base_date"]) == ("2025", dt.date(2024, 9, 30))

    # Control. Columns: w, r that bound JP on 2024-09-30 (as in cases/tokyo-electron-2024-09-02.yaml), r under the Act,
    # 0.4 * 1.
    segments = [
        (0.195, 0.05 * 0.5, 0.4),  # coater-developer
        (0.257, 0.12 * 0.5, 0.4),  # etch
        (0.125, 0.15 * 0.5, 0.4),  # deposition-cvd-ald
        (0.045, 0.036 * 0.5, 0.4),  # thermal-processing
        (0.09, 0.08 * 0.5, 0.4),  # wafer-cleaning
        (0.0376, 0.0, 0.0),  # semi-test: not in the Act
        (0.2214, 0.08 * 0.5, 0.4),  # semicap-services
        (0.029, 0.0, 0.0),  # fpd-equipment: not in the Act
    ]
    control = sum(w * 0.417 * max(0, after - before) for w, before, after in segments)
    near(risk["control_loss"], control)

    # Retaliation. On 2024-09-30 no measure was on these minerals, and the latent threat toward Japan was felt:
    # the acts of cases/tokyo-electron-2024-09-02.yaml, 28 days older, and a threat of 2024-09-17.
    then = latent(
        [(5123, 1, 0.8), (5120, 1, 0.3), (455, 0.25, 1), (427, 0.25, 1), (403, 1, 1.5), (335, 0.25, 1),
         (284, 0.25, 1), (154, 1, 0.3), (46, 0.25, 1), (28, 1, 0.3), (13, 1, 0.3)]
    )  # fmt: skip
    # On 2026-07-31: an informal embargo 0.7 on the rare earths; the latent threat above the 0.3 of licensing elsewhere.
    now = 0.3023151665837713
    rare_earths = {"yttrium": 0.11360332132137316, "neodymium-praseodymium": 0.07646070733911844,
                   "gadolinium": 0.005412215599023188}  # fmt: skip
    others = {"tungsten": 0.005089362939506492, "molybdenum": 0.002112414984571274, "fluorspar": 0.00875939868011147,
              "platinum-group": 8.064092018854723e-07}  # fmt: skip
    # x is proportional to force: all of Tokyo Electron's stakes are far below 1.
    supply_now = 1 - prod(1 - x for x in (*rare_earths.values(), *others.values()))
    supply_then = 1 - prod(
        1 - x for x in (*(x * then / 0.7 for x in rare_earths.values()), *(x * then / now for x in others.values()))
    )
    # Access: every family is semiconductor equipment, vulnerability 0.1.
    access = [sum(w * 0.417 for w, *_ in segments) * 0.1 * threat for threat in (now, then)]
    kept_now, kept_then = (1 - supply_now) * (1 - access[0]), (1 - supply_then) * (1 - access[1])
    near(score["retaliation"], 1 - kept_now)
    retaliation = 1 - kept_now / kept_then
    near(risk["retaliation_loss"], retaliation)

    # Money: revenue.csv 2431568 million yen; exchange_rates.csv 2025-03-31: 161.6 yen and 1.0815 dollars per euro.
    share = 1 - (1 - control) * (1 - retaliation)
    near(risk["share_at_risk"], share)
    assert risk["revenue_at_risk"] == pytest.approx(2_431_568e6 * share, rel=1e-9)
    assert risk["revenue_at_risk_usd"] == pytest.approx(2_431_568e6 * share / 161.6 * 1.0815, rel=1e-9)
    assert round(share, 4) == 0.2750
    assert risk["share_at_risk_low"] < share < risk["share_at_risk_high"]


def test_asml(row, near):
    risk, _ = row("asml")
    assert (risk["fiscal_period"], risk["base_date"]) == ("2025", dt.date(2025, 7, 2))
    # Columns: w, r that bound NL on 2025-07-02 (2025's Dutch packages are in the year), r under the Act.
    segments = [
        (0.330633, 1.0, 1.0),  # litho-euv: nothing left to lose
        (0.245625, 0.305, 1.0),  # litho-arf-immersion
        (0.124212, 0.0, 0.0),  # litho-duv-dry: not in the Act
        (0.028303, 0.05, 0.4),  # metrology-inspection
        (0.271227, 0.05, 0.4),  # semicap-services
    ]
    control = sum(w * 0.33 * max(0, after - before) for w, before, after in segments)
    near(risk["control_loss"], control)
    share = 1 - (1 - control) * (1 - risk["retaliation_loss"])
    near(risk["share_at_risk"], share)
    # revenue.csv: 32.7 billion euros; exchange_rates.csv 2025-12-31: 1.175 dollars per euro.
    assert risk["revenue_at_risk_usd"] == pytest.approx(32.7e9 * share * 1.175, rel=1e-9)
    assert round(share, 4) == 0.1061
