"""Read what OpenFIGI maps: an answer of its API beside the questions that it answers.

Source: https://www.openfigi.com/api/documentation. The file is ``{"jobs": [...], "answers": [...]}``: the service
answers a list of jobs with a list of the same length.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from scoring.errors import InputError
from scoring.reference.sources import raw

VERSION: Final = "jobs of API v3 with idType ID_ISIN, and their answers with compositeFIGI"


class Mapping(NamedTuple):
    """An ISIN, and the composite FIGIs that it was mapped to, each once."""

    isin: str
    figis: tuple[str, ...]


def mappings(name: str, data: bytes) -> list[Mapping]:
    """Mapped ISINs; one that the service does not know has no FIGI.

    Raises
    ------
    InputError
        Another file, or answers that do not fit the jobs.
    """
    read = raw.document(name, data)
    try:
        pairs = zip(read["jobs"], read["answers"], strict=True)
        return [Mapping(_text(job["idValue"]), _composites(answer)) for job, answer in pairs]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(name, f"lacks what is read ({error})", f"this reader expects {VERSION}") from None


def _composites(answer: dict[str, Any]) -> tuple[str, ...]:
    found = (one["compositeFIGI"] for one in answer.get("data", ()))
    return tuple(dict.fromkeys(_text(figi) for figi in found if figi))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.50} is no text")
    return value
