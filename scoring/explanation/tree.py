"""Explanation of one score: a tree whose leaves add up to it, and every fact behind every leaf.

The tree is a view of the same leaves that give the confidence; no formula is computed a second time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel

from scoring.errors import QueryError
from scoring.exposure.force import event_weights
from scoring.facts.citation import Fact, cite, cite_assumption
from scoring.reference.jurisdictions import EU
from scoring.score.leaves import ACCESS, ALIGNMENT, CONTROL, KINDS, MARKET, SUPPLY, ally_entries

if TYPE_CHECKING:
    from scoring.scorer import Scorer


class Node(BaseModel):
    """One node of the tree.

    Attributes
    ----------
    label : str
        What it is, in words.
    kind : str
        score, market, control, retaliation, segment, supply, mineral, access, or the kind of a leaf.
    points : float or None
        Points of the score; children add up to their parent. None where the company has no score.
    exposure : float or None
        Share of revenue, 0..1; None = unknown.
    certainty : float or None
        Of a leaf: certainty of its weakest fact, 0..1.
    facts : list of str
        Of a leaf: ids in `Explanation.facts`.
    children : list of Node
        Largest first.
    """

    label: str
    kind: str
    points: float | None = None
    exposure: float | None = None
    certainty: float | None = None
    facts: list[str] = []
    children: list[Node] = []


class ThreatEvent(BaseModel):
    """A past coercive act and its decayed weight in the latent threat at the as-of date."""

    fact: str
    weight: float


class LatentThreat(BaseModel):
    """Latent threat toward the company's home country, and the acts behind it, heaviest first.

    Attributes
    ----------
    country : str
        ISO 3166 code.
    value : float
        0 to below the methodology's maximum.
    events : list of ThreatEvent
    """

    country: str
    value: float
    events: list[ThreatEvent]


class Interval(BaseModel):
    """How far a score could move, and what moves it.

    Attributes
    ----------
    draws, seed : int
    score, rank : list of float
        5th, 50th and 95th percentile.
    importance : dict of str to float
        Total-order Sobol' index of each group of assumptions, greatest first: the part of the variance that would
        remain if all but the group were known.
    pillars : dict of str to float
        The same of everything that the market, control and retaliation exposure rest on.
    """

    draws: int
    seed: int
    score: list[float]
    rank: list[float]
    importance: dict[str, float]
    pillars: dict[str, float]


class Explanation(BaseModel):
    """Why a company has its score.

    Attributes
    ----------
    query, company_id, name, country : str
    status : {"ok", "partial", "no-data"}
    score, score_floor, confidence : float or None
    band, confidence_grade : str or None
    as_of : date
    release, release_sha256, methodology, methodology_sha256 : str
        What the numbers were computed from.
    scenario, scenario_sha256 : str or None
        What is assumed, see `scoring.scenario`.
    interval : Interval or None
        Where it was asked for, and there is a score.
    tree : Node
        Root; its leaves sum to the score.
    threat : LatentThreat
    unknown : list of str
        What is not known and how the score treats it.
    facts : dict of str to Fact
        Every fact that a leaf or the threat names.
    """

    query: str
    company_id: str
    name: str
    country: str
    status: str
    score: float | None
    score_floor: float | None
    band: str | None
    confidence: float | None
    confidence_grade: str | None
    as_of: dt.date
    release: str
    release_sha256: str
    methodology: str
    methodology_sha256: str
    scenario: str | None = None
    scenario_sha256: str | None = None
    interval: Interval | None = None
    tree: Node
    threat: LatentThreat
    unknown: list[str]
    facts: dict[str, Fact]


def explain(scorer: Scorer, ticker: str, *, uncertainty: bool = False) -> Explanation:
    """Take one company's score apart; see `Scorer.explain`."""
    match = scorer.resolver.resolve(ticker)
    if match.company < 0:
        nearest = ", ".join(map(str, match.candidates)) or "none"
        raise QueryError("ticker", f"{ticker!r} is {match.status}", f"name one company; nearest: {nearest}")
    row = {name: column[0] for name, column in scorer.columns_of([match]).items()}
    tree = _Tree(scorer, match.company)
    root = tree.root(row["name"])
    threat = tree.threat()
    return Explanation(
        query=ticker,
        company_id=row["company_id"],
        name=row["name"],
        country=row["country"],
        status=row["status"],
        score=_known(row["score"]),
        score_floor=_known(row["score_floor"]),
        band=row["band"],
        confidence=_known(row["confidence"]),
        confidence_grade=row["confidence_grade"],
        as_of=scorer.as_of,
        release=scorer.release.version,
        release_sha256=scorer.release.sha256,
        methodology=scorer.methodology.version,
        methodology_sha256=scorer.methodology.sha256,
        scenario=scorer.scenario.scenario_id if scorer.scenario else None,
        scenario_sha256=scorer.scenario.sha256 if scorer.scenario else None,
        interval=_interval(scorer, match.company) if uncertainty else None,
        tree=root,
        threat=threat,
        unknown=tree.unknown(),
        facts=tree.facts,
    )


def _interval(scorer: Scorer, company: int) -> Interval | None:
    if np.isnan(scorer.evaluation.score[company]):
        return None
    intervals, importance = scorer.intervals(), scorer.importance

    def of(names: tuple[str, ...], total: np.ndarray) -> dict[str, float]:
        known = {name: float(index) for name, index in zip(names, total[:, company], strict=True) if index == index}
        return dict(sorted(known.items(), key=lambda item: -item[1]))

    return Interval(
        draws=intervals.draws,
        seed=intervals.seed,
        score=intervals.score[:, company].tolist(),
        rank=intervals.rank[:, company].tolist(),
        importance=of(importance.groups, importance.total),
        pillars=of(importance.pillars, importance.pillar_total),
    )


class _Tree:
    """Builds the tree of one company and collects the facts it cites."""

    def __init__(self, scorer: Scorer, company: int) -> None:
        self.scorer, self.company = scorer, company
        self.evaluation = scorer.evaluation
        self.known = self.evaluation.facts
        self.labels = scorer.release.columns("product_families")["label"]
        self.mineral_labels = scorer.release.columns("minerals")["label"]
        self.home = int(self.known.country[company])
        self.facts: dict[str, Fact] = {}
        self.leaves = scorer.leaves
        self.mine = np.flatnonzero(scorer.leaves.company == company)

    def root(self, name: str) -> Node:
        e, i = self.evaluation, self.company
        points = e.points[i]
        supply = self._supply()
        access = Node(
            label="China's market closing",
            kind="access",
            exposure=_known(e.retaliation.access[i]),
            children=[self._leaf(x, self._access_label(x)) for x in self._of(ACCESS)],
        )
        supply_node = Node(
            label="Minerals that China can withhold",
            kind="supply",
            exposure=_known(e.retaliation.supply[i]),
            children=supply,
        )
        market = [self._leaf(x, "China share of revenue") for x in self._of(MARKET)]
        pillars = [
            Node(label="Market exposure", kind="market", exposure=_known(e.market[i]), children=market),
            Node(
                label="Control exposure",
                kind="control",
                exposure=_known(e.control.total[i]),
                children=self._control(),
            ),
            Node(
                label="Retaliation exposure",
                kind="retaliation",
                exposure=_known(e.retaliation.total[i]),
                children=[supply_node, access],
            ),
        ]
        root = Node(label=name, kind="score", children=pillars)
        if not np.isnan(points).any():
            _add_up(root)
        return root

    def threat(self) -> LatentThreat:
        weights = event_weights(self.known, self.evaluation.parameters)[:, self.home]
        order = [int(v) for v in np.argsort(-weights, kind="stable") if weights[v] > 0]
        return LatentThreat(
            country=self.known.countries[self.home],
            value=float(self.evaluation.force.latent[self.home]),
            events=[
                ThreatEvent(fact=self._cite("coercion_events", self.known.events.row[v]), weight=float(weights[v]))
                for v in order
            ],
        )

    def unknown(self) -> list[str]:
        e, i = self.evaluation, self.company
        notes = list(self.scorer.scenario_notes)
        if self.known.china.row[i] < 0:
            notes.append(
                "China share of revenue: not disclosed by the as-of date; control, access and the score need it"
            )
        if not (self.known.segments.company == i).any():
            notes.append("Product mix: none known by the as-of date; control and retaliation need it")
        notes += [
            f"{self.mineral_labels[m]}: China's share of supply is not known; left out of the score, not zero"
            for m in np.flatnonzero(e.retaliation.unmeasured[i])
        ]
        assumed = dict.fromkeys(
            str(self.mineral_labels[m])
            for m in self.leaves.item[self._of(SUPPLY)]
            if np.isnan(self.known.mineral.import_share[m, self.home])
        )
        if assumed:
            part = e.methodology.unknown_import_share.value
            notes.append(
                f"China's share of {self.known.countries[self.home]} imports of {', '.join(assumed)}: not measured by "
                f"the as-of date; {part:g} of its share of world supply is taken instead"
            )
        years = self.known.china.years[i]
        revenue = self.scorer.release.columns("revenue")
        if self.known.china.row[i] >= 0 and not years:
            period = revenue["fiscal_year"][self.known.china.row[i]]
            notes.append(f"Annual China share: none known by the as-of date; {period} stands for the year")
        for column in ("china_scope", "basis"):
            kinds = sorted({revenue[column][row] for row in years})
            if len(kinds) > 1:
                notes.append(f"Structural China share: the years differ in {column} ({', '.join(kinds)})")
        return notes

    def _of(self, kind: int) -> list[int]:
        return [int(x) for x in self.mine if self.leaves.kind[x] == kind]

    def _leaf(self, x: int, label: str, exposure: bool = True) -> Node:
        leaf = self.leaves
        return Node(
            label=label,
            kind=KINDS[leaf.kind[x]],
            points=_known(leaf.points[x]),
            exposure=float(leaf.exposure[x]) if exposure else None,
            certainty=float(leaf.certainty[x]),
            facts=self._facts(x),
        )

    def _segment(self, k: int) -> str:
        segments = self.known.segments
        label = str(self.labels[segments.family[k]])
        return f"{label}, service" if segments.service[k] else label

    def _control(self) -> list[Node]:
        rules = self.known.rules
        by_segment: dict[int, list[Node]] = {}
        for x in self._of(CONTROL):
            rule = self.known.cells("rules", int(rules.row[rules.entry_rule[self.leaves.item[x]]]))
            label = f"{rule['imposed_by']}: {rule['title']} ({rule['measure']}, {_since(rule)})"
            by_segment.setdefault(self.leaves.segment[x], []).append(self._leaf(x, label))
        for x in self._of(ALIGNMENT):
            k, ally = self.leaves.segment[x], self.leaves.item[x]
            service, family = self.known.segments.service[k], self.known.segments.family[k]
            imposer = rules.imposers[self.evaluation.restricted.imposer[service, family, ally]]
            where = EU if imposer == EU else self.known.countries[ally]
            eta = self.evaluation.control.eta[self.company]
            label = f"Alignment gap: exporters in {where} face more under {imposer} rules (counted at {eta:.0%})"
            by_segment.setdefault(self.leaves.segment[x], []).append(self._leaf(x, label))
        return [self._sum(self._segment(k), "segment", children) for k, children in by_segment.items()]

    def _supply(self) -> list[Node]:
        by_mineral: dict[int, list[Node]] = {}
        for x in self._of(SUPPLY):
            label = f"{self._segment(self.leaves.segment[x])}: {self._act(x, self.known.supply.row)}"
            by_mineral.setdefault(self.leaves.item[x], []).append(self._leaf(x, label))
        return [self._sum(str(self.mineral_labels[m]), "mineral", children) for m, children in by_mineral.items()]

    def _sum(self, label: str, kind: str, children: list[Node]) -> Node:
        exposure = sum(child.exposure or 0.0 for child in children)
        return Node(label=label, kind=kind, exposure=exposure, children=children)

    def _access_label(self, x: int) -> str:
        return f"{self._segment(self.leaves.segment[x])}: {self._act(x, self.known.access.row)}"

    def _act(self, x: int, rows: np.ndarray) -> str:
        driver = self.leaves.driver[x]
        if driver < 0:
            return f"latent threat toward {self.known.countries[self.home]}"
        measure = self.known.cells("countermeasures", int(rows[driver]))
        return f"{measure['measure']} on {measure['subject']} {_since(measure)}"

    def _facts(self, x: int) -> list[str]:
        leaf, known = self.leaves, self.known
        kind, k, item, driver = (int(column[x]) for column in (leaf.kind, leaf.segment, leaf.item, leaf.driver))
        china = ("revenue", int(known.china.row[self.company]))
        if kind == MARKET:
            years = known.china.years[self.company]
            return [self._cite("revenue", row) for row in dict.fromkeys([china[1], *reversed(years)])]
        cited = [("segments" if known.segments.disclosed[k] else "business_mix", int(known.segments.row[k]))]
        if kind != SUPPLY:
            cited.insert(0, china)
        if kind in (CONTROL, ALIGNMENT):
            entries = [item] if kind == CONTROL else ally_entries(self.evaluation, k)
            for entry in entries:
                cited += [
                    ("family_rules", int(known.rules.entry_row[entry])),
                    ("rules", int(known.rules.row[known.rules.entry_rule[entry]])),
                ]
        if kind == SUPPLY:
            family = known.segments.family[k]
            measured = known.mineral.imports.get((item, self.home))
            cited += [
                ("family_minerals", int(known.mineral.dependence_row[family, item])),
                ("minerals", item),
            ]
            if measured:
                cited += [(measured.table, row) for row in measured.rows]
        if kind in (SUPPLY, ACCESS) and driver >= 0:
            measures = known.supply if kind == SUPPLY else known.access
            cited.append(("countermeasures", int(measures.row[driver])))
        return [self._cite(table, row) for table, row in cited]

    def _cite(self, table: str, row: int) -> str:
        if row < 0:
            fact = cite_assumption(self.scorer.release, self.known.assumptions[~row])
        else:
            fact = cite(self.scorer.release, table, int(row), self.scorer.as_of)
        self.facts[fact.fact_id] = fact
        return fact.fact_id


def _since(row: Mapping[str, Any]) -> str:
    return f"since {row['announced']}" if row["announced"] else "assumed"


def _add_up(node: Node) -> float:
    """Set the points of inner nodes to the sum of their children, largest first."""
    if node.children:
        node.points = sum(_add_up(child) for child in node.children)
        node.children.sort(key=lambda child: -(child.points or 0.0))
    elif node.points is None:
        node.points = 0.0
    return node.points


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
