"""Revenue at risk of one company, taken apart: by segment and rule, by mineral, by market closed; facts cited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from scoring.arrays import number_or_none, value_or_none
from scoring.explanation.threat import acts_behind
from scoring.exposure.control import binding_entries
from scoring.exposure.force import access_drivers, pressure
from scoring.exposure.retaliation import access_force
from scoring.facts.citation import Citations, TableRow, china_rows, mix_rows, need_rows
from scoring.risk.loss import control_increase, named_increase
from scoring.risk.result import RiskDetail, RiskPart
from scoring.risk.revenue_at_risk import RevenueAtRisk
from scoring.risk.table import risk_columns
from scoring.score.evaluation import Evaluation
from scoring.score.leaves import SUPPLY

if TYPE_CHECKING:
    from scoring.score.snapshot import Snapshot


def risk_detail(snapshot: Snapshot, risk: RevenueAtRisk, ticker: str) -> RiskDetail:
    """Take the revenue at risk of one company apart.

    Parameters
    ----------
    snapshot : Snapshot
    risk : RevenueAtRisk
        Of the snapshot.
    ticker : str

    Raises
    ------
    QueryError
        `ticker` does not name exactly one company; the message lists the nearest.
    """
    company = snapshot.resolver.one(ticker).company
    row = {name: column[0] for name, column in risk_columns(snapshot, risk, [ticker]).items()}
    parts = _Parts(snapshot, risk, company, row["revenue"], row["usd_rate"])
    made = {
        "period_facts": parts.cited(china_rows(snapshot.known, company)),
        "revenue_facts": parts.cited(("revenue", one) for one in risk.revenue_rows(company)),
        "note": row["risk_note"],
        "parts": parts.of(),
        "supply_parts": parts.supply(),
        "facts": parts.citations.facts,
    }
    cells = {name: value_or_none(row[name]) for name in RiskDetail.model_fields if name not in made}
    return RiskDetail(**cells, **made)


class _Parts:
    """Builds the parts of one company and collects the facts they cite."""

    def __init__(self, snapshot: Snapshot, risk: RevenueAtRisk, company: int, revenue: float, usd_rate: float) -> None:
        self.leaves, self.risk, self.company = snapshot.leaves, risk, company
        self.evaluation = risk.evaluation
        self.revenue, self.usd_rate = revenue, usd_rate
        self.citations = Citations(risk.evaluation.facts)

    def cited(self, rows: Iterable[TableRow]) -> list[str]:
        """Ids of the facts in some rows."""
        return [self.citations.cite(table, row) for table, row in rows]

    def of(self) -> list[RiskPart]:
        """Parts, largest first; none where the share at risk is unknown."""
        risk, i = self.risk, self.company
        if np.isnan(risk.loss.total[i]):
            return []
        before = risk.base(risk.midpoint[i])
        # 1 - (1 - control) (1 - retaliation) is shared like the logarithms of its factors.
        control, retaliation = risk.loss.control[i], risk.loss.retaliation[i]
        logs = np.log1p(-np.minimum([control, retaliation], 1 - 1e-15))
        whole = risk.loss.total[i]
        of_control, of_retaliation = whole * logs / logs.sum() if logs.sum() else (0.0, 0.0)
        parts = self._control(before, of_control) if of_control else []
        if of_retaliation:
            apart = self.evaluation.parameters.supply_loss is not None
            parts += self._access(before, of_retaliation) if apart else self._retaliation(before, of_retaliation)
        return sorted(parts, key=lambda part: -abs(part.share))

    def supply(self) -> list[RiskPart]:
        """What of a greater dependence on minerals is lost, by the minerals that are bottlenecks, largest first."""
        risk, i = self.risk, self.company
        if not risk.loss.supply[i] > 0:
            return []
        before = risk.base(risk.midpoint[i])
        grew = np.nan_to_num(self.evaluation.retaliation.mineral[i] - before.retaliation.mineral[i])
        share = risk.loss.supply[i] * grew / grew.sum()
        minerals = self.evaluation.facts.minerals
        parts = [
            self._part("supply", None, minerals[m], share[m], self._withheld(int(m)))
            for m in np.flatnonzero(np.abs(share) > 0)
        ]
        return sorted(parts, key=lambda part: -abs(part.share))

    def _control(self, before: Evaluation, whole: float) -> list[RiskPart]:
        """The control part is shared by what segments and named customers add."""
        named = float(named_increase(self.evaluation, before)[self.company])
        of_segments = float(np.nansum(control_increase(self.evaluation, before)[self._mine()]))
        total = of_segments + named
        parts = self._segments(before, whole * of_segments / total) if of_segments else []
        return parts + (self._customers(before, whole * named / total) if named else [])

    def _mine(self) -> np.ndarray:
        return np.flatnonzero(self.evaluation.facts.segments.company == self.company)

    def _customers(self, before: Evaluation, whole: float) -> list[RiskPart]:
        """Sales to named customers, by the packages that take more of them than before."""
        facts, sales = self.evaluation.facts, self.evaluation.named_loss
        known_before = set(before.facts.rules.row.tolist())
        mine = np.flatnonzero((sales.company == self.company) & (sales.excess > 0))
        rows = facts.rules.row[sales.package[mine]]
        new = np.array([int(row) not in known_before for row in rows], dtype=bool)
        chosen = np.flatnonzero(new) if new.any() else np.arange(mine.size)
        weight = sales.excess[mine[chosen]] / sales.excess[mine[chosen]].sum()
        bought = [("customers", row) for row in facts.customers.row[facts.customers.company == self.company].tolist()]
        return [
            self._part(
                "customer",
                None,
                self._rule(int(row)),
                whole * part,
                [("rules", int(row)), *bought],
            )
            for row, part in zip(rows[chosen], weight, strict=True)
        ]

    def _rule(self, row: int) -> str:
        facts = self.evaluation.facts
        return str(facts.cells("rules", row).get("rule_id") or facts.assumptions[~row].statement)

    def _name(self, family: str) -> str:
        return self.evaluation.facts.release.labels.of("product_family", family)

    def _segments(self, before: Evaluation, whole: float) -> list[RiskPart]:
        """Linear in segments; in one, the packages that are new share what they add."""
        after = self.evaluation
        facts, rules, restricted = after.facts, after.facts.rules, after.lost
        increase = control_increase(after, before)
        mine = np.flatnonzero((facts.segments.company == self.company) & (np.nan_to_num(increase) > 0))
        total = increase[mine].sum()
        known_before = set(before.facts.rules.row.tolist())
        parts = []
        for k in mine:
            service, family = facts.segments.service[k], facts.segments.family[k]
            home = facts.country[self.company]
            rule = rules.entry_rule
            binding = binding_entries(rules, restricted, service, family, home)
            new = np.array([int(rules.row[rule[entry]]) not in known_before for entry in binding])
            chosen = binding[new] if new.any() else binding
            weight = restricted.entry[chosen] / restricted.entry[chosen].sum()
            for entry, part in zip(chosen, weight, strict=True):
                row = int(rules.row[rule[entry]])
                cited = [("rules", row), ("family_rules", int(rules.entry_row[entry])), *mix_rows(facts, int(k))]
                share = whole * increase[k] / total * part
                parts.append(self._part("control", self._name(facts.families[family]), self._rule(row), share, cited))
        return parts

    def _retaliation(self, before: Evaluation, whole: float) -> list[RiskPart]:
        """Minerals and the market's closing are factors of 1 - R: each part is the logarithm of how its factor fell."""
        after, i = self.evaluation, self.company
        least = 1e-15
        now, then = (np.log(np.maximum(1 - e.retaliation.mineral[i], least)) for e in (after, before))
        access = [np.log(max(1 - e.retaliation.access[i], least)) for e in (after, before)]
        fell = np.append(now - then, access[0] - access[1])
        share = whole * fell / fell.sum()
        parts = [
            self._part("supply", None, after.facts.minerals[m], share[m], self._withheld(int(m)))
            for m in np.flatnonzero(np.abs(share[:-1]) > 0)
        ]
        return parts + (self._access(before, share[-1]) if abs(share[-1]) > 0 else [])

    def _withheld(self, mineral: int) -> list[TableRow]:
        """The company's need of a mineral, and the measure on it toward the company's home, if one is felt."""
        facts, home, leaves = self.evaluation.facts, int(self.evaluation.facts.country[self.company]), self.leaves
        needing = (leaves.company == self.company) & (leaves.kind == SUPPLY) & (leaves.item == mineral)
        families = np.unique(facts.segments.family[leaves.segment[needing]]).tolist()
        row = int(self.evaluation.force.supply.mineral.row[mineral, home])
        acts = [("countermeasures", int(facts.supply.row[row]))] if row >= 0 else []
        return need_rows(facts, families, mineral, home) + acts

    def _access(self, before: Evaluation, whole: float) -> list[RiskPart]:
        """Access is linear in segments."""
        after = self.evaluation
        facts = after.facts
        mine = np.flatnonzero(facts.segments.company == self.company)
        driver = access_drivers(facts, after.force)[1]
        more = after.china_revenue * access_force(facts, pressure(facts, after.force))
        less = before.china_revenue * access_force(before.facts, pressure(before.facts, before.force))
        more = (more - less)[mine]
        parts = []
        for k, part in zip(mine, more / more.sum(), strict=True):
            if part:
                row = int(facts.access.row[driver[k]]) if driver[k] >= 0 else None
                acts = self._threats(before) if row is None else [("countermeasures", row)]
                cited = [*mix_rows(facts, int(k)), *acts]
                cause = "latent threat" if row is None else self._measure(row)
                family = self._name(facts.families[facts.segments.family[k]])
                parts.append(self._part("access", family, cause, whole * part, cited))
        return parts

    def _measure(self, row: int) -> str:
        facts = self.evaluation.facts
        return str(facts.cells("countermeasures", row).get("measure_id") or facts.assumptions[~row].statement)

    def _threats(self, before: Evaluation) -> list[TableRow]:
        """Acts that the threat toward the company's home has grown by."""
        known_before = set(before.facts.events.row.tolist())
        acts = acts_behind(self.evaluation, int(self.evaluation.facts.country[self.company]))
        return [("coercion_events", row) for row, _ in acts if row not in known_before]

    def _part(self, kind: str, segment: str | None, cause: str, share: float, cited: list[TableRow]) -> RiskPart:
        amount = float(share * self.revenue)
        return RiskPart(
            kind=kind,
            segment=segment,
            cause=cause,
            label=self._label(kind, cause, cited),
            share=float(share),
            amount=number_or_none(amount),
            amount_usd=number_or_none(amount * self.usd_rate),
            facts=self.cited(cited),
        )

    def _label(self, kind: str, cause: str, cited: list[TableRow]) -> str:
        """A cause in words: of what the release has by its name there; what is assumed is in words already."""
        release = self.evaluation.facts.release
        if kind == "supply":
            return release.labels.of("mineral", cause)
        acts = {table: row for table, row in reversed(cited) if table in ("rules", "countermeasures") and row >= 0}
        if "rules" in acts:
            return release.labels.rule(release.row("rules", acts["rules"]))
        if "countermeasures" in acts:
            return release.labels.measure(release.row("countermeasures", acts["countermeasures"]))
        return cause
