"""The two ends of a comparison, scored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from service.cli.options import open_with_overlay

if TYPE_CHECKING:
    from scoring.scorer import Scorer
    from scoring.vocabulary import Estimates
    from service.from_to import Ends


class End(NamedTuple):
    """What one end is scored with, beside its release and day."""

    methodology: str
    scenario: list[str] | None = None
    overlay: Path | None = None


def scored_ends(ends: Ends, release: str | None, each: Sequence[End], estimates: Estimates) -> tuple[Scorer, Scorer]:
    """Score both ends; `release` is that of an end that names none.

    Raises
    ------
    SchemaMismatchError
        The releases cannot be compared.
    AsOfError
        As `Ends.days`.
    """
    from scoring.changes.comparable import check_comparable
    from scoring.scorer import Scorer
    from service.clock import today

    first, second = (
        (named or release, end.overlay) for named, end in zip((ends.release_from, ends.release_to), each, strict=True)
    )
    before = open_with_overlay(*first)
    after = before if first == second else open_with_overlay(*second)
    check_comparable(before, after)
    one, other = (
        Scorer(opened, day, end.methodology, end.scenario, estimates)
        for opened, day, end in zip((before, after), ends.days(before, after, today()), each, strict=True)
    )
    return one, other
