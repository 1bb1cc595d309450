"""Whole markets of the universe as vendors write them: nearly every line resolves, and none to another company."""

from __future__ import annotations

import functools
import re

import pytest

from scoring.reference.identifiers.resolver import Resolver
from scoring.reference.releases.release import open_release

LEAST = 0.97

SPELLINGS = {
    "XTKS": "{}.T|{} JT Equity|{} JP|{}-JP|TYO:{}|TSE:{}|XTKS:{}|{}:TYO",
    "XKRX": "{}.KS|{} KS Equity|{} KS|{}-KR|KRX:{}|XKRX:{}",
    "XKOS": "{}.KQ|{} KQ|{} KS Equity|{}-KR|KRX:{}|KOSDAQ:{}",
    "XTAI": "{}.TW|{} TT Equity|{}-TW|TPE:{}|TWSE:{}",
    "ROCO": "{}.TWO|{} TT Equity|{}-TW|TPEX:{}",
    "XASX": "{}.AX|{} AU|{} AT Equity|{}-AU|ASX:{}",
    "XNZE": "{}.NZ|{} NZ|{}-NZ|NZE:{}",
    "XSES": "{}.SI|{} SP|{}-SG|SGX:{}",
    "XNSE": "{}.NS|{}-IN|NSE:{}",
    "XETR": "{}.DE|{} GR|{} GY Equity|{}-DE|ETR:{}|XETR:{}",
    "XPAR": "{}.PA|{} FP|{} FP Equity|{}-FR|EPA:{}|EURONEXT:{}",
    "XAMS": "{}.AS|{} NA|{}-NL|AMS:{}|EURONEXT:{}",
    "XBRU": "{}.BR|{} BB|{}-BE|EBR:{}",
    "XLIS": "{}.LS|{} PL|{}-PT|ELI:{}",
    "XLON": "{}.L|{} LN|{} LN Equity|{}-GB|LON:{}|LSE:{}",
    "XMIL": "{}.MI|{} IM|{}-IT|BIT:{}|MIL:{}",
    "XMAD": "{}.MC|{} SM|{}-ES|BME:{}",
    "XSWX": "{}.S|{}.SW|{} SW|{} SE Equity|{}-CH|SWX:{}",
    "XWBO": "{}.VI|{} AV|{}-AT|VIE:{}",
    "XSTO": "{}.ST|{} SS|{}-SE|STO:{}",
    "XHEL": "{}.HE|{} FH|{}-FI|HEL:{}",
    "XCSE": "{}.CO|{} DC|{}-DK|CPH:{}",
    "XOSL": "{}.OL|{} NO|{}-NO|OSL:{}",
    "XTSE": "{}.TO|{} CN|{} CT Equity|{}-CA|TSX:{}|TSE:{}",
    "XTAE": "{}.TA|{} IT|{}-IL|TLV:{}",
    "XJSE": "{}.J|{} SJ|{}-ZA|JSE:{}",
    "BVMF": "{}.SA|{} BZ|{}-BR|BVMF:{}",
    "XMEX": "{}.MX|{} MM|{}-MX|BMV:{}",
    "XNYS": "{}.N|{} UN Equity|{} US|{}-US|NYSE:{}|{}",
    "XNAS": "{}.O|{}.OQ|{} UW Equity|{} US|{}-US|NASDAQ:{}|{}",
}
"""Exchange -> the forms in which Reuters, Bloomberg, FactSet, Google, TradingView, Yahoo and others write a code."""


@functools.cache
def universe() -> Resolver:
    return Resolver(open_release("2026.12.0"))


def of_market(mic: str) -> list[int]:
    resolver = universe()
    return [row for row, at in enumerate(resolver.mics) if at == mic and resolver.ended(row) is None]


def judge(queries: list[str], companies: list[int]) -> tuple[float, list[str]]:
    """Part of a list that resolves to the right company, and every line that resolves to another."""
    matches = universe().resolve_many(queries)
    right = sum(match.company == company for match, company in zip(matches, companies, strict=True))
    wrong = [
        f"{match.query} is {universe().names[company]}, read as {universe().names[match.company]}: {match.reason}"
        for match, company in zip(matches, companies, strict=True)
        if match.status == "ok" and match.company != company
    ]
    return right / len(queries), wrong


@pytest.mark.parametrize(
    ("mic", "form"), [(mic, form) for mic, forms in SPELLINGS.items() for form in forms.split("|")]
)
def test_a_market_resolves_in_every_spelling(mic: str, form: str) -> None:
    rows = of_market(mic)
    assert len(rows) >= 10
    part, wrong = judge(
        [form.format(universe().tickers[row]) for row in rows], [universe().company_of[r] for r in rows]
    )
    assert not wrong
    assert part >= LEAST


@pytest.mark.parametrize("separator", ["-", "/", ".", " ", ""])
@pytest.mark.parametrize(("mic", "after"), [("XNYS", " US"), ("XTSE", " CN"), ("XSTO", " SS"), ("XCSE", " DC")])
def test_share_classes_resolve_with_any_separator(mic: str, after: str, separator: str) -> None:
    rows = [row for row in of_market(mic) if re.fullmatch(r"[A-Z]+[-.][A-Z]", universe().tickers[row])]
    assert rows
    queries = [re.sub("[-.]", separator, universe().tickers[row]) + after for row in rows]
    part, wrong = judge(queries, [universe().company_of[row] for row in rows])
    assert not wrong
    assert part >= LEAST


@pytest.mark.parametrize("mic", SPELLINGS)
def test_a_market_resolves_by_isin_and_by_name(mic: str) -> None:
    resolver = universe()
    isins = resolver.keys._isins
    rows = [row for row in of_market(mic) if isins[row] is not None]
    if rows:
        part, wrong = judge([isins[row] for row in rows], [resolver.company_of[row] for row in rows])
        assert (part, wrong) == (1.0, [])
    companies = sorted({resolver.company_of[row] for row in of_market(mic)})
    for spelt in (str, str.upper, str.lower):
        part, wrong = judge([spelt(resolver.names[company]) for company in companies], companies)
        assert not wrong
        assert part >= LEAST


def test_every_name_in_its_own_script_resolves() -> None:
    resolver = universe()
    native = [
        (name.text, company)
        for company, others in resolver.keys.other_names.items()
        for name in others
        if not name.text.isascii()
    ]
    assert len(native) > 200
    part, wrong = judge([text for text, _ in native], [company for _, company in native])
    assert (part, wrong) == (1.0, [])


@pytest.mark.parametrize("form", ["{}.KS", "{} KS Equity", "{}-KR", "KRX:{}"])
def test_a_korean_list_half_of_whose_zeros_were_dropped_resolves_and_says_so(form: str) -> None:
    resolver = universe()
    rows = [row for row in of_market("XKRX") if resolver.tickers[row].startswith("0")]
    written = [resolver.tickers[row].lstrip("0") if i % 2 else resolver.tickers[row] for i, row in enumerate(rows)]
    matches = resolver.resolve_many([form.format(code) for code in written])
    assert [match.company for match in matches] == [resolver.company_of[row] for row in rows]
    assert [bool(match.reason) for match in matches] == [bool(i % 2) for i in range(len(rows))]
    assert all("leading zeros as listed" in match.reason for match in matches[1::2])
