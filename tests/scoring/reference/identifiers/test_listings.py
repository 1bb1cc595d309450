"""Which listing a code means when several could, on releases of a few rows."""

from __future__ import annotations

import pytest

from scoring.reference.identifiers.resolver import Resolver
from tests.scoring.reference.identifiers.smallrelease import SmallRelease, listing


def test_share_classes_bare_and_joined() -> None:
    small = Resolver(
        SmallRelease(
            [("berkshire", "Berkshire Hathaway"), ("metlife", "MetLife")],
            [
                listing("berkshire", "XNYS", "BRK.A", primary=False),
                listing("berkshire", "XNYS", "BRK.B"),
                listing("metlife", "XNYS", "MET"),
            ],
        )
    )
    written = ["BRK.B", "BRK/B", "BRK-B", "BRK B", "brk.b", "BRKB", "BRK/B US Equity", "BRKb.N", "NYSE:BRK.B"]
    assert {small.resolve(query).listing for query in written} == {1}
    assert small.resolve("BRK A").listing == 0
    assert small.resolve("MET-A").status == "unresolved"


def test_code_of_two_companies_is_ambiguous_without_exchange() -> None:
    small = Resolver(
        SmallRelease(
            [("one", "One"), ("two", "Two")],
            [listing("one", "XTAI", "1234"), listing("two", "XTKS", "1234"), listing("two", "XPAR", "DEF")],
        )
    )
    match = small.resolve("1234")
    assert match.status == "ambiguous"
    assert [c.ticker for c in match.candidates] == ["XTAI:1234", "XTKS:1234"]
    assert small.resolve("1234 TT").company == 0
    assert small.resolve("1234.T").company == 1


def test_a_prefix_of_two_exchanges_is_ambiguous_when_both_have_the_code() -> None:
    small = Resolver(
        SmallRelease([("one", "One"), ("two", "Two")], [listing("one", "XTKS", "285A"), listing("two", "XTSE", "285A")])
    )
    assert small.resolve("TSE:285A").status == "ambiguous"
    assert small.resolve("TYO:285A").company == 0


@pytest.mark.parametrize("query", ["SPR", "SPR.N", "SPR US Equity"])
def test_a_live_listing_takes_the_code_of_a_delisted_one(query: str) -> None:
    companies = [("old", "Old"), ("new", "New")]
    gone = listing("old", "XNYS", "SPR", listed_to="2025-12-08")
    assert Resolver(SmallRelease(companies, [gone])).resolve(query).company == 0
    both = Resolver(SmallRelease(companies, [gone, listing("new", "XNAS", "SPR")]))
    assert both.resolve(query).company == 1


LEADING_ZEROS = Resolver(
    SmallRelease(
        [("samsung", "Samsung"), ("bunka", "Bunka"), ("hynix", "Hynix")],
        [
            listing("samsung", "XKRX", "005930"),
            listing("bunka", "XTKS", "5930"),
            listing("hynix", "XKRX", "000660"),
        ],
    )
)


@pytest.mark.parametrize(
    ("query", "company", "note"),
    [
        ("005930.KS", 0, ""),
        ("5930.KS", 0, "leading zeros as listed: read as XKRX:005930"),
        ("KRX:5930", 0, "leading zeros as listed: read as XKRX:005930"),
        ("0005930 KS Equity", 0, "leading zeros as listed: read as XKRX:005930"),
        ("5930.T", 1, ""),
        ("05930.T", 1, "leading zeros as listed: read as XTKS:5930"),
        ("005930", 0, ""),
    ],
)
def test_lost_and_added_zeros_are_said(query: str, company: int, note: str) -> None:
    match = LEADING_ZEROS.resolve(query)
    assert (match.status, match.company, match.reason) == ("ok", company, note)


def test_zeros_are_not_guessed_without_an_exchange() -> None:
    both = LEADING_ZEROS.resolve("5930")
    assert (both.status, [c.ticker for c in both.candidates]) == ("ambiguous", ["XKRX:005930", "XTKS:5930"])
    lost = LEADING_ZEROS.resolve("660")
    assert (lost.status, [c.ticker for c in lost.candidates]) == ("unresolved", ["XKRX:000660"])
    assert lost.reason == "no listing has this code; with other leading zeros it could be XKRX:000660"


def test_lei_and_company_without_listing() -> None:
    small = Resolver(SmallRelease([("private", "Private")], [], lei=["724500Y6DUVHQD6OXN27"]))
    match = small.resolve("724500Y6DUVHQD6OXN27")
    assert (match.status, match.company, match.listing, match.matched_by) == ("ok", 0, -1, "lei")
    assert small.resolve("Privat Company").candidates[0].ticker == ""


def test_two_names_near_a_misspelt_one_are_ambiguous() -> None:
    tables = SmallRelease([("a", "Daiichi Industriel"), ("b", "Daiichi Industries")], [])
    match = Resolver(tables).resolve("Daiichi Industrie")
    assert match.status == "ambiguous"
    assert {c.company_id for c in match.candidates} == {"a", "b"}
    assert Resolver(tables, fuzzy_margin=0).resolve("Daichi Industries").company == 1
    assert Resolver(tables, fuzzy_margin=0, fuzzy_threshold=99).resolve("Daichi Industries").company == -1


def test_an_empty_release_resolves_nothing() -> None:
    assert Resolver(SmallRelease([], [])).resolve("AMAT").status == "unresolved"
