"""On what an estimate rests, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.cli.render.console import console, number, paragraph
from service.cli.render.table import figure, print_table, text

if TYPE_CHECKING:
    from scoring.estimate.basis import EstimateBasis


def print_estimate(basis: EstimateBasis) -> None:
    """Print an estimate with its interval, prior cell, nearest disclosing companies and error."""
    out = console()
    out.print(f"{basis.name} as of {basis.as_of} · release {basis.release}", style="bold")
    out.print(
        f"China share of revenue, estimated, not disclosed: {basis.p50:.1%}, with nine chances in ten from "
        f"{basis.p05:.1%} to {basis.p95:.1%} (vintage {basis.vintage})"
    )
    if not basis.counts:
        out.print("It does not count: a figure of the company's own does.")
    if basis.own_figure is not None:
        out.print(f"It rests mostly on the company's own latest figure, {basis.own_figure:.1%}.")
    cell = basis.cell
    out.print(
        f"\nCompanies like it ({cell.name}) that disclose nothing are thought to earn {cell.mean:.1%} in China on "
        f"average, {cell.p10:.1%} to {cell.p90:.1%}; next to nothing with a chance of {cell.p_zero:.0%} "
        f"({cell.confidence} confidence, judged)",
        markup=False,
    )
    paragraph(out, f"Thought so because of: {cell.basis}", 2, 2, "dim")
    out.print("\nNearest companies that disclose, and what models that never saw them said", style="italic")
    shares = (("disclosed", "china_share"), ("predicted", "predicted"))
    columns = [text("company"), *(figure(heading) for heading, _ in shares)]
    rows = [[one.name, *(number(getattr(one, name), ".1%") for _, name in shares)] for one in basis.nearest]
    print_table(out, columns, rows)
    out.print(
        f"\nThe order was learnt from {basis.disclosers} companies that disclose; of {_like_it(basis)} "
        f"the model misses half by more than {100 * basis.error:.1f} points of share."
    )
    out.print("What estimates must not be used for: docs/estimates.md.", style="dim")


def _like_it(basis: EstimateBasis) -> str:
    """The companies whose error is told."""
    few = {"sector": " (too few are of its region, too)", "all": " (too few are of its sector)"}.get(basis.error_of, "")
    whole = "all of them" if basis.error_of == "all" else f"the {basis.error_companies} of its {basis.error_of}"
    return whole + few
