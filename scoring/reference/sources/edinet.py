"""Read annual securities reports of Japan: the CSV package of EDINET (API version 2, ``type=5``), one zip per report.

Source: https://api.edinet-fsa.go.jp/api/v2/documents/{docID}?type=5. In ``XBRL_TO_CSV/`` lies
``jpcrp030000-asr-001_CODE-000_PERIOD_01_FILED.csv``: tab-delimited UTF-16, one tagged item a line. Sales by region are
a text block without its table: names and amounts one after the other. So a reading counts only where the regions add
up to the total, and the total is a revenue that the report tags as a number; that says which year a column is of, too.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.csv as pacsv

from scoring.errors import InputError
from scoring.reference.sources import raw
from scoring.reference.sources.sec.china import ChinaRevenue, Unread
from scoring.vocabulary import Scope

VERSION: Final = "the CSV package of EDINET API version 2 (type=5) with XBRL_TO_CSV/jpcrp030000-asr-*.csv"
ELEMENT, ITEM, CONTEXT, UNIT, VALUE = COLUMNS = ("要素ID", "項目名", "コンテキストID", "ユニットID", "値")

_REPORT: Final = re.compile(
    r"(?:.*/)?jpcrp030000-asr-001_([A-Z]\d{5})-\d{3}_(\d{4}-\d\d-\d\d)_(\d\d)_(\d{4}-\d\d-\d\d)\.csv"
)
_YEARS: Final = {"CurrentYearDuration": 0, "Prior1YearDuration": 1}
_REGIONS: Final = re.compile(
    r"RevenuesFromExternalCustomersInformationForEachRegionTextBlock$|InformationAboutGeographicalAreas\w*TextBlock$"
)
_REVENUE: Final = re.compile(
    r":(NetSales|RevenueIFRS|NetSalesIFRS|OperatingRevenue1|RevenuesFromExternalCustomers"
    r"|(NetSales|RevenueIFRS)SummaryOfBusinessResults)$"
)
_REVENUE_ITEM: Final = re.compile(r"(売上収益|売上高|営業収益)(合計)?(、経営指標等)?$")
"""Names of the item where a company has an element of its own for it."""

_SCOPES: Final[dict[str, Scope]] = {
    "中国": "unspecified",
    "中華人民共和国": "unspecified",
    "中国本土": "mainland",
    "中国香港": "mainland+hk",
    "中国及び香港": "mainland+hk",
    "中国香港を含む": "mainland+hk",
    "中国含む香港": "mainland+hk",
    "大中華圏": "greater-china",
    "グレーターチャイナ": "greater-china",
}
"""Names of China as regions are named, and what each counts as China."""

_TOTALS: Final = ("合計", "計", "連結", "連結合計", "総計")
_ASSETS: Final = re.compile(r"非流動資産|有形固定資産")
_SCALES: Final = {"百万円": Decimal(10**6), "千円": Decimal(10**3), "円": Decimal(1)}
_SCALE: Final = re.compile(r"単位:?\s*(百万円|千円|円)")
_NO_AMOUNT: Final = re.compile(
    r"\(?注[0-9.]*\)?"
    r"|[0-9]+(\.[0-9]+)?\s*%"
    r"|\([0-9]{1,2}\)|(?<![0-9,])[0-9]{1,2}\.(?![0-9])"
    r"|[0-9]{1,4}年度?|[0-9]{1,2}月|[0-9]{1,2}日|第[0-9]+期"
)
"""Marks of footnotes, percentages, numbers of paragraphs, and dates."""

_TOKEN: Final = re.compile(
    r"(?P<amount>[△▲-]?[0-9]{1,3}(?:,[0-9]{3})+|[△▲-]?[0-9]+)|(?P<none>[-―—‐](?=\s|$))|(?P<name>[^\s0-9△▲]+)"
)
_MOST_REGIONS: Final = 40


class Report(NamedTuple):
    """One annual securities report.

    Attributes
    ----------
    name : str
        Name of the file in the package.
    edinet_code, registrant : str
    security_code : str
        Four characters, as the exchange writes it; empty where the filer has none.
    period, filed : datetime.date
    amends : bool
    figures : tuple of ChinaRevenue
        The latest year first.
    unread : tuple of Unread
        A region that is China and does not count, and why.
    """

    name: str
    edinet_code: str
    registrant: str
    security_code: str
    period: dt.date
    filed: dt.date
    amends: bool
    figures: tuple[ChinaRevenue, ...]
    unread: tuple[Unread, ...]


def report(name: str, data: bytes) -> Report:
    """Read a package.

    Raises
    ------
    InputError
        No whole zip, no annual report in it, a column is missing, or it does not say whose it is.
    """
    with raw.members(name, data) as archive:
        inside = next((one for one in sorted(archive.namelist()) if _REPORT.fullmatch(one)), None)
        if inside is None:
            raise InputError(name, "holds no annual securities report", f"this reader expects {VERSION}")
        text = raw.text(f"{name}/{inside}", raw.member(name, archive, inside), "utf-16")
    rows = list(_rows(f"{name}/{inside}", text))
    about = {row[ELEMENT].removeprefix("jpdei_cor:"): row[VALUE] for row in rows if row[ELEMENT].endswith("DEI")}
    match = _REPORT.fullmatch(inside)
    if match is None or "EDINETCodeDEI" not in about:
        raise InputError(f"{name}/{inside}", "does not state jpdei_cor:EDINETCodeDEI", f"this reader expects {VERSION}")
    period, filed = dt.date.fromisoformat(match[2]), dt.date.fromisoformat(match[4])
    figures, unread = _china(rows, period)
    return Report(
        inside.rpartition("/")[2],
        about["EDINETCodeDEI"],
        _stated(about, "FilerNameInEnglishDEI") or _stated(about, "FilerNameInJapaneseDEI"),
        _stated(about, "SecurityCodeDEI")[:4],
        period,
        filed,
        about.get("AmendmentFlagDEI") == "true" or match[3] != "01",
        tuple(figures),
        tuple(unread),
    )


def _rows(name: str, text: str) -> Iterator[dict[str, str]]:
    """Lines by column; a text block is one cell, of any length."""
    raw.require(name, [cell.strip('"') for cell in text.partition("\n")[0].strip().split("\t")], COLUMNS, VERSION)
    content = text.encode()
    try:
        table = pacsv.read_csv(
            pa.BufferReader(content),
            pacsv.ReadOptions(block_size=len(content) + 1, use_threads=False),
            pacsv.ParseOptions(delimiter="\t", newlines_in_values=True),
            pacsv.ConvertOptions(
                column_types=dict.fromkeys(COLUMNS, pa.string()), include_columns=COLUMNS, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(name, f"is cut off or damaged ({reason})", "fetch the file again") from None
    yield from table.to_pylist()


def _stated(about: dict[str, str], key: str) -> str:
    said = about.get(key, "").strip()
    return "" if said in ("－", "-", "—") else said


def _china(rows: list[dict[str, str]], period: dt.date) -> tuple[list[ChinaRevenue], list[Unread]]:
    """What the text blocks of sales by region say of China; if nothing counts, what they say that cannot."""
    revenue = _revenue(rows)
    figures: dict[int, ChinaRevenue] = {}
    doubts: dict[str, str] = {}
    for row in rows:
        if not _REGIONS.search(row[ELEMENT]) or row[CONTEXT] not in _YEARS:
            continue
        tag, text = row[ELEMENT].rpartition(":")[2], _plain_text(row[VALUE])
        stated = _SCALE.search(text)
        unit = _SCALES[stated[1]] if stated else Decimal(0)
        for table in _tables(text) if stated else ():
            year = _year(table, unit, revenue)
            if year is not None:
                about = (_ago(period, year), 4, "JPY", table.total * unit, table.china * unit, table.scope)
                figures.setdefault(year, ChinaRevenue(*about, "地域ごとの情報", table.region, tag))
        if any(region in text for region in _SCOPES):
            doubts[tag] = (
                "the regions do not add up to a revenue that the report tags" if stated else "it states no unit"
            )
    if figures:
        return [figures[year] for year in sorted(figures)], []
    return [], [Unread(period, 4, tag, why) for tag, why in doubts.items()]


def _year(table: _Table, unit: Decimal, revenue: dict[int, set[Decimal]]) -> int | None:
    """Years before the report's own of the year whose tagged revenue the total is; some companies cut, some round."""
    years = [year for year, totals in revenue.items() if any(abs(one - table.total * unit) < unit for one in totals)]
    return years[0] if len(years) == 1 else None


def _ago(period: dt.date, years: int) -> dt.date:
    """The end of the fiscal year some years before one; the end of a February moves."""
    if (period.month, period.day) in ((2, 28), (2, 29)):
        return dt.date(period.year - years, 3, 1) - dt.timedelta(1)
    return period.replace(year=period.year - years)


def _revenue(rows: list[dict[str, str]]) -> dict[int, set[Decimal]]:
    """Amounts that the report tags as revenue of all of the company, by years before its own."""
    found: dict[int, set[Decimal]] = {0: set(), 1: set()}
    for row in rows:
        named = _REVENUE.search(row[ELEMENT]) or _REVENUE_ITEM.match(row[ITEM])
        if named and row[UNIT] == "JPY" and row[CONTEXT] in _YEARS and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", row[VALUE]):
            found[_YEARS[row[CONTEXT]]].add(Decimal(row[VALUE]))
    return found


class _Table(NamedTuple):
    """A reading of a text: what it calls China, that amount and the total, in the unit of the text."""

    region: str
    scope: Scope
    china: Decimal
    total: Decimal


def _tables(text: str) -> Iterator[_Table]:
    """Readings of a text in which regions add up to their total: each column of rows, or a row below its names."""
    for part in _ASSETS.split(text):
        entries = list(_entries(part))
        for number, (names, amounts) in enumerate(entries):
            if len(amounts) > 2 and len(names) >= len(amounts):
                yield from _added_up(list(zip(names[-len(amounts) :], amounts, strict=True)))
            if names and _is_total(names[-1]):
                for column in range(len(amounts)):
                    before = [
                        one for one in entries[max(0, number - _MOST_REGIONS) : number] if len(one[1]) == len(amounts)
                    ]
                    rows = [("".join(of_row[0]), of_row[1][column]) for of_row in before]
                    yield from _added_up([*rows, (names[-1], amounts[column])])


def _entries(text: str) -> Iterator[tuple[list[str], list[Decimal]]]:
    """Names, and the amounts that follow them."""
    names: list[str] = []
    amounts: list[Decimal] = []
    for token in _TOKEN.finditer(_NO_AMOUNT.sub(" ", text)):
        if token["name"]:
            if amounts:
                yield names, amounts
                names, amounts = [], []
            names.append(token["name"])
        else:
            shown = (token["amount"] or "0").replace(",", "").replace("△", "-").replace("▲", "-")
            amounts.append(Decimal(shown))
    if amounts:
        yield names, amounts


def _added_up(rows: list[tuple[str, Decimal]]) -> Iterator[_Table]:
    """The table that ends with a total, if some regions before it, China among them, add up to it."""
    (last, total), parts = rows[-1], rows[:-1]
    if not _is_total(last) or total <= 0:
        return
    whole, china = Decimal(0), None
    for count, (name, amount) in enumerate(reversed(parts), 1):
        region = _plain(name)
        scope = _SCOPES.get(region)
        if scope is not None and china is None:
            china = (region, scope, amount)
        whole += 0 if "うち" in name else amount
        # Rounded parts may miss their total by as many units as there are parts.
        if china is not None and abs(whole - total) <= Decimal(count) / 2 and count > 1:
            if 0 <= china[2] <= total:
                yield _Table(china[0], china[1], china[2], total)
            return


def _is_total(name: str) -> bool:
    return _plain(name) in _TOTALS


def _plain(name: str) -> str:
    """Name of a region without brackets, signs, and the word for `of which`."""
    bare = re.sub(r"[\s()「」・、,:]", "", name)
    return bare.removeprefix("うち").removeprefix("内")


def _plain_text(text: str) -> str:
    """Text with one form of digits, brackets and spaces, and without circled numbers."""
    return unicodedata.normalize("NFKC", re.sub(r"[①-⑳]", " ", text))
