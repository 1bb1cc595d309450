"""Filings: what true ones print, and what a reader must not take for revenue in China."""

from __future__ import annotations

import gzip
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import InputError
from scoring.reference.sources.sec import instance
from scoring.reference.sources.sec.china import china_revenue
from scoring.reference.sources.sec.products import product_splits

SAMPLES = Path(__file__).parents[5] / "shared" / "samples" / "sec"
"""True filings, where they lie beside the project; they are not part of it."""

PRINTED = {
    "aapl-20230930_htm.xml.gz": ["2023-09-30 4 72559 383285", "2022-09-24 4 74200 394328", "2021-09-25 4 68366 365817"],
    "nke-10-k-2025-07-17.html.gz": ["2025-05-31 4 6586 46309", "2024-05-31 4 7545 51362"],
    "nvda-10-k-2025-02-26.html.gz": ["2025-01-26 4 17108 130497", "2024-01-28 4 10306 60922"],
    "tsla-10-k-2025-01-30.html.gz": [
        "2024-12-31 4 20944 97690",
        "2023-12-31 4 21745 96773",
        "2022-12-31 4 18145 81462",
    ],
    "tsla-20240630_htm.xml.gz": [
        "2024-06-30 1 4636 25500",
        "2024-06-30 2 9228 46801",
        "2023-06-30 1 5731 24927",
        "2023-06-30 2 10622 48256",
    ],
    "abbv-10-k-2025-02-14.html.gz": ["2024-12-31 4 917 56334", "2023-12-31 4 950 54318", "2022-12-31 4 912 58054"],
}
"""End, quarters, China revenue and total, in millions, as the filings print them."""

PAGE = """<?xml version="1.0"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
 xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:xbrldi="http://xbrl.org/2006/xbrldi">
<ix:header><ix:resources>
{contexts}
<xbrli:unit id="usd"><xbrli:measure>iso4217:{currency}</xbrli:measure></xbrli:unit>
</ix:resources></ix:header><body>
<ix:nonNumeric contextRef="all" name="dei:DocumentType">{form}</ix:nonNumeric>
<ix:nonNumeric contextRef="all" name="dei:AmendmentFlag" format="ixt:fixed-false">no</ix:nonNumeric>
<ix:nonNumeric contextRef="all" name="dei:DocumentFiscalYearFocus">2024</ix:nonNumeric>
<ix:nonNumeric contextRef="all" name="dei:DocumentFiscalPeriodFocus">FY</ix:nonNumeric>
<ix:nonNumeric contextRef="all" name="dei:EntityCentralIndexKey">1045810</ix:nonNumeric>
<ix:nonNumeric contextRef="all" name="dei:EntityRegistrantName">{registrant}</ix:nonNumeric>
<ix:nonNumeric contextRef="all" name="dei:TradingSymbol">{symbol}</ix:nonNumeric>
{facts}
</body></html>"""


def page(
    *splits: tuple[str, str, str],
    total="1,000",
    start="2023-10-02",
    end="2024-09-29",
    form="10-K",
    currency="USD",
    registrant="NVIDIA CORP",
    symbol="NVDA",
) -> bytes:
    """A 10-K with total revenue and some splits of it: (members, shown, attributes)."""
    period = (
        f"<xbrli:period><xbrli:startDate>{start}</xbrli:startDate><xbrli:endDate>{end}</xbrli:endDate></xbrli:period>"
    )
    contexts, facts = [f'<xbrli:context id="all"><xbrli:entity/>{period}</xbrli:context>'], []
    if total:
        facts.append(amount("all", total))
    for number, (members, shown, attributes) in enumerate(splits):
        explicit = "".join(
            f'<xbrldi:explicitMember dimension="{axis}">{member}</xbrldi:explicitMember>'
            for axis, _, member in (part.partition("=") for part in members.split())
        )
        contexts.append(
            f'<xbrli:context id="c{number}"><xbrli:entity><xbrli:segment>{explicit}</xbrli:segment></xbrli:entity>'
            f"{period}</xbrli:context>"
        )
        facts.append(amount(f"c{number}", shown, attributes))
    return PAGE.format(
        contexts="\n".join(contexts),
        facts="\n".join(facts),
        form=form,
        currency=currency,
        registrant=registrant,
        symbol=symbol,
    ).encode()


def amount(context: str, shown: str, attributes: str = 'scale="6"') -> str:
    about = f'contextRef="{context}" unitRef="usd" name="us-gaap:Revenues" {attributes}'
    return f"<ix:nonFraction {about}>{shown}</ix:nonFraction>"


CHINA = "srt:StatementGeographicalAxis=country:CN"


def read(*splits: tuple[str, str, str], **about: str):
    return china_revenue(instance.read("filing.htm", page(*splits, **about)))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the true filings do not lie beside the project")
@pytest.mark.parametrize("name", PRINTED)
def test_true_filings_give_what_they_print(name):
    figures, unread = china_revenue(instance.read(name, (SAMPLES / name).read_bytes()))
    million = Decimal(10**6)
    given = {f"{one.end} {one.quarters} {one.china / million:f} {one.total / million:f}" for one in figures}
    assert set(PRINTED[name]) <= given
    assert unread == []


@pytest.mark.parametrize(
    ("member", "scope"),
    [
        ("country:CN", "unspecified"),
        ("nvda:ChinaIncludingHongKongMember", "mainland+hk"),
        ("nke:GreaterChinaSegmentMember", "greater-china"),
        ("x:MainlandChinaMember", "mainland"),
    ],
)
def test_names_of_china(member, scope):
    [figure], unread = read((f"srt:StatementGeographicalAxis={member}", "250", 'scale="6"'))
    assert (figure.scope, figure.china, figure.total, figure.quarters) == (scope, 250 * 10**6, 10**9, 4)
    assert figure.share == 0.25
    assert unread == []


def test_hong_kong_beside_china_says_that_china_is_the_mainland():
    [figure], _ = read((CHINA, "250", 'scale="6"'), ("srt:StatementGeographicalAxis=country:HK", "40", 'scale="6"'))
    assert (figure.scope, figure.china, figure.hong_kong) == ("mainland", 250 * 10**6, 40 * 10**6)


@pytest.mark.parametrize(
    "members",
    [
        f"{CHINA} srt:ProductOrServiceAxis=x:PhonesMember",
        "srt:MajorCustomersAxis=x:ChinaMember",
        "srt:StatementGeographicalAxis=x:AsiaExcludingChinaMember",
        "srt:StatementGeographicalAxis=x:IndochinaMember",
        "srt:StatementGeographicalAxis=country:TW",
    ],
)
def test_what_is_not_revenue_in_china(members):
    assert read((members, "250", 'scale="6"')) == ([], [])


@pytest.mark.parametrize(
    ("split", "total", "why"),
    [
        (
            ("srt:StatementGeographicalAxis=x:ChinaAndJapanMember", "250", 'scale="6"'),
            "1,000",
            "not known to the reader",
        ),
        ((CHINA, "250", 'scale="6" sign="-"'), "1,000", "negative"),
        ((CHINA, "250", 'scale="9"'), "1,000", "more than the total"),
        ((CHINA, "250", 'scale="6"'), "", "no total"),
    ],
)
def test_what_cannot_be_taken_is_told(split, total, why):
    figures, [unread] = read(split, total=total)
    assert figures == []
    assert why in unread.why


def test_two_numbers_for_one_period_are_told():
    _, [unread] = read((CHINA, "250", 'scale="6"'), (CHINA, "260", 'scale="6"'))
    assert unread.why == "two numbers for one period"


@pytest.mark.parametrize(
    ("shown", "attributes", "value"),
    [
        ("1,234.5", 'scale="6" format="ixt:num-dot-decimal"', "1234500000"),
        ("1.234,5", 'scale="6" format="ixt:num-comma-decimal"', "1234500000"),
        ("—", 'scale="6" format="ixt:fixed-zero"', "0"),
        ("12", "", "12"),
    ],
)
def test_numbers_as_pages_show_them(shown, attributes, value):
    filing = instance.read("filing.htm", page((CHINA, shown, attributes)))
    assert [fact.value for fact in filing.facts if fact.segments] == [Decimal(value)]


@pytest.mark.parametrize(("start", "quarters"), [("2023-09-25", 4), ("2024-07-01", 1), ("2024-04-01", 2)])
def test_years_of_53_weeks_and_their_parts(start, quarters):
    filing = instance.read("filing.htm", page((CHINA, "250", 'scale="6"'), start=start))
    assert {fact.quarters for fact in filing.facts} == {quarters}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is empty"),
        (page()[:-30], "is no whole XML"),
        (gzip.compress(page())[:-30], "cut off"),
        (b"<html><body>Request Rate Threshold Exceeded</body></html>", "holds no XBRL"),
        (b"<!DOCTYPE html><html><p>Busy</html>", "is a web page"),
        (gzip.compress(b"0" * (257 * 2**20)), "unpacks to more than"),
        (page((CHINA, "n/a", "")), "tags 'n/a' as a number"),
    ],
    ids=["empty", "cut", "cut gzip", "page", "broken page", "bomb", "words"],
)
def test_what_is_no_filing_is_refused(data, problem):
    with pytest.raises(InputError, match=problem) as refused:
        instance.read("filing.htm", data)
    assert refused.value.field == "filing.htm"


def test_entities_are_not_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("4711")
    entity = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">]>'.encode()
    data = page((CHINA, "&x;", "")).replace(b'<?xml version="1.0"?>', b'<?xml version="1.0"?>' + entity)
    with pytest.raises(InputError, match="as a number"):
        instance.read("filing.htm", data)


@given(st.data())
def test_no_damage_breaks_the_reader(data):
    whole = page((CHINA, "250", 'scale="6"'))
    at = data.draw(st.integers(0, len(whole)))
    damaged = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 40)) :]
    with suppress(InputError):
        product_splits(instance.read("filing.htm", damaged))
