"""From the registers of legal entities to rows: whose LEI is whose, by ISIN, and the names that are registered."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from stdnum import lei as lei_number

from scoring.errors import InputError
from scoring.reference.sources import gleif, raw, streamed
from scoring.reference.sources.gleif import Entity
from service.ingest.names import ALIKE, Names
from service.ingest.proposal import Candidate
from service.ingest.working import Cells, WorkingTables

_CURRENT: Final = ("ISSUED", "LAPSED", "PENDING_TRANSFER", "PENDING_ARCHIVAL")
"""Registrations that still stand for their entity; one that lapsed was not renewed, and its names may be old."""

_READ_NAMES: Final = ("ISSUED", "PENDING_TRANSFER", "PENDING_ARCHIVAL")
_SHOWN: Final = 3


def candidates(files: Sequence[Path], tables: WorkingTables) -> Iterator[Candidate]:
    """LEIs of companies by the ISINs of their listings, and registered names that the tables lack.

    A company whose ISINs lead to one entity that is active, registered and named alike gets its LEI. Everything else is
    a question: several entities, an entity that several companies lead to, one that ended or is named otherwise.

    Parameters
    ----------
    files : sequence of Path
        The golden copy and the list of ISINs, each as it came or unpacked, in any order.
    tables : WorkingTables

    Raises
    ------
    InputError
        One of the two is missing, there twice, or another file.
    """
    with ExitStack() as stack:
        read = _sorted(files, stack)
        found = _by_company(gleif.issuers(*read["isin-lei"][:2], _isins(tables)), tables)
        wanted = {lei for leis in found.values() for lei in leis}
        entities = gleif.entities(*read["golden-copy"][:2], frozenset(wanted))
    path = read["golden-copy"][2]
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:8]
    title = f"Golden copy of legal entities of the Global LEI Foundation, file {path.name} (CC0)"
    source = {"source_id": f"gleif-{digest}", "title": title, "url": "", "kind": "database"}
    companies_of: dict[str, list[str]] = {}
    for company, leis in found.items():
        for lei in leis:
            companies_of.setdefault(lei, []).append(company)
    names = Names(tables)
    for company, leis in found.items():
        row = tables.find("companies", (company,)) or {}
        for lei, isins in leis.items():
            why = _doubt(lei, entities.get(lei), company, names)
            if others := [other for other in companies_of[lei] if other != company]:
                why = why or f"is the LEI that {', '.join(others)} leads to as well"
            if len(leis) > 1:
                why = f"one of {len(leis)} to which its ISINs lead; {why or 'this one is active and named alike'}"
            said = f"LEI {lei} of {', '.join(isins[:_SHOWN])}: {why}" if why else None
            evidence = "" if why else f"{_described(entities[lei])}, of {', '.join(isins[:_SHOWN])}"
            yield Candidate("companies", {**row, "lei": lei}, source, said, evidence=evidence)
            if why is None and entities[lei].registration in _READ_NAMES:
                yield from _names(company, entities[lei], names, source)


def _sorted(files: Sequence[Path], stack: ExitStack) -> dict[str, tuple[str, streamed.Opener, Path]]:
    """Name, contents and path of each of the two files."""
    read: dict[str, tuple[str, streamed.Opener, Path]] = {}
    for path in files:
        opened = _table(path, stack)
        kind = gleif.kind_of(path.name, opened)
        if kind in read:
            raise InputError("FILES", f"{path.name} and {read[kind][0]} are the same kind of file", "name one of them")
        read[kind] = (path.name, opened, path)
    for kind, version in (("golden-copy", gleif.VERSION), ("isin-lei", gleif.PAIRS_VERSION)):
        if kind not in read:
            raise InputError("FILES", f"{version}, is not among them", "name both files, or --download")
    return read


def _table(path: Path, stack: ExitStack) -> streamed.Opener:
    """How to open a table that is a file, or the only one in a zip."""
    try:
        file = stack.enter_context(path.open("rb"))
        packed = file.read(2) == b"PK"
    except OSError as error:
        raise InputError("FILES", f"{path} cannot be read ({error.strerror})", "check its name") from None
    if not packed:
        return lambda: path.open("rb")
    archive = stack.enter_context(raw.archive(path.name, file))
    members = [name for name in archive.namelist() if name.endswith(".csv")]
    if len(members) != 1:
        raise InputError(
            path.name, f"has {len(members)} files of CSV in it", "name the archive that the source publishes"
        )
    return streamed.inside(path.name, archive, members[0])


def _isins(tables: WorkingTables) -> frozenset[str]:
    return frozenset(row["isin"] for row in tables.rows("listings") if row["isin"])


def _by_company(issuers: dict[str, tuple[str, ...]], tables: WorkingTables) -> dict[str, dict[str, list[str]]]:
    """ISINs by company and by the LEI that they lead to."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in tables.rows("listings"):
        for lei in issuers.get(row["isin"], ()):
            isins = found.setdefault(row["company_id"], {}).setdefault(lei, [])
            if row["isin"] not in isins:
                isins.append(row["isin"])
    return dict(sorted(found.items()))


def _doubt(lei: str, entity: Entity | None, company: str, names: Names) -> str | None:
    """Why an entity cannot count as a company without a look."""
    if not lei_number.is_valid(lei):
        return "its check digits do not fit"
    if entity is None:
        return "the golden copy does not have it"
    if entity.status != "ACTIVE" or entity.registration not in _CURRENT:
        after = f", and {entity.successor} came after it" if entity.successor else ""
        return f"{_described(entity)} is {entity.status.lower()}, its registration {entity.registration.lower()}{after}"
    registered = [entity.name, *(other.text for other in entity.others)]
    if max(names.likeness(company, name) for name in registered) < ALIKE:
        return f"{_described(entity)} has no name like {names.of[company][0]}"
    return None


def _described(entity: Entity) -> str:
    countries = f"legal address {entity.country or 'unknown'}, head office {entity.head_office or 'unknown'}"
    return f"{entity.name} ({countries})"


def _names(company: str, entity: Entity, names: Names, source: dict[str, str]) -> Iterator[Candidate]:
    """Names of an entity that its company lacks: the legal one, and those in another script.

    Former names are left out: the register does not say until when they held.
    """
    others = ((one.text, one.language) for one in entity.others if one.kind == "ALTERNATIVE_LANGUAGE_LEGAL_NAME")
    for text, language in ((entity.name, entity.language), *others):
        native = _is_of_another_script(text)
        if names.has(company, text) or not (native or text == entity.name):
            continue
        cells: Cells = {
            "company_id": company,
            "name": text,
            "language": language[:2] if re.match(r"[a-z]{2}\b", language) else "",
            "kind": "native" if native else "legal",
            "until": "",
            "evidence": "secondary",
        }
        others_with = names.others_with(company, text)
        why = f"{text} may be taken for {', '.join(others_with)}" if others_with else None
        yield Candidate("company_names", cells, source, why)


def _is_of_another_script(text: str) -> bool:
    return any(letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN") for letter in text)
