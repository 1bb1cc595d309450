"""Columns of a result that tell of the China share: how it is known, of which period, and what to mind of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from scoring.facts.evidence import EVIDENCE
from scoring.facts.facts import Facts
from scoring.facts.sales.wording import ages, cautions, kinds, last_known, mixed, periods

SHARE_KIND: Final[Mapping[str, str]] = {
    "reported": "reported",
    "company-statement": "reported",
    "secondary": "reported",
    "derived": "derived",
    "analyst-estimate": "modelled",
    "expert-judgement": "modelled",
    "modelled": "modelled",
}
"""What kind of knowledge a China share is, by its evidence."""

_NONE: Final = np.array(None, dtype=object)


def china_columns(facts: Facts) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Columns of `scoring.columns.RESULT` on the China share, texts and numbers, one entry per company."""
    china, revenue = facts.china, facts.release.columns("revenue")
    words: np.ndarray = np.array(EVIDENCE, dtype=object)[china.evidence]
    kind: np.ndarray = np.array([SHARE_KIND[word] for word in EVIDENCE], dtype=object)[china.evidence]
    stated, known = ~np.isnan(china.latest), china.row >= 0
    scope, basis, base = (kinds(revenue[name], china) for name in ("china_scope", "basis", "share_of"))
    mixes = mixed([scope, basis, base])
    several = np.array([len(years) > 1 for years in china.years], dtype=bool)
    texts: dict[str, np.ndarray] = {
        "china_share_kind": np.where(stated, kind, _NONE),
        "china_share_evidence": np.where(stated, words, _NONE),
        "china_share_scope": scope,
        "china_share_basis": basis,
        "china_share_of": np.where(known, revenue["share_of"][china.row], _NONE),
        "china_share_period": periods(china, revenue),
        "china_share_period_end": np.where(known, revenue["period_end"][china.row].astype(object), _NONE),
        "china_share_caution": cautions(china, revenue, facts.as_of, mixes),
        "china_share_note": np.where(known, revenue["note"][china.row], _last_known(facts)),
    }
    numbers: dict[str, np.ndarray] = {
        "china_share": china.latest,
        "china_share_p05": china.low,
        "china_share_p95": china.high,
        "china_share_structural": np.where(china.estimated, np.nan, china.structural),
        "china_share_surge": np.where(several & ~mixes, china.surge, np.nan),
        "china_share_age": ages(china, facts.as_of),
    }
    return texts, numbers


def _last_known(facts: Facts) -> np.ndarray:
    """Latest figure of each company where it is too old to count, in words."""
    china, revenue = facts.china, facts.release.columns("revenue")
    out = np.full(china.latest.size, None, dtype=object)
    for i in np.flatnonzero(china.last_known >= 0).tolist():
        out[i] = last_known(revenue, int(china.last_known[i]))
    return out
