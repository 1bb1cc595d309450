"""Read bilateral trade: CEPII's BACI in the nomenclature HS 1992, a zip with one file per year.

Source: https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37. A year is some 10 million
rows, which are streamed; only the products that are asked for are kept.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from typing import IO, Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from scoring.errors import InputError
from scoring.reference.jurisdictions import EU_MEMBERS
from scoring.reference.sources import raw, streamed

VERSION: Final = "BACI in HS 1992: BACI_HS92_Yyear_Vversion.csv with t, i, j, k, v, q, and country_codes_Vversion.csv"
COLUMNS: Final = ("t", "i", "j", "k", "v", "q")
_YEAR: Final = re.compile(r"(?:.*/)?BACI_HS92_Y(\d{4})_V\w+\.csv")
_CODES: Final = re.compile(r"(?:.*/)?country_codes_V\w+\.csv")
# BACI has codes of its own for countries that report as one.
_ALIASES: Final = {
    "842": "US",
    "840": "US",
    "251": "FR",
    "250": "FR",
    "699": "IN",
    "490": "TW",
    "579": "NO",
    "757": "CH",
}


class Imports(NamedTuple):
    """Imports of a product by a country in a year.

    Attributes
    ----------
    hs6 : str
    year : int
    importer : str
        ISO 3166-1 alpha-2, or ``EU27``, which leaves out trade among its members.
    value : dict of str to float
        Thousand US dollars by exporter.
    quantity : dict of str to float
        Metric tons by exporter, where known.
    value_with_quantity : float
        Value of the flows whose quantity is known.
    """

    hs6: str
    year: int
    importer: str
    value: dict[str, float]
    quantity: dict[str, float]
    value_with_quantity: float


def imports(name: str, file: IO[bytes], products: frozenset[str], importers: frozenset[str]) -> Iterator[Imports]:
    """Imports of some products by some countries, year by year.

    Raises
    ------
    InputError
        No whole zip, a file or column is missing, or an exporter is not in its list of countries.
    """
    with raw.archive(name, file) as archive:
        codes = next((inside for inside in archive.namelist() if _CODES.fullmatch(inside)), None)
        years = sorted((m[1], inside) for inside in archive.namelist() if (m := _YEAR.fullmatch(inside)))
        if codes is None or not years:
            raise InputError(name, "has no list of countries or no year in it", f"this reader expects {VERSION}")
        countries = _countries(name, raw.member(name, archive, codes))
        for _, inside in years:
            yield from _year(name, _flows(name, archive, inside, products), countries, importers)


def _countries(name: str, data: bytes) -> dict[str, str]:
    """ISO code by code of the file; countries without one keep the code, so that they count as partners."""
    wanted = ("country_code", "country_iso2")
    rows = raw.rows(name, raw.text(name, data, "latin-1"), wanted, VERSION)
    named = {row["country_code"]: row["country_iso2"] or row["country_code"] for row in rows}
    return {**named, **{code: iso for code, iso in _ALIASES.items() if code in named}}


def _flows(name: str, archive: zipfile.ZipFile, inside: str, products: frozenset[str]) -> Iterator[dict[str, Any]]:
    wanted = pa.array(sorted(products))
    for batch in streamed.batches(f"{name}/{inside}", streamed.inside(name, archive, inside), COLUMNS, VERSION):
        codes = pc.utf8_lpad(batch["k"], width=6, padding="0")
        yield from batch.filter(pc.is_in(codes, wanted)).to_pylist()


def _year(
    name: str, flows: Iterator[dict[str, Any]], countries: dict[str, str], importers: frozenset[str]
) -> Iterator[Imports]:
    made: dict[tuple[str, int, str], Imports] = {}
    for flow in flows:
        try:
            exporter, importer = countries[flow["i"].strip()], countries[flow["j"].strip()]
        except KeyError as error:
            raise InputError(name, f"country {error} is not in its list", f"this reader expects {VERSION}") from None
        year, value = _whole(name, flow["t"]), _amount(name, "v", flow["v"]) or 0.0
        quantity = _amount(name, "q", flow["q"].replace("NA", ""))
        union = {"EU27"} if importer in EU_MEMBERS and exporter not in EU_MEMBERS else set()
        for whose in ({importer} | union) & importers:
            key = (flow["k"].strip().zfill(6), year, whose)
            known = made.get(key) or Imports(*key, defaultdict(float), defaultdict(float), 0.0)
            known.value[exporter] += value
            if quantity is not None:
                known.quantity[exporter] += quantity
                known = known._replace(value_with_quantity=known.value_with_quantity + value)
            made[key] = known
    yield from (made[key] for key in sorted(made))


def _whole(name: str, cell: str) -> int:
    if not cell.strip().isdecimal():
        raise InputError(name, f"t: {cell[:50]!r} is no year", f"this reader expects {VERSION}")
    return int(cell)


def _amount(name: str, column: str, cell: str) -> float | None:
    """Amount of a flow, which is never below zero."""
    amount = raw.number(name, column, cell)
    if amount is not None and amount < 0:
        raise InputError(name, f"{column}: {cell[:50]!r} is below zero", "fetch the file again")
    return amount
