"""Explanation of one score: a tree whose leaves add up to it, and every fact behind every leaf.

The tree is a view of the same leaves that give the confidence; no formula is computed a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.arrays import number_or_none
from scoring.explanation.document import Explanation, LatentThreat, Node, ThreatEvent
from scoring.explanation.threat import acts_behind
from scoring.facts.citation import Citations
from scoring.reference.jurisdictions import EU
from scoring.score.leaves import ACCESS, ALIGNMENT, CONTROL, KINDS, MARKET, SUPPLY, ally_entries

if TYPE_CHECKING:
    from scoring.score.snapshot import Snapshot


def explain(snapshot: Snapshot, ticker: str) -> Explanation:
    """Take one company's score apart, without its interval; see `scoring.Scorer.explain`."""
    match = snapshot.resolver.one(ticker)
    row = {name: column[0] for name, column in snapshot.columns_of([match]).items()}
    tree = _Tree(snapshot, match.company)
    root = tree.root(row["name"])
    threat = tree.threat()
    return Explanation(
        query=ticker,
        company_id=row["company_id"],
        name=row["name"],
        country=row["country"],
        status=row["status"],
        score=number_or_none(row["score"]),
        score_floor=number_or_none(row["score_floor"]),
        band=row["band"],
        confidence=number_or_none(row["confidence"]),
        confidence_grade=row["confidence_grade"],
        as_of=snapshot.as_of,
        release=snapshot.release.version,
        release_sha256=snapshot.release.sha256,
        methodology=snapshot.methodology.version,
        methodology_sha256=snapshot.methodology.sha256,
        scenario=snapshot.scenario.scenario_id if snapshot.scenario else None,
        scenario_sha256=snapshot.scenario.sha256 if snapshot.scenario else None,
        interval=None,
        tree=root,
        threat=threat,
        unknown=tree.unknown(),
        facts=tree.citations.facts,
    )


class _Tree:
    """Builds the tree of one company and collects the facts it cites."""

    def __init__(self, snapshot: Snapshot, company: int) -> None:
        self.snapshot, self.company = snapshot, company
        self.evaluation = snapshot.evaluation
        self.known = self.evaluation.facts
        self.labels = snapshot.release.columns("product_families")["label"]
        self.mineral_labels = snapshot.release.columns("minerals")["label"]
        self.home = int(self.known.country[company])
        self.citations = Citations(self.known)
        self.leaves = snapshot.leaves
        self.mine = np.flatnonzero(snapshot.leaves.company == company)

    def root(self, name: str) -> Node:
        e, i = self.evaluation, self.company
        points = e.points[i]
        supply = self._supply()
        access = Node(
            label="China's market closing",
            kind="access",
            exposure=number_or_none(e.retaliation.access[i]),
            children=[self._leaf(x, self._access_label(x)) for x in self._of(ACCESS)],
        )
        supply_node = Node(
            label="Minerals that China can withhold",
            kind="supply",
            exposure=number_or_none(e.retaliation.supply[i]),
            children=supply,
        )
        market = [self._leaf(x, "China share of revenue") for x in self._of(MARKET)]
        pillars = [
            Node(label="Market exposure", kind="market", exposure=number_or_none(e.market[i]), children=market),
            Node(
                label="Control exposure",
                kind="control",
                exposure=number_or_none(e.control.total[i]),
                children=self._control(),
            ),
            Node(
                label="Retaliation exposure",
                kind="retaliation",
                exposure=number_or_none(e.retaliation.total[i]),
                children=[supply_node, access],
            ),
        ]
        root = Node(label=name, kind="score", children=pillars)
        if not np.isnan(points).any():
            _add_up(root)
        return root

    def threat(self) -> LatentThreat:
        acts = acts_behind(self.evaluation, self.home)
        return LatentThreat(
            country=self.known.countries[self.home],
            value=float(self.evaluation.force.latent[self.home]),
            events=[
                ThreatEvent(fact=self.citations.cite("coercion_events", row), weight=weight) for row, weight in acts
            ],
        )

    def unknown(self) -> list[str]:
        e, i = self.evaluation, self.company
        notes = list(self.snapshot.scenario_notes)
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
        revenue = self.snapshot.release.columns("revenue")
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
            points=number_or_none(leaf.points[x]),
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
            return [self.citations.cite("revenue", row) for row in dict.fromkeys([china[1], *reversed(years)])]
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
        return [self.citations.cite(table, row) for table, row in cited]


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
