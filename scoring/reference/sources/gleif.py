"""Read legal entities: the golden copy of the Global LEI Foundation, and its list of which ISIN is whose.

Both are streamed, and only what is asked for is kept: the golden copy (Level 1, some 3.4 million rows of more than 300
columns, ``...-gleif-goldencopy-lei2-golden-copy.csv`` in a zip) and the list of ISINs (some 9 million rows,
``lei-isin-....csv`` in a zip). Kinds of names and words of status are those of the Common Data Format, LEI-CDF 3.1.

Sources: https://www.gleif.org/en/lei-data/gleif-golden-copy and
https://www.gleif.org/en/lei-data/lei-mapping/download-isin-to-lei-relationship-files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from scoring.errors import InputError
from scoring.reference.sources import streamed

VERSION: Final = "the Level 1 golden copy in LEI-CDF 3.1, as CSV"
PAIRS_VERSION: Final = "the ISIN-to-LEI relationship file, with LEI and ISIN"
PAIRS: Final = ("LEI", "ISIN")
_MOST_NAMES: Final = 5
_NAME: Final = "Entity.LegalName"
_OTHER: Final = "Entity.OtherEntityNames.OtherEntityName."
_LATIN: Final = "Entity.TransliteratedOtherEntityNames.TransliteratedOtherEntityName."
_NAMES: Final = tuple(f"{kind}{number}" for kind in (_OTHER, _LATIN) for number in range(1, _MOST_NAMES + 1))
COLUMNS: Final = (
    "LEI",
    _NAME,
    f"{_NAME}.xmllang",
    *(f"{name}{part}" for name in _NAMES for part in ("", ".xmllang", ".type")),
    "Entity.LegalAddress.Country",
    "Entity.HeadquartersAddress.Country",
    "Entity.EntityStatus",
    "Entity.SuccessorEntity.1.SuccessorLEI",
    "Registration.LastUpdateDate",
    "Registration.RegistrationStatus",
)

Kind = Literal["golden-copy", "isin-lei"]


class Name(NamedTuple):
    """A further name of an entity: its text, language (``xml:lang``) and kind, such as ``PREVIOUS_LEGAL_NAME``."""

    text: str
    language: str
    kind: str


class Entity(NamedTuple):
    """A legal entity.

    Attributes
    ----------
    lei : str
    name, language : str
        Legal name, and its language.
    others : tuple of Name
        Former, trading, alternative and transliterated names.
    country, head_office : str
        Countries of the legal address and the head office, ISO 3166-1 alpha-2.
    status : str
        ``ACTIVE``, ``INACTIVE`` or ``NULL``.
    registration : str
        Status of the registration, such as ``ISSUED``, ``LAPSED`` (not renewed in time), ``RETIRED`` or ``DUPLICATE``.
    updated : datetime.date
        Day on which the record was last changed.
    successor : str
        LEI of the entity that came after it, empty where there is none.
    """

    lei: str
    name: str
    language: str
    others: tuple[Name, ...]
    country: str
    head_office: str
    status: str
    registration: str
    updated: dt.date
    successor: str


def kind_of(name: str, opened: streamed.Opener) -> Kind:
    """Which of the two files this is, by its columns.

    Raises
    ------
    InputError
        Neither.
    """
    there = streamed.header(name, opened)
    if _NAME in there:
        return "golden-copy"
    if set(PAIRS) <= set(there):
        return "isin-lei"
    found = ", ".join(there)[:200] or "none"
    raise InputError(
        name,
        f"has neither {_NAME} nor {' and '.join(PAIRS)} among its columns (it has {found})",
        f"this reader expects {VERSION}, and {PAIRS_VERSION}",
    )


def entities(name: str, opened: streamed.Opener, wanted: frozenset[str]) -> dict[str, Entity]:
    """Entities of the golden copy by LEI, those that are asked for.

    Raises
    ------
    InputError
        A column is missing, the file is cut off, a day is none, or an entity stands twice with other values.
    """
    found: dict[str, Entity] = {}
    for row in _rows(name, opened, COLUMNS, VERSION, "LEI", wanted):
        entity = _entity(name, row)
        if found.setdefault(entity.lei, entity) != entity:
            raise InputError(name, f"{entity.lei} stands twice, with other values", "fetch the file again")
    return found


def issuers(name: str, opened: streamed.Opener, wanted: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """LEIs by ISIN, of the ISINs that are asked for; each LEI once, in order.

    Raises
    ------
    InputError
        A column is missing, or the file is cut off.
    """
    found: dict[str, set[str]] = {}
    for row in _rows(name, opened, PAIRS, PAIRS_VERSION, "ISIN", wanted):
        found.setdefault(row["ISIN"], set()).add(row["LEI"].strip())
    return {isin: tuple(sorted(found[isin])) for isin in sorted(found)}


def _rows(
    name: str, opened: streamed.Opener, columns: tuple[str, ...], version: str, key: str, wanted: frozenset[str]
) -> Iterator[dict[str, Any]]:
    keys = pa.array(sorted(wanted), pa.string())
    for batch in streamed.batches(name, opened, columns, version, with_breaks=True):
        yield from batch.filter(pc.is_in(batch[key], keys)).to_pylist()


def _entity(name: str, row: dict[str, str]) -> Entity:
    lei, updated = row["LEI"], row["Registration.LastUpdateDate"].strip()
    try:
        day = dt.date.fromisoformat(updated[:10])
    except ValueError:
        problem = f"{lei}: Registration.LastUpdateDate {updated[:30]!r} is no date"
        raise InputError(name, problem, f"this reader expects {VERSION}") from None
    others = (Name(_text(row[key]), row[f"{key}.xmllang"].strip(), row[f"{key}.type"].strip()) for key in _NAMES)
    return Entity(
        lei,
        _text(row[_NAME]),
        row[f"{_NAME}.xmllang"].strip(),
        tuple(one for one in others if one.text),
        row["Entity.LegalAddress.Country"].strip(),
        row["Entity.HeadquartersAddress.Country"].strip(),
        row["Entity.EntityStatus"].strip(),
        row["Registration.RegistrationStatus"].strip(),
        day,
        row["Entity.SuccessorEntity.1.SuccessorLEI"].strip(),
    )


def _text(cell: str) -> str:
    return " ".join(cell.split())
