"""Lists of companies as twelve vendors write them."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass

from scoring.reference.identifiers import venues
from scoring.scorer import Scorer


@dataclass(frozen=True)
class Holding:
    """A company as a file can name it.

    `texts` are the cells that name it: a row that has one of them intact means this company.
    """

    company_id: str
    name: str
    country: str
    code: str
    mic: str
    isin: str

    @property
    def exchange(self) -> str:
        """Name of its exchange."""
        return venues.BY_MIC[self.mic].name

    @property
    def bloomberg(self) -> str:
        """Code as Bloomberg writes it."""
        return f"{self.code} {venues.BY_MIC[self.mic].bloomberg[0]}"

    @property
    def factset(self) -> str:
        """Code as FactSet writes it."""
        return f"{self.code}-{venues.BY_MIC[self.mic].country}"

    @property
    def stripped(self) -> str:
        """Code as a spreadsheet leaves it: a number has lost its zeros."""
        return self.code.lstrip("0") if self.code.isdigit() else self.code

    @property
    def texts(self) -> tuple[str, ...]:
        """Cells that name it."""
        return (self.name, self.bloomberg, self.factset, self.code, *([self.isin] if self.isin else []))


@dataclass(frozen=True)
class Vendor:
    """How a vendor writes a list."""

    name: str
    columns: tuple[tuple[str, Callable[[Holding, float], str]], ...]
    delimiter: str = ","
    encoding: str = "utf-8"
    prelude: tuple[str, ...] = ()
    suffix: str = ".csv"
    has_total: bool = False
    is_shuffled: bool = True


def _weight(_: Holding, weight: float) -> str:
    return f"{weight:.2f}"


def _german(_: Holding, weight: float) -> str:
    return f"{weight:.2f}".replace(".", ",")


def _money(_: Holding, weight: float) -> str:
    return f"${weight * 1e5:,.2f}"


def _plain_money(_: Holding, weight: float) -> str:
    return f"{weight * 1e5:.0f}"


def _of(name: str) -> Callable[[Holding, float], str]:
    return lambda holding, _: str(getattr(holding, name))


_CODE, _NAME, _ISIN, _EXCHANGE, _COUNTRY = map(_of, ("stripped", "name", "isin", "exchange", "country"))
_FACTSET, _BLOOMBERG, _MIC = map(_of, ("factset", "bloomberg", "mic"))
_FUND = ('"Made-up Fund"', 'Fund Holdings as of,"Jul 31, 2026"', "")

VENDORS = (
    Vendor(
        "fund house",
        (("Ticker", _CODE), ("Name", _NAME), ("Weight (%)", _weight), ("Location", _COUNTRY), ("Exchange", _EXCHANGE)),
        prelude=_FUND,
    ),
    Vendor("broker", (("Symbol", _CODE), ("Description", _NAME), ("Mkt Val (Market Value)", _money)), has_total=True),
    Vendor("gateway", (("Symbol", _CODE), ("ListingExchange", _MIC), ("PositionValue", _plain_money))),
    Vendor("FactSet", (("FactSet Ticker", _FACTSET), ("Company Name", _NAME), ("Weight", _weight))),
    Vendor("Bloomberg", (("BB Ticker", _BLOOMBERG), ("Security Name", _NAME), ("% of Fund", _weight)), delimiter="\t"),
    Vendor("German bank", (("ISIN", _ISIN), ("Bezeichnung", _NAME), ("Gewicht", _german)), ";", "cp1252"),
    Vendor("French bank", (("Code ISIN", _ISIN), ("Libellé", _NAME), ("Poids", _german)), ";", "cp1252"),
    Vendor("Japanese broker", (("証券コード", _CODE), ("市場", _EXCHANGE), ("評価額", _plain_money)), ",", "cp932"),
    Vendor("Korean broker", (("종목코드", _CODE), ("종목명", _NAME), ("평가금액", _plain_money)), ",", "cp949"),
    Vendor("Chinese broker", (("股票代码", _CODE), ("股票名称", _NAME), ("市值", _plain_money)), ",", "gb18030"),
    Vendor("index provider", (("Constituent Name", _NAME), ("Country", _COUNTRY), ("Index Weight", _weight))),
    Vendor("JSON", (("ticker", _FACTSET), ("name", _NAME), ("weight", _weight)), suffix=".json"),
)


def holdings_of(scorer: Scorer) -> list[Holding]:
    """One holding per company with a live listing on a known exchange."""
    listings, companies = scorer.release.columns("listings"), scorer.release.columns("companies")
    about = dict(zip(companies["company_id"], zip(companies["name"], companies["country"], strict=True), strict=True))
    found = {}
    for company_id, mic, code, isin, end in zip(
        *(listings[name].tolist() for name in ("company_id", "mic", "ticker", "isin", "listed_to")), strict=True
    ):
        if end is None and mic in venues.BY_MIC:
            name, country = about[company_id]
            found.setdefault(company_id, Holding(company_id, name, country, code, mic, isin or ""))
    return list(found.values())


def written(vendor: Vendor, holdings: list[Holding], dice: random.Random) -> bytes:
    """Content of a file of a vendor."""
    columns = list(vendor.columns)
    if vendor.is_shuffled:
        dice.shuffle(columns)
    weights = [dice.randint(1, 900) / 100 for _ in holdings]
    rows = [[cell(holding, weight) for _, cell in columns] for holding, weight in zip(holdings, weights, strict=True)]
    titles = [title for title, _ in columns]
    if vendor.suffix == ".json":
        return json.dumps([dict(zip(titles, row, strict=True)) for row in rows], ensure_ascii=False).encode()
    if vendor.has_total:
        rows.append(["Total" if i == 0 else "" for i in range(len(titles))])
    text = io.StringIO()
    text.write("".join(f"{line}\n" for line in vendor.prelude))
    writer = csv.writer(text, delimiter=vendor.delimiter, lineterminator="\n")
    writer.writerows([titles, *rows])
    return text.getvalue().encode(vendor.encoding, errors="replace")
