"""Revenue at risk for people: of a book, and of one company taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.cards.words import short_period
from scoring.vocabulary import basis
from service.cli.render.console import console, number, paragraph, rows_of
from service.cli.render.heading import dated_basis
from service.cli.render.table import ASKED, Column, day, figure, note, print_table, text

if TYPE_CHECKING:
    from scoring.risk.result import RiskDetail, RiskPart
    from scoring.score.snapshot import Columns
    from scoring.scorer import Scorer


def _columns(*, is_drawn: bool) -> tuple[Column, ...]:
    """Columns of the table; a range that was asked for is the last to give way."""
    return (
        text("query", most=20),
        text("company"),
        text("period", 2),
        day("absorbed by", 3),
        figure("at risk"),
        figure("range", ASKED if is_drawn else 1),
        figure("revenue at risk", 4),
        figure("USD", 1),
        figure("supply apart", 2),
        note(),
    )


def print_risk(scorer: Scorer, columns: Columns) -> None:
    """Print revenue at risk, one row per query."""
    out = console()
    out.print(f"Revenue at risk as of {dated_basis(**scorer.versions)}", style="italic")
    drawn = "share_at_risk_p05" in columns
    ends = ("p05", "p95") if drawn else ("low", "high")
    rows = []
    for row in rows_of(columns):
        low, high = number(row[f"share_at_risk_{ends[0]}"], ".1%"), number(row[f"share_at_risk_{ends[1]}"], ".1%")
        risk = money(row["revenue_at_risk"])
        rows.append(
            [
                row["query"] or "(empty)",
                row["name"] or "",
                short_period(row["fiscal_period"]),
                str(row["base_date"] or ""),
                number(row["share_at_risk"], ".1%"),
                f"{low} to {high}" if low else "",
                f"{row['currency']} {risk}" if risk else "",
                money(row["revenue_at_risk_usd"]),
                number(row["share_at_risk_supply"], ".1%"),
                row["risk_note"] or (row["status"] if row["status"] not in ("ok", "partial") else ""),
            ]
        )
    print_table(out, _columns(is_drawn=drawn), rows)
    out.print(
        "Controls and measures of the day in the middle of the period are absorbed in its China share; what came "
        "since, or comes with the scenario, is at risk, of the revenue of a year or of the period, as the methodology "
        "says. Supply apart: lost of a greater dependence on minerals, in no other column. Range: "
        + (
            "percentiles 5 and 95 over all assumptions."
            if drawn
            else "every judged fraction and stringency at its low and high end."
        ),
        style="dim",
    )


def print_risk_detail(document: RiskDetail) -> None:
    """Print the revenue at risk of one company, taken apart."""
    out = console()
    out.print(f"{document.name}: revenue at risk as of {document.as_of}", style="bold")
    out.print(basis(document.release, document.methodology, document.scenario), style="dim")
    if document.share_at_risk is None:
        out.print(f"Unknown: {document.note}")
        return
    number_of: dict[str, int] = {}

    def cited(facts: list[str]) -> str:
        """Numbers of the facts, each numbered when it is first cited."""
        numbers = [number_of.setdefault(fact, len(number_of) + 1) for fact in facts]
        return f" [{_runs(numbers)}]" if numbers else ""

    out.print(
        f"{document.share_at_risk:.1%} of revenue, by the China share of {short_period(document.fiscal_period)}"
        f"{cited(document.period_facts)} (range {number(document.share_at_risk_low, '.1%')} to "
        f"{number(document.share_at_risk_high, '.1%')}), against the state of {document.base_date}.",
        markup=False,
    )
    if document.revenue_at_risk is not None:
        dollars = f", USD {money(document.revenue_at_risk_usd)}" if document.revenue_at_risk_usd is not None else ""
        amount = f"{document.currency} {money(document.revenue_at_risk)}{dollars}"
        out.print(f"{amount}, of the revenue{cited(document.revenue_facts)}.", markup=False)
    if document.note:
        out.print(f"Note: {document.note}.", style="dim")

    def print_parts(parts: list[RiskPart]) -> None:
        for part in parts:
            what = " · ".join(filter(None, (part.segment, part.label)))
            paragraph(out, f"{part.share:7.2%}  {part.kind:8} {what}{cited(part.facts)}", 2, 11)

    print_parts(document.parts)
    if document.supply_parts:
        out.print(f"Apart, {document.share_at_risk_supply:.2%} by a greater dependence on minerals:")
        print_parts(document.supply_parts)
    for fact_id, position in number_of.items():
        fact = document.facts[fact_id]
        source = f" {fact.source.title}. {fact.source.url or ''}" if fact.source else " no document of its own"
        private = f", {fact.origin}" if fact.origin != "release" else ""
        paragraph(out, f"[{position}] {fact.statement} ({fact.evidence}{private}).{source}", 2, 6, "dim")


def _runs(numbers: list[int]) -> str:
    """Numbers in words, three and more in a row as the first and the last."""
    runs: list[list[int]] = []
    for each in numbers:
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def money(value: float | None) -> str:
    """Amount in the largest unit that leaves a digit before the point; empty when missing."""
    if value is None or value != value:
        return ""
    for unit, name in ((1e12, "tn"), (1e9, "bn"), (1e6, "m")):
        if abs(value) >= unit:
            return f"{value / unit:,.2f} {name}"
    return f"{value:,.0f}"
