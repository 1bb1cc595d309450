"""Look-through: the revenue at risk of the companies that a book holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from scoring.portfolio.result import LookThrough, RiskEnds
from scoring.portfolio.weighed import Weighed

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns

_ENDS: Final = tuple(RiskEnds.model_fields)


def look_through(book: Weighed, risk: Columns) -> LookThrough:
    """Weight the shares of revenue at risk by the positions.

    Parameters
    ----------
    book : Weighed
    risk : dict of str to ndarray
        A row for each position, as `scoring.risk.table.risk_columns` gives them. Nothing of cash is at risk.
    """
    risk = {name: np.where(book.cash, 0.0, risk[name]) for name in _ENDS}
    weight, size = book.weight, np.abs(book.weight)
    known = ~np.isnan(risk["share_at_risk"])

    def mean(member: np.ndarray, signed: np.ndarray) -> RiskEnds:
        counted = member & known
        total = size[counted].sum()
        if not total > 0:
            return RiskEnds(**dict.fromkeys(_ENDS))
        return RiskEnds(**{name: float(signed[counted] @ risk[name][counted] / total) for name in _ENDS})

    everything = np.ones(weight.size, dtype=bool)
    at_risk = book.holdings.amounts[known] * risk["share_at_risk"][known]
    return LookThrough(
        coverage=float(size[known].sum()),
        gross=mean(everything, size),
        long=mean((weight > 0) & ~book.cash, size),
        short=mean((weight < 0) & ~book.cash, size),
        net=mean(everything, weight),
        value_at_risk=float(np.abs(at_risk).sum()) if known.any() else None,
        value_at_risk_net=float(at_risk.sum()) if known.any() else None,
    )
