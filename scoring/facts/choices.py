"""Choices of a methodology that decide which facts count."""

from __future__ import annotations

from typing import Final, NamedTuple


class FactChoices(NamedTuple):
    """Which facts count where a methodology may choose; by default as in methodology 2026.1.

    Attributes
    ----------
    lifetime_days : tuple of (str, float) or None
        Days from the end of a period for which its China share counts, by the length of the period; None: for ever,
        and the latest annual share counts.
    newer_by_days : float or None
        A shorter period that ends more than so many days after the latest year replaces it.
    customer_days : float or None
        Days after the end of its period for which a named customer's share counts; None: no customer counts.
    unsold_from : float or None
        Loss from which a segment sold nothing in the period that the China share describes; None: no such rule.
    loss : tuple of (str, float)
        Share of caught sales that each control takes, by which that loss is reckoned.
    estimates : bool
        Whether a company whose China share is unknown has an estimated one, and one without a product mix that of
        its peers.
    import_share_years : int or None
        Trade years whose largest import share counts; None: the latest, and a survey's figure before it.
    """

    lifetime_days: tuple[tuple[str, float], ...] | None = None
    newer_by_days: float | None = None
    customer_days: float | None = None
    unsold_from: float | None = None
    loss: tuple[tuple[str, float], ...] = ()
    import_share_years: int | None = None
    estimates: bool = False


AS_BEFORE: Final = FactChoices()
"""The choices of methodology 2026.1."""
