"""Stack: the acts of many variants as one block, so that arrays and not loops go over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from scoring.facts.blocks import OF_ENTRY, OF_PACKAGE, Measures, Rules


def stacked_rules(blocks: Sequence[Rules]) -> tuple[Rules, np.ndarray]:
    """Packages of many variants, and the variant of each.

    Imposers are numbered within each variant, and named as where they are most. Nobody is listed by name.

    Returns
    -------
    Rules
        `allied` has the shape (variants, j).
    ndarray of int, shape (p,)
    """
    sizes = np.array([block.row.size for block in blocks])
    first = np.cumsum(sizes) - sizes
    joined = {name: np.concatenate([getattr(block, name) for block in blocks]) for name in _OF_RULES}
    entries = [block.entry_rule.size for block in blocks]
    none = np.zeros(0, dtype=int)
    stacked = Rules(
        **joined,
        imposers=max((block.imposers for block in blocks), key=len),
        entry_rule=np.concatenate([block.entry_rule for block in blocks]) + np.repeat(first, entries),
        listed_rule=none,
        listed_entity=none,
        listed_row=none,
        allied=np.stack([block.allied for block in blocks]),
    )
    return stacked, np.repeat(np.arange(len(blocks)), sizes)


def stacked_measures(blocks: Sequence[Measures]) -> tuple[Measures, np.ndarray]:
    """Measures of many variants, and the variant of each."""
    return Measures.joined(blocks), np.repeat(np.arange(len(blocks)), [block.row.size for block in blocks])


def places(known: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Position of each whole number among those known, of which there is at least one; -1 where it is none of them."""
    least, greatest = known.min(), known.max()
    position = np.full(greatest - least + 1, -1)
    position[known - least] = np.arange(known.size)
    inside = (wanted >= least) & (wanted <= greatest)
    return np.where(inside, position[np.where(inside, wanted - least, 0)], -1)


_OF_RULES: Final = (*OF_PACKAGE, *OF_ENTRY)
