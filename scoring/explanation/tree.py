"""Explanation of one score: a tree whose leaves add up to it, and every fact behind every leaf.

The tree is a view of the same leaves that give the confidence; no formula is computed a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.arrays import number_or_none
from scoring.cards.words import short_period
from scoring.explanation.document import Explanation, LatentThreat, Node, ThreatEvent
from scoring.explanation.threat import acts_behind
from scoring.explanation.unknown import unknown
from scoring.facts.blocks import Measures
from scoring.facts.citation import Citations, TableRow, china_rows, mix_rows, need_rows
from scoring.facts.sales.wording import SHARE_OF, periods
from scoring.reference.jurisdictions import EU
from scoring.score.leaves import ACCESS, ALIGNMENT, CONTROL, CUSTOMER, KINDS, MARKET, SUPPLY, ally_entries

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
        unknown=[*snapshot.scenario_notes, *unknown(snapshot.evaluation, snapshot.leaves, match.company)],
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
        market = [self._leaf(x, self._market_label()) for x in self._of(MARKET)]
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
        of_peers = " (mix of peers)" if segments.inferred[k] else ""
        return f"{label}{', service' if segments.service[k] else ''}{of_peers}"

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
        segments = [self._sum(self._segment(k), "segment", children) for k, children in by_segment.items()]
        return segments + [self._leaf(x, self._customer_label(x)) for x in self._of(CUSTOMER)]

    def _market_label(self) -> str:
        china, i = self.known.china, self.company
        if china.estimated[i]:
            return f"China share of revenue, estimated, not disclosed: {china.low[i]:.1%} to {china.high[i]:.1%}"
        if china.row[i] < 0:
            return "China share of revenue"
        release = self.snapshot.release
        base = SHARE_OF[release.columns("revenue")["share_of"][china.row[i]]]
        added = f", {len(china.rows[i])} periods added up" if len(china.rows[i]) > 1 else ""
        period = periods(china, release.columns("revenue"))[i]
        return f"China share {base}, {short_period(period)}{added}"

    def _customer_label(self, x: int) -> str:
        package = int(self.leaves.item[x])
        rule = self.known.cells("rules", int(self.known.rules.row[package]))
        names = ", ".join(dict.fromkeys(self.known.customers.entity[self._bought(package)]))
        return f"{rule['imposed_by']}: {rule['title']} names customers ({names}), beyond its product families"

    def _bought(self, package: int) -> np.ndarray:
        """The company's customers that a package names."""
        rules, customers = self.known.rules, self.known.customers
        named = rules.listed_entity[rules.listed_rule == package]
        mine = customers.company == self.company
        return np.flatnonzero(mine & (customers.entity[:, None] == named[None, :]).any(axis=1))

    def _supply(self) -> list[Node]:
        by_mineral: dict[int, list[Node]] = {}
        for x in self._of(SUPPLY):
            k = int(self.leaves.segment[x])
            label = f"{self._segment(k)}: {self._act(x, self.known.supply)}{self._runners_up(k)}"
            by_mineral.setdefault(self.leaves.item[x], []).append(self._leaf(x, label))
        return [self._sum(str(self.mineral_labels[m]), "mineral", children) for m, children in by_mineral.items()]

    def _runners_up(self, k: int) -> str:
        """The next scarcest minerals of a segment, which have no points where only the scarcest counts."""
        found = self.evaluation.retaliation.bottlenecks
        if found is None:
            return ""
        needs = found.ranked(np.array([k]))
        names = [str(self.mineral_labels[self.known.layout.need_mineral[need]]) for need in needs[1:3]]
        return f"; the scarcest need, before {' and '.join(names)}" if names else "; the only need"

    def _sum(self, label: str, kind: str, children: list[Node]) -> Node:
        exposure = sum(child.exposure or 0.0 for child in children)
        return Node(label=label, kind=kind, exposure=exposure, children=children)

    def _access_label(self, x: int) -> str:
        return f"{self._segment(self.leaves.segment[x])}: {self._act(x, self.known.access)}"

    def _act(self, x: int, measures: Measures) -> str:
        driver, threat = self.leaves.driver[x], f"latent threat toward {self.known.countries[self.home]}"
        if driver < 0:
            return threat
        measure = self.known.cells("countermeasures", int(measures.row[driver]))
        scope = measures.scope[driver]
        reach = "" if scope == 1 else f", reaching {scope:.0%} of it (judged)"
        added = f", added to the {threat}" if self.evaluation.parameters.adds else ""
        subject = self.snapshot.release.labels.subject(measure)
        return f"{measure['measure']} on {subject} {_since(measure)}{reach}{added}"

    def _facts(self, x: int) -> list[str]:
        leaf, known = self.leaves, self.known
        kind, k, item, driver = (int(column[x]) for column in (leaf.kind, leaf.segment, leaf.item, leaf.driver))
        china = china_rows(known, self.company)
        if kind == MARKET:
            years = [("revenue", row) for row in reversed(known.china.years[self.company])]
            return [self.citations.cite(table, row) for table, row in dict.fromkeys([*china, *years])]
        if kind == CUSTOMER:
            return self._customer_facts(item, china)
        cited = mix_rows(known, k)
        if kind != SUPPLY:
            cited = [*china, *cited]
        if kind in (CONTROL, ALIGNMENT):
            entries = [item] if kind == CONTROL else ally_entries(self.evaluation, k)
            for entry in entries:
                cited += [
                    ("family_rules", int(known.rules.entry_row[entry])),
                    ("rules", int(known.rules.row[known.rules.entry_rule[entry]])),
                ]
        if kind == SUPPLY:
            cited += need_rows(known, [known.segments.family[k]], item, self.home)
        if kind in (SUPPLY, ACCESS) and driver >= 0:
            measures = known.supply if kind == SUPPLY else known.access
            cited.append(("countermeasures", int(measures.row[driver])))
            cited += self._parents(measures, driver)
        return [self.citations.cite(table, row) for table, row in cited]

    def _customer_facts(self, package: int, china: list[TableRow]) -> list[str]:
        rules, customers = self.known.rules, self.known.customers
        bought = self._bought(package)
        naming = (rules.listed_rule == package) & np.isin(rules.listed_entity, customers.entity[bought])
        cited = [*(("customers", row) for row in customers.row[bought]), ("rules", rules.row[package])]
        cited += [("rule_entities", row) for row in rules.listed_row[naming]]
        return [self.citations.cite(table, int(row)) for table, row in (*cited, *china)]

    def _parents(self, measures: Measures, driver: int) -> list[TableRow]:
        """Why a measure on another party reaches the company."""
        subject = self.known.cells("countermeasures", int(measures.row[driver]))["subject"]
        parents, name = self.known.release.columns("entity_parents"), self.known.company_ids[self.company]
        found = np.flatnonzero((parents["entity"] == subject) & (parents["company_id"] == name))
        return [("entity_parents", row) for row in found.tolist()]


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
