"""The equations of docs/methodology.md once more, from its text and not from the library; one function a version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp, prod, sqrt

from tests.golden.case import Case, Mineral, calculate, case

ROW = (
    "market",
    "control_now",
    "alignment_gap",
    "control",
    "retaliation_supply",
    "retaliation_access",
    "retaliation",
    "score_market",
    "score_control",
    "score_retaliation",
    "score",
    "score_floor",
)


@dataclass(frozen=True)
class Working:
    """What a case works out to: segments in its order, minerals by name, cells of the result row by column."""

    w: list[float]
    c: list[float] | None
    now: list[float]
    aligned: list[float]
    latent: float
    minerals: dict[str, float]
    row: dict[str, float | None]
    numbers: dict[str, float]

    @property
    def points(self) -> list[float]:
        """Points of market, control and retaliation."""
        return [self.row[f"score_{pillar}"] for pillar in ("market", "control", "retaliation")]


def saturate(exposure: float, half: float) -> float:
    return (1 - 2 ** (-exposure / half)) / (1 - 2 ** (-1 / half))


def version_2026_1(case: Case) -> Working:
    """Sections 1 to 4 under methodology 2026.1."""
    threat = sum(a * severity * 2 ** (-(days / 365.25) / 3) for days, a, severity in case.events)
    names = {"LATENT": 0.4 * (1 - exp(-threat / 6))}
    known = case.china_share is not None
    if known:
        names["M"] = calculate(case.china_share, {})
    for name, arithmetic in case.let.items():
        names[name] = calculate(arithmetic, names)

    def of(field: str) -> list[float]:
        return [calculate(getattr(segment, field), names) for segment in case.segments]

    w, now, aligned = of("w"), of("now"), of("aligned")
    x = {
        name: calculate(mineral.leverage, names)
        * min(1, sum(calculate(need, names) for need in mineral.needs.values()) * calculate(mineral.force, names))
        for name, mineral in case.minerals.items()
    }
    supply = 1 - prod(1 - each for each in x.values())
    row: dict[str, float | None] = dict.fromkeys(ROW)
    row["retaliation_supply"] = supply
    c = of("c") if known else None
    if known:
        row["market"] = names["M"]
        row["control_now"] = sum(a * b * r for a, b, r in zip(w, c, now, strict=True))
        row["alignment_gap"] = sum(a * b * (s - r) for a, b, r, s in zip(w, c, now, aligned, strict=True))
        row["control"] = row["control_now"] + 0.3 * row["alignment_gap"]  # eta: alignment_probability.default
        row["retaliation_access"] = sum(a * b * shut for a, b, shut in zip(w, c, of("access"), strict=True))
        row["retaliation"] = 1 - (1 - supply) * (1 - row["retaliation_access"])
        pillars = {"market": (0.40, 0.25), "control": (0.35, 0.10), "retaliation": (0.25, 0.20)}
        squares = {p: weight * saturate(row[p], half) ** 2 for p, (weight, half) in pillars.items()}
        norm = sqrt(sum(squares.values()))
        row |= {f"score_{pillar}": 100 * square / norm for pillar, square in squares.items()}
        row["score"] = 100 * norm
    else:  # the floor takes market and control as zero and retaliation at its supply side
        row["score_floor"] = 100 * sqrt(0.25 * saturate(supply, 0.20) ** 2)
    numbers = {column: calculate(arithmetic, {**names, **row}) for column, arithmetic in case.numbers.items()}
    return Working(w, c, now, aligned, names["LATENT"], x, row, numbers)


def version_2026_2(case: Case) -> Working:
    """Sections 1 to 4 under methodology 2026.2."""
    threat = sum(a * severity * 2 ** (-(days / 365.25) / 3) for days, a, severity in case.events)
    names = {"LATENT": 0.15 * (1 - exp(-threat / 6))}
    known = case.china_share is not None
    if known:
        names["M"] = calculate(case.china_share, {})
    for name, arithmetic in case.let.items():
        names[name] = calculate(arithmetic, names)

    def of(field: str) -> list[float]:
        return [calculate(getattr(segment, field), names) for segment in case.segments]

    def stopped(mineral: Mineral, family: str) -> float:
        """What China can stop of a family through a mineral: L d (1 - sigma) kappa."""
        act = calculate(mineral.forces.get(family, mineral.force), names)
        kappa = 1 - (1 - names["LATENT"]) * (1 - act)
        return calculate(mineral.leverage, names) * calculate(mineral.needs.get(family, 0), names) * kappa

    w, now, aligned = of("w"), of("now"), of("aligned")
    x = dict.fromkeys(case.minerals, 0.0)
    for share, family in zip(w, case.families, strict=True):
        each = {name: stopped(mineral, family) for name, mineral in case.minerals.items()}
        if each:
            scarcest = max(each, key=each.__getitem__)
            x[scarcest] += share * each[scarcest]
    supply = sum(x.values())
    row: dict[str, float | None] = dict.fromkeys(ROW)
    row["retaliation_supply"] = supply
    c = of("c") if known else None
    if known:
        row["market"] = names["M"]
        families = sum(a * b * r for a, b, r in zip(w, c, now, strict=True))
        row["control_now"] = min(names["M"], families + max(0, calculate(case.named, names)))
        row["alignment_gap"] = sum(a * b * (s - r) for a, b, r, s in zip(w, c, now, aligned, strict=True))
        row["control"] = row["control_now"] + 0.3 * row["alignment_gap"]  # eta: alignment_probability.default
        row["retaliation_access"] = sum(a * b * shut for a, b, shut in zip(w, c, of("access"), strict=True))
        row["retaliation"] = 1 - (1 - supply) * (1 - row["retaliation_access"])
        halves = {"market": 0.25, "control": 0.02, "retaliation": 0.20}
        row |= {f"score_{pillar}": 100 / 3 * saturate(row[pillar], half) for pillar, half in halves.items()}
        row["score"] = sum(row[f"score_{pillar}"] for pillar in halves)
    else:  # the floor takes market and control as zero and retaliation at its supply side
        row["score_floor"] = 100 / 3 * saturate(supply, 0.20)
    numbers = {column: calculate(arithmetic, {**names, **row}) for column, arithmetic in case.numbers.items()}
    return Working(w, c, now, aligned, names["LATENT"], x, row, numbers)


EQUATIONS = {"2026.1": version_2026_1, "2026.2": version_2026_2}


@cache
def worked(name: str) -> Working:
    """Working of a case, by the equations of its methodology."""
    return EQUATIONS[case(name).methodology](case(name))
