"""Options that several commands share, spelled once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from scoring.vocabulary import DEFAULT_METHODOLOGY, Estimates

if TYPE_CHECKING:
    from scoring.reference.releases.release import Release
    from scoring.scorer import Scorer

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="Only facts known by this day, YYYY-MM-DD. Default: today, or the last day the release supports.",
    ),
]
ReleaseName = Annotated[
    str | None,
    typer.Option(
        "--release",
        metavar="VERSION",
        help="Release version, or folder or URL of one. Default: the newest bundled.",
    ),
]
MethodologyName = Annotated[
    str,
    typer.Option("--methodology", metavar="VERSION", help="Methodology version, or path of a YAML document."),
]
ScenarioNames = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario",
        metavar="NAME",
        help="What if: a scenario of the library, or path of a YAML or JSON document. Several apply in order.",
    ),
]
UncertaintyOption = Annotated[
    bool,
    typer.Option("--uncertainty", help="Add the interval of the score and its rank: every assumption over its range."),
]
OverlayFolder = Annotated[
    Path | None,
    typer.Option("--overlay", metavar="DIR", help="Private tables laid over the release."),
]
EstimatesOption = Annotated[
    Estimates,
    typer.Option(
        "--estimates",
        help="Companies that disclose no China share: with an estimate (include), without a score (exclude), or "
        "the only ones shown (only).",
    ),
]
EngineOption = Annotated[Literal["local", "dask"], typer.Option("--engine", help="Who computes.")]
SchedulerOption = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Dask scheduler, or local. Default: local.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def open_with_overlay(release: str | None, overlay: Path | None = None) -> Release:
    """Open the release and lay the private tables over it, if there are any."""
    from scoring.reference.releases.release import open_release

    opened = open_release(release)
    if overlay is None:
        return opened
    from scoring.reference.releases.overlay import lay_over  # imported here: checking tables is slow to import

    return lay_over(opened, overlay)


def make_scorer(
    as_of: str | None,
    release: str | None,
    methodology: str = DEFAULT_METHODOLOGY,
    scenario: list[str] | None = None,
    overlay: Path | None = None,
    estimates: Estimates = "include",
) -> Scorer:
    """Open the release and score it, as the options say."""
    from scoring.scorer import Scorer
    from service.clock import default_as_of

    opened = open_with_overlay(release, overlay)
    day = default_as_of(opened) if as_of is None else as_of
    return Scorer(opened, day, methodology, scenario, estimates)
