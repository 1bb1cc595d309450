"""From lists and data sets to rows: control list, register, parties, minerals, trade, identifiers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import IO, Final

from scoring.data import read_words
from scoring.reference.sources import baci, ecfr, federal_register, openfigi, screening_list, usgs, wgi
from scoring.reference.tables.countries import IMPORTERS
from service.ingest.proposal import Candidate
from service.ingest.working import WorkingTables

_CHINA: Final = ("CN", "HK")
_PARTY_LISTS: Final = ("Entity List", "Military End User")
_HERE: Final = {
    "aluminum": "aluminium",
    "graphite (natural)": "graphite",
    "rare earths": "rare-earths",
    "phosphate rock": "phosphorus",
}
"""Minerals whose commodity the survey calls otherwise than their label or identifier."""


_COUNTRIES: Final = {
    "burma": "MM",
    "congo (brazzaville)": "CG",
    "congo (kinshasa)": "CD",
    "côte d'ivoire": "CI",
    "korea, north": "KP",
    "turkey": "TR",
}
"""Countries that the survey calls otherwise than anybody else, in lower case."""


def control_list(files: Iterable[tuple[str, bytes]], tables: WorkingTables) -> Iterator[Candidate]:
    """Entries of the Commerce Control List that the tables do not have; of several days, entries whose text changed.

    Parameters
    ----------
    files : iterable of (str, bytes)
        Name and contents of the part on one or more days, the earlier first.
    tables : WorkingTables
    """
    before: dict[str, str] = {}
    earlier = ""
    for name, data in files:
        title = "15 CFR Part 774, Supplement No. 1 (Commerce Control List), eCFR"
        source = _dataset("ecfr", name, data, title, "regulation")
        entries = ecfr.entries(name, data)
        for entry in entries:
            known = tables.find("classifications", ("EAR", entry.code))
            cells = {"regime": "EAR", "code": entry.code, "title": entry.title, "parent": "", "note": ""}
            if known is None:
                yield Candidate("classifications", {**cells, "source_id": source["source_id"]}, source)
            elif before.get(entry.code, entry.text) != entry.text:
                why = f"the text of {entry.code} changed from {earlier} to {name}; read what its rules catch now"
                yield Candidate("classifications", known, source, why)
        before, earlier = {entry.code: entry.text for entry in entries}, name


def register(name: str, data: bytes) -> Iterator[Candidate]:
    """Rules of the Federal Register, as documents to be read: what a rule catches is judged by a person."""
    for document in federal_register.documents(name, data):
        if document.kind == "Rule":
            cells = {
                "source_id": f"federal-register-{document.number.lower()}",
                "title": f"{document.title}, Federal Register {document.published}",
                "url": document.url,
                "kind": "regulation",
            }
            yield Candidate("sources", cells)


def listed_parties(name: str, data: bytes) -> Iterator[Candidate]:
    """Parties in China on the Entity List and the list of military end users."""
    source = _dataset("screening-list", name, data, "US Consolidated Screening List", "government")
    for party in screening_list.parties(name, data):
        country = next((code for code in party.countries if code in _CHINA), None)
        if country is not None and party.listing.startswith(_PARTY_LISTS):
            since = f", since {party.since}" if party.since else ""
            cells = {
                "entity": _slug(party.name),
                "name": party.name,
                "country": country,
                "source_id": source["source_id"],
                "note": f"{party.listing.partition(' - ')[0]}{since}; {party.notice}".rstrip("; "),
            }
            yield Candidate("entities", cells, source)


def mine_output(name: str, data: bytes, tables: WorkingTables) -> Iterator[Candidate]:
    """Shares of mine output, of the minerals that are known by the survey's name for them; China's also as a fact."""
    source = _dataset("usgs-mcs", name, data, "USGS Mineral Commodity Summaries, world data", "dataset")
    minerals = {row["label"].lower(): row["mineral"] for row in tables.rows("minerals")}
    minerals |= {mineral: mineral for mineral in minerals.values()} | _HERE
    countries = {word.lower(): code for code, words in read_words("countries") for word in words} | _COUNTRIES
    shares = usgs.mine_shares(name, data)
    kinds: dict[tuple[str, int], set[str]] = {}
    for output in shares:
        kinds.setdefault((output.commodity, output.year), set()).add(output.what)
    for output in shares:
        mineral = minerals.get(output.commodity.lower())
        if mineral is None:
            continue
        several = len(kinds[output.commodity, output.year]) > 1
        why = output.doubt or (f"the survey has several kinds of output, this is: {output.what}" if several else None)
        country = countries.get(output.country.lower(), "")
        share, year = f"{output.share:.4f}", str(output.year)
        if country == "CN":
            fact = {"mineral": mineral, "fact": "china_mine_share", "value": share, "year": year}
            yield Candidate("mineral_facts", {**fact, "source_id": source["source_id"]}, source, why)
        if not country:
            why = why or f"no country is called {output.country} here; fill in its code, or reject the row"
        cells = {"mineral": mineral, "country": country, "year": year, "share": share}
        yield Candidate("mineral_output", {**cells, "source_id": source["source_id"]}, source, why)


def governance(files: Iterable[tuple[str, bytes]]) -> Iterator[Candidate]:
    """Governance of countries in the last year that an edition estimates: the others are of earlier editions."""
    kept = [(name, data) for name, data in files]
    found = wgi.estimates(kept)
    last = max((one.year for one in found), default=0)
    together = hashlib.sha256(b"".join(hashlib.sha256(data).digest() for _, data in sorted(kept))).hexdigest()[:8]
    for one in found:
        if one.year == last:
            source = {
                "source_id": f"wgi-{one.published}-{together}",
                "title": f"Worldwide Governance Indicators of the World Bank, edition of {one.published} (CC BY 4.0)",
                "url": "https://www.worldbank.org/en/publication/worldwide-governance-indicators",
                "kind": "dataset",
            }
            cells = {
                "country": one.country,
                "year": str(one.year),
                "dimension": one.dimension,
                "estimate": f"{one.estimate:.6g}",
                "standard_error": "" if one.standard_error is None else f"{one.standard_error:.6g}",
                "published": one.published.isoformat(),
                "source_id": source["source_id"],
            }
            yield Candidate("governance", cells, source)


def trade(name: str, file: IO[bytes], tables: WorkingTables) -> Iterator[Candidate]:
    """China's shares of imports under the trade codes of minerals, for the importers that the tables follow."""
    products = frozenset(row["hs6"] for row in tables.rows("mineral_codes"))
    importers = frozenset(row["importer"] for row in tables.rows("mineral_imports")) & IMPORTERS
    edition = name.rpartition(".")[0]
    source_id = f"cepii-{_slug(edition)}"
    source = {
        "source_id": source_id,
        "title": f"CEPII BACI, HS 1992 nomenclature, {edition} (Etalab Open Licence 2.0)",
        "url": "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37",
        "kind": "dataset",
    }
    for one in baci.imports(name, file, products, importers):
        total, tons = sum(one.value.values()), sum(one.quantity.values())
        if total > 0:
            cells = {
                "hs6": one.hs6,
                "year": str(one.year),
                "importer": one.importer,
                "china_import_share": f"{one.value.get('CN', 0.0) / total:.6g}",
                "china_import_share_q": f"{one.quantity.get('CN', 0.0) / tons:.6g}" if tons else "",
                "hk_import_share": f"{one.value.get('HK', 0.0) / total:.6g}",
                "import_value_kusd": f"{total:.3f}",
                "import_quantity_t": f"{tons:.3f}" if tons else "",
                "n_partners": str(len(one.value)),
                "hhi": f"{sum((value / total) ** 2 for value in one.value.values()):.6f}",
                "quantity_known_value_share": f"{one.value_with_quantity / total:.6f}",
                "source_id": source_id,
            }
            yield Candidate("mineral_imports", cells, source)


def identifiers(name: str, data: bytes, tables: WorkingTables) -> Iterator[Candidate]:
    """FIGIs of listings whose ISIN is known; an ISIN with several composites is a question."""
    found = {mapping.isin: mapping.figis for mapping in openfigi.mappings(name, data)}
    for row in tables.rows("listings"):
        figis = found.get(row["isin"], ()) if row["isin"] else ()
        if figis:
            several = f"has several composites: {', '.join(figis)}" if len(figis) > 1 else None
            yield Candidate("listings", {**row, "figi": figis[0]}, None, several)


def _dataset(prefix: str, name: str, data: bytes, title: str, kind: str) -> dict[str, str]:
    """Row of `sources` for a file; its contents name it, so that another edition is another source."""
    digest = hashlib.sha256(data).hexdigest()[:8]
    return {"source_id": f"{prefix}-{digest}", "title": f"{title}, file {name}", "url": "", "kind": kind}


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80].strip("-")
