"""A company's score over time, for the page, its picture and the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from service.web.memory import remembered

if TYPE_CHECKING:
    from scoring.scorer import Scorer
    from scoring.timeseries.history import History

START: Final = "2022-01-01"
"""First day of a history unless another is asked for: before the controls of October 2022."""


@remembered(size=32)
def history_of(scorer: Scorer, company_id: str, start: str) -> History:
    """History of one company, as `/v1/scores/{ticker}/history` gives it; the page and its picture share one."""
    from scoring.timeseries.history import history

    basis = scorer.methodology, scorer.scenario, scorer.estimates
    return history(scorer.release, company_id, start, scorer.as_of, "M", *basis)
