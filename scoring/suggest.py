"""Did you mean: the known names that are most like one that is not known."""

from __future__ import annotations

from collections.abc import Sequence

_LIKE = 60.0
"""Least likeness, of 100, for a name to be offered."""

_READ = 200
"""Characters of a wrong name that are compared; a name of ours is shorter, and one of a caller may have no end."""


def near(name: str, known: Sequence[str], limit: int = 3, *, parts: bool = True) -> list[str]:
    """Known names most like a wrong one, the likest first; case and punctuation do not count.

    Parameters
    ----------
    name : str
    known : sequence of str
    limit : int
        Most names.
    parts : bool
        Where nothing is alike as a whole, offer names of which the wrong one is a part.

    Returns
    -------
    list of str
        Empty if nothing is alike.
    """
    from rapidfuzz import fuzz, process, utils  # imported here: only mistakes need it

    for likeness in (fuzz.ratio, fuzz.WRatio) if parts else (fuzz.ratio,):  # a slip of the pen before a part
        matches = process.extract(
            name[:_READ], known, scorer=likeness, processor=utils.default_process, limit=limit, score_cutoff=_LIKE
        )
        if matches:
            return [match for match, _, _ in matches]
    return []


def nearest(name: str, known: Sequence[str]) -> str:
    """Beginning of a fix that lists what is near; empty if nothing is, so that the rest of the fix stands alone."""
    names = near(name, known)
    return f"nearest: {', '.join(names)}; " if names else ""
