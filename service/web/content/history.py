"""A company's score over time, for the page, its picture and the report."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from service.web.memory import remembered

if TYPE_CHECKING:
    from scoring.scorer import Scorer
    from scoring.timeseries.result import History

_START: Final = dt.date(2022, 1, 1)
"""First day of a history unless another is asked for: before the controls of October 2022."""

_YEARS: Final = 4
"""Years of the history of a date that is not a year after that."""


def first_day(as_of: dt.date) -> str:
    """First day of a history up to a date, where none is asked for."""
    return str(_START if as_of.year > _START.year else dt.date(as_of.year - _YEARS, 1, 1))


@remembered(size=32)
def history_of(scorer: Scorer, company_id: str, start: str) -> History:
    """History of one company, as `/v1/scores/{ticker}/history` gives it; the page and its picture share one."""
    from scoring.timeseries.history import history

    basis = scorer.methodology, scorer.scenario, scorer.estimates
    return history(scorer.release, company_id, start, scorer.as_of, "M", *basis)
