"""Which two states are compared: what `from` and `to` mean, on the command line and over HTTP alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoring.errors import AsOfError, InputError
from scoring.reference.releases.release import VERSION_PATTERN

if TYPE_CHECKING:
    from scoring.reference.releases.release import Release


@dataclass(frozen=True)
class Ends:
    """Two ends as they were asked for; None = by default.

    Attributes
    ----------
    release_from, release_to : str or None
    date_from, date_to, as_of : str or None
        `as_of` is the day of both ends.
    """

    release_from: str | None
    release_to: str | None
    date_from: str | None
    date_to: str | None
    as_of: str | None

    def days(self, before: Release, after: Release, today: dt.date) -> tuple[dt.date, dt.date]:
        """Days of both ends.

        Without dates, both have the day `as_of`, by default the last one that both releases support, not after today.
        With a first date only, the second is the last one that its release supports, not after today.

        Raises
        ------
        AsOfError
            A date is malformed or later than its release supports; the field is ``from``, ``to`` or ``as_of``.
        """
        if self.date_from is not None:
            last = min(today, after.last_as_of)
            return _day("from", self.date_from, before), last if self.date_to is None else _day(
                "to", self.date_to, after
            )
        if self.as_of is not None:
            return _day("as_of", self.as_of, before), _day("as_of", self.as_of, after)
        day = min(today, before.last_as_of, after.last_as_of)
        return day, day


def read_ends(
    start: str | None,
    end: str | None,
    *,
    release_from: str | None = None,
    release_to: str | None = None,
    as_of: str | None = None,
    differ: bool = False,
) -> Ends:
    """Read what is compared.

    Parameters
    ----------
    start, end : str or None
        Two dates, or two releases.
    release_from, release_to : str or None
        Releases, beside dates.
    as_of : str or None
        Day of both ends, where no dates are compared.
    differ : bool
        Whether the ends differ in something else, such as the methodology.

    Raises
    ------
    InputError
        Nothing is compared, a date with a release, or one thing is said twice.
    """
    kinds = {_is_release(one) for one in (start, end) if one is not None}
    if len(kinds) > 1:
        raise InputError(
            "from",
            f"{start!r} and {end!r} are a release and a date",
            "compare two dates or two releases; for both at once give dates and the releases of the ends",
        )
    if kinds == {True}:
        twice = [name for name, one in (("from_release", release_from), ("to_release", release_to)) if one is not None]
        if twice:
            raise InputError(twice[0], "is given beside a release", "name each release once")
        release_from, release_to, start, end = start, end, None, None
    elif end is not None and start is None:
        raise InputError("from", "is missing", "give the date to start from")
    if start is not None and as_of is not None:
        raise InputError("as_of", "is given beside two dates", "leave one of them out")
    if start is None and release_from is None and release_to is None and not differ:
        raise InputError("from", "is missing", "say what to compare: two dates, two releases or two methodologies")
    return Ends(release_from, release_to, start, end, as_of)


def _is_release(text: str) -> bool:
    """A version, or the folder or URL of a release; anything else is meant as a date."""
    # A service names a release with its overlay; in a query an unescaped + arrives as a space.
    version = text.replace(" ", "+").partition("+")[0]
    return bool(VERSION_PATTERN.fullmatch(version)) or "/" in text


def _day(field: str, text: str, release: Release) -> dt.date:
    from scoring.facts.facts import parse_as_of

    try:
        return parse_as_of(text, release)
    except AsOfError as error:
        raise AsOfError(field, error.problem, error.fix) from None
