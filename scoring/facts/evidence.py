"""How facts came to be known, as codes for arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

import numpy as np

from scoring.vocabulary import Evidence

EVIDENCE: Final[tuple[str, ...]] = get_args(Evidence)
"""Words of evidence; arrays hold positions in it."""

_CODE: Final = {word: code for code, word in enumerate(EVIDENCE)}

DERIVED: Final = EVIDENCE.index("derived")
MODELLED: Final = EVIDENCE.index("modelled")

OF_SOURCE: Final[Mapping[str, Evidence]] = {
    "regulation": "reported",
    "government": "reported",
    "dataset": "reported",
    "database": "reported",
    "filing": "reported",
    "results": "reported",
    "annual-report": "reported",
    "transcript": "company-statement",
    "news": "secondary",
    "law-firm": "secondary",
    "analysis": "secondary",
    "web": "secondary",
}
"""Evidence of a fact in a table without a column for it, by the kind of its source: an official act read in
the gazette is reported, the same act read in a newspaper is second-hand."""


def evidence_codes(words: np.ndarray) -> np.ndarray:
    """Codes of evidence words."""
    return np.array([_CODE[word] for word in words.tolist()], dtype=int)


def source_codes(kinds: Mapping[str, str], source_ids: np.ndarray) -> np.ndarray:
    """Codes of the evidence that each source gives, from the kind of each source_id."""
    return evidence_codes(np.array([OF_SOURCE[kinds[source]] for source in source_ids], dtype=object))
