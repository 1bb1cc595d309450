"""Annual securities reports of Japan: regions count where they add up to a revenue that the report tags.

The packages are made here in the layout of EDINET; no true one lies beside the project.
"""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import InputError
from scoring.reference.sources import edinet

HEADER = ("要素ID", "項目名", "コンテキストID", "相対年度", "連結・個別", "期間・時点", "ユニットID", "単位", "値")
INSIDE = "XBRL_TO_CSV/jpcrp030000-asr-001_E02652-000_2026-03-31_01_2026-06-19.csv"
BY_REGION = "jpcrp_cor:RevenuesFromExternalCustomersInformationForEachRegionTextBlock"
IFRS = "jpcrp_cor:InformationAboutGeographicalAreasIFRSTextBlock"

BELOW = "(1)売上高 (単位:百万円) 日本 北米 中国 韓国 その他 合計 200,000 150,500 800,250 400,000 249,250 1,800,000"
"""Amounts below their names, one table for each year."""

BEHIND = (
    "①売上収益（単位：百万円） 前連結会計年度（自 2024年４月１日 至 2025年３月31日） 当連結会計年度 日本"
    "180,000200,000北米140,000150,500（うち米国）130,000140,000中国700,000800,250その他480,000649,250合計1,500,0001,800,000"
    "（注）売上収益は顧客の所在地による。 ②非流動資産 日本 10,000 中国 5,000 合計 15,000"
)
"""Two years behind each name, without a space between them."""


def line(element, value, context="CurrentYearDuration", item="", unit="") -> str:
    return "\t".join(f'"{cell}"' for cell in (element, item, context, "", "", "", unit, "", value))


def sales(amount, context="CurrentYearDuration", element="jppfs_cor:NetSales", item="売上高") -> str:
    return line(element, str(amount), context, item, "JPY")


ABOUT = (
    line("jpdei_cor:EDINETCodeDEI", "E02652", "FilingDateInstant"),
    line("jpdei_cor:SecurityCodeDEI", "80350", "FilingDateInstant"),
    line("jpdei_cor:FilerNameInEnglishDEI", "Tokyo Electron Limited", "FilingDateInstant"),
    line("jpdei_cor:FilerNameInJapaneseDEI", "東京エレクトロン株式会社", "FilingDateInstant"),
    line("jpdei_cor:AmendmentFlagDEI", "false", "FilingDateInstant"),
)
TAGGED = (sales(1800000000000), sales(1500000000000, "Prior1YearDuration"))


def package(*lines: str, header=HEADER, about=ABOUT, inside=INSIDE, encoding="utf-16") -> bytes:
    text = "\r\n".join(["\t".join(f'"{name}"' for name in header), *about, *lines, ""])
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(INSIDE.replace("jpcrp030000-asr", "jpaud-aar"), "".encode("utf-16"))
        archive.writestr(inside, text.encode(encoding))
    return file.getvalue()


def read(*lines: str, **about):
    report = edinet.report("S100.zip", package(*lines, **about))
    million = Decimal(10**6)
    given = [f"{one.end} {one.china / million:f} of {one.total / million:f} {one.scope}" for one in report.figures]
    return given, [one.why for one in report.unread]


def test_whose_report_it_is():
    report = edinet.report("S100.zip", package())
    assert (report.edinet_code, report.security_code, report.registrant) == ("E02652", "8035", "Tokyo Electron Limited")
    assert (str(report.period), str(report.filed), report.amends) == ("2026-03-31", "2026-06-19", False)
    again = edinet.report("S100.zip", package(inside=INSIDE.replace("_01_", "_02_")))
    assert again.amends


def test_amounts_below_their_names():
    prior = BELOW.replace("800,250", "500,250").replace("1,800,000", "1,500,000")
    given, unread = read(*TAGGED, line(BY_REGION, BELOW), line(BY_REGION, prior, "Prior1YearDuration"))
    assert given == ["2026-03-31 800250 of 1800000 unspecified", "2025-03-31 500250 of 1500000 unspecified"]
    assert unread == []


def test_two_years_behind_each_name():
    given, unread = read(*TAGGED, line(IFRS, BEHIND))
    assert given == ["2026-03-31 800250 of 1800000 unspecified", "2025-03-31 700000 of 1500000 unspecified"]
    assert unread == []


def test_the_order_of_the_years_is_not_taken_for_granted():
    given, _ = read(sales(1500000000000), sales(1800000000000, "Prior1YearDuration"), line(IFRS, BEHIND))
    assert given == ["2026-03-31 700000 of 1500000 unspecified", "2025-03-31 800250 of 1800000 unspecified"]


def test_revenue_under_a_name_of_the_company():
    own = sales(1800000000000, element="jpcrp030000-asr_E02652-000:SalesRevenue", item="売上収益")
    assert read(own, line(IFRS, BEHIND))[0] == ["2026-03-31 800250 of 1800000 unspecified"]


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("中国本土", "mainland"),
        ("中国（香港を含む）", "mainland+hk"),
        ("大中華圏", "greater-china"),
        ("(うち中国)", None),
    ],
)
def test_names_of_china(name, scope):
    given, _ = read(*TAGGED, line(BY_REGION, BELOW.replace("中国", name)))
    if scope is None:
        # What is part of another region is not added to the others.
        text = BELOW.replace("中国", name).replace("1,800,000", "999,750")
        assert read(sales(999750000000), line(BY_REGION, text))[0] == ["2026-03-31 800250 of 999750 unspecified"]
    else:
        assert given == [f"2026-03-31 800250 of 1800000 {scope}"]


def test_years_that_end_in_february():
    inside = INSIDE.replace("2026-03-31", "2024-02-29")
    prior = BELOW.replace("800,250", "500,250").replace("1,800,000", "1,500,000")
    lines = (*TAGGED, line(BY_REGION, BELOW), line(BY_REGION, prior, "Prior1YearDuration"))
    assert [one.partition(" ")[0] for one in read(*lines, inside=inside)[0]] == ["2024-02-29", "2023-02-28"]


@pytest.mark.parametrize(
    ("text", "tagged", "why"),
    [
        (BELOW.replace("800,250", "900,250"), TAGGED, "do not add up to a revenue"),
        (BELOW, (sales(1900000000000),), "do not add up to a revenue"),
        (BELOW, (), "do not add up to a revenue"),
        (BELOW, (sales(1800000000000), sales(1800000000000, "Prior1YearDuration")), "do not add up to a revenue"),
        (BELOW.replace("(単位:百万円)", ""), TAGGED, "states no unit"),
        (BELOW.replace("800,250", "△800,250"), TAGGED, "do not add up to a revenue"),
        ("(単位:百万円) 中国における売上高が過半を占めるため記載を省略しております。", TAGGED, "do not add up"),
    ],
    ids=["sum", "another total", "no total", "two years alike", "no unit", "negative", "prose"],
)
def test_what_cannot_be_taken_is_told(text, tagged, why):
    given, [told] = read(*tagged, line(BY_REGION, text))
    assert given == []
    assert why in told


@pytest.mark.parametrize("text", [BELOW.replace("中国", "台湾"), BELOW.replace("中国", "アジア（中国除く）"), ""])
def test_a_report_that_does_not_name_china_gives_nothing(text):
    assert read(*TAGGED, line(BY_REGION, text))[0] == []


def test_assets_are_no_sales():
    text = f"②非流動資産 {BELOW.replace('売上高', '有形固定資産')}"
    assert read(*TAGGED[:1], line(IFRS, text.replace("1,800,000", "1,700,000")))[0] == []


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (b"<html>busy</html>", ("S100.zip", "web page")),
        (package()[:-40], ("S100.zip", "no whole zip")),
        (package(inside="XBRL_TO_CSV/jpcrp040300-q3r-001_E02652-000_2026-03-31_01_2026-06-19.csv"),
         ("S100.zip", "no annual securities report")),
        (package(header=("要素ID", *HEADER[1:8], "value")), ("asr-001_E02652", "値", "version 2")),
        (package(encoding="shift_jis"), ("asr-001_E02652", "is not utf-16")),
        (package(about=()), ("EDINETCodeDEI",)),
        (package('"too"\t"short"'), ("asr-001_E02652", "cut off or damaged")),
    ],
    ids=["page", "cut", "quarterly", "renamed", "encoding", "nobody's", "short line"],
)  # fmt: skip
def test_what_is_no_package_is_refused(data, names):
    with pytest.raises(InputError) as refused:
        edinet.report("S100.zip", data)
    for name in names:
        assert name in str(refused.value)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters='"\t\r\n'), max_size=60))
def test_no_text_breaks_the_reader(text):
    with suppress(InputError):
        edinet.report("S100.zip", package(*TAGGED, line(BY_REGION, f"(単位:百万円) 中国 {text} 合計 1,800,000")))
