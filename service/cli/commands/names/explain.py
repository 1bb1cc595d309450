"""`exposure explain`: one score as an analyst's note, every number with its document."""

from __future__ import annotations

from typing import Annotated

import typer

from scoring.vocabulary import DEFAULT_METHODOLOGY
from service.cli.options import (
    AsJson,
    AsOf,
    EstimatesOption,
    MethodologyName,
    OverlayFolder,
    ReleaseName,
    ScenarioNames,
    UncertaintyOption,
    make_scorer,
)
from service.cli.queries import TickerArgument


def explain(
    ticker: TickerArgument,
    as_of: AsOf = None,
    release: ReleaseName = None,
    methodology: MethodologyName = DEFAULT_METHODOLOGY,
    scenario: ScenarioNames = None,
    overlay: OverlayFolder = None,
    estimates: EstimatesOption = "include",
    uncertainty: UncertaintyOption = False,
    top: Annotated[int, typer.Option("--top", min=1, help="Show this many parts of each pillar.")] = 6,
    as_json: AsJson = False,
) -> None:
    """Explain one score: what drives it, since when, from which document, how sure.

    The parts add up to the score exactly; --json gives the whole tree.
    """
    scorer = make_scorer(as_of, release, methodology, scenario, overlay, estimates)
    explanation = scorer.explain(ticker, uncertainty=uncertainty)
    if as_json:
        typer.echo(explanation.model_dump_json(indent=2))
    else:
        from service.cli.render.explanation import print_explanation

        print_explanation(explanation, top)
