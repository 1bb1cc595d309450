"""Every spelling that lists use for the same listing, on a release of a few rows."""

from __future__ import annotations

import pytest

from scoring.reference.identifiers.resolver import Resolver
from tests.scoring.reference.identifiers.smallrelease import SmallRelease, listing, other_name

COMPANIES = [
    ("tokyo-electron", "Tokyo Electron Ltd"),
    ("apple", "Apple Inc."),
    ("asml", "ASML Holding N.V."),
    ("samsung", "Samsung Electronics"),
    ("berkshire", "Berkshire Hathaway"),
    ("tsmc", "TSMC"),
    ("sap", "SAP SE"),
    ("hsbc", "HSBC Holdings"),
    ("roche", "Roche Holding AG"),
    ("shopify", "Shopify Inc."),
    ("axalta", "Axalta Coating Systems"),
    ("naver", "NAVER"),
]
LISTINGS = [
    listing("tokyo-electron", "XTKS", "8035", isin="JP3571400005"),
    listing("apple", "XNAS", "AAPL", isin="US0378331005"),
    listing("asml", "XAMS", "ASML", isin="NL0010273215"),
    listing("asml", "XNAS", "ASML", isin="USN070592100", primary=False),
    listing("samsung", "XKRX", "005930", isin="KR7005930003"),
    listing("berkshire", "XNYS", "BRK-A", primary=False),
    listing("berkshire", "XNYS", "BRK-B"),
    listing("tsmc", "XTAI", "2330"),
    listing("sap", "XETR", "SAP", isin="DE0007164600"),
    listing("hsbc", "XLON", "HSBA", isin="GB0005405286"),
    listing("roche", "XSWX", "ROG", isin="CH0012032048"),
    listing("shopify", "XTSE", "SHOP", isin="CA82509L1076"),
    listing("axalta", "XNYS", "AXTA", isin="BMG0750C1082"),
    listing("naver", "XKRX", "035420", isin="KR7035420009"),
]
NAMES = [
    other_name("tokyo-electron", "東京エレクトロン"),
    other_name("samsung", "삼성전자"),
    other_name("tsmc", "台積電"),
]
RESOLVER = Resolver(SmallRelease(COMPANIES, LISTINGS, names=NAMES))

SPELLINGS = {
    "XTKS:8035": "8035.T|8035 JT Equity|8035 JP|8035-JP|TYO:8035|TSE:8035|XTKS:8035|8035|JP3571400005",
    "XNAS:AAPL": "AAPL.O|AAPL.OQ|AAPL US|AAPL UW Equity|AAPL-US|NASDAQ:AAPL|AAPL|aapl|US0378331005|/isin/US0378331005"
    "|US0378331005 Equity|ISIN: US0378331005|037833100|CUSIP 037833100|cusip:037833100|37833100|03783310",
    "XAMS:ASML": "ASML.AS|ASML NA|ASML NA Equity|AMS:ASML|EURONEXT:ASML|NL0010273215",
    "XNAS:ASML": "ASML|N07059210|CUSIP:N07059210|ASML-US",
    "XKRX:005930": "005930.KS|KRX:005930|005930 KS Equity|005930|KR7005930003",
    "XNYS:BRK-B": "BRK.B|BRK/B|BRK-B|BRK B|BRKB|BRKb.N|BRK/B US Equity|NYSE:BRK.B|BRK.B-US",
    "XTAI:2330": "2330.TW|2330 TT|TPE:2330|TWSE:2330|2330-TW",
    "XETR:SAP": "SAP.DE|SAP GR|SAP GY Equity|ETR:SAP|XETR:SAP|WKN 716460|716460|WKN:716460",
    "XLON:HSBA": "HSBA.L|HSBA LN|LSE:HSBA|0540528|SEDOL 0540528|SEDOL1: 0540528",
    "XSWX:ROG": "ROG.S|ROG SW|SWX:ROG|VALOR 1203204|Valoren: 1203204",
    "XTSE:SHOP": "SHOP.TO|SHOP CN|TSX:SHOP|82509L107",
    "XNYS:AXTA": "AXTA.N|G0750C108",
}


@pytest.mark.parametrize(
    ("query", "at"), [(query, at) for at, queries in SPELLINGS.items() for query in queries.split("|")]
)
def test_spellings(query: str, at: str) -> None:
    match = RESOLVER.resolve(query)
    assert match.status == "ok", match
    assert RESOLVER.shown(match.listing) == at
    assert match.reason == ""


@pytest.mark.parametrize(
    ("query", "company"),
    [
        ("東京エレクトロン", "tokyo-electron"),
        ("東京エレクトロン株式会社", "tokyo-electron"),
        ("㈱東京エレクトロン", "tokyo-electron"),
        ("삼성전자", "samsung"),
        ("삼성전자(주)", "samsung"),
        ("台積電", "tsmc"),
    ],
)
def test_names_in_their_own_script(query: str, company: str) -> None:
    match = RESOLVER.resolve(query)
    assert (match.status, match.matched_by) == ("ok", "name")
    assert RESOLVER.company_ids[match.company] == company


@pytest.mark.parametrize(
    ("query", "reason", "nearest"),
    [
        ("037833101", "not a valid CUSIP: the check digit is wrong", "apple"),
        ("CUSIP 037833101", "not a valid CUSIP: the check digit is wrong", "apple"),
        ("00206RGQ9", "a valid CUSIP, but its issue GQ is that of debt, not of a share", ""),
        ("594918104", "a valid CUSIP, but not one of this release", ""),
        ("US0378331006", "not a valid ISIN: the check digit is wrong", "apple"),
        ("SEDOL 0540529", "not a valid SEDOL: the check digit is wrong", "hsbc"),
        ("SEDOL 0263494", "a valid SEDOL, but not one of this release", ""),
        ("WKN 12", "not a valid WKN", ""),
        ("VALOR 12X", "not a valid Valor", ""),
        ("0700.HK", "no listing with the code 0700 on an exchange of HK", ""),
        ("iShares Core S&P 500 UCITS ETF", "its name is that of a fund", ""),
    ],
)
def test_what_does_not_resolve_says_why(query: str, reason: str, nearest: str) -> None:
    match = RESOLVER.resolve(query)
    assert match.status == "unresolved"
    assert reason in match.reason
    assert nearest in [*(c.company_id for c in match.candidates), ""]


@pytest.mark.parametrize(
    "query",
    ["=1+1", "1+1", "1/1", "1.1", "=A1&A2", "=SUM(A1:A9)", "---", "...", "&", "@", "#N/A", "#REF!", "#NAME?", "12-12"],
)
def test_formulas_numbers_and_punctuation_are_no_names(query: str) -> None:
    small = Resolver(SmallRelease([("1-and-1", "1&1 AG"), ("na", "NA REF")], [listing("1-and-1", "XETR", "1U1")]))
    match = small.resolve(query)
    assert (match.status, match.candidates) == ("unresolved", ())
    assert match.reason
    assert {small.resolve(name).company for name in ("1&1", "1&1 AG", "1 & 1")} == {0}


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("724500Y6DUVHQD6OXN27", "LEI 724500Y6DUVHQD6OXN27 is valid, but not in the data; give an ISIN, a ticker or"),
        ("LEI: 724500Y6DUVHQD6OXN27", "LEI 724500Y6DUVHQD6OXN27 is valid, but not in the data; give an ISIN"),
        ("724500Y6DUVHQD6OXN28", "not a valid LEI: the check digit is wrong"),
    ],
)
def test_a_lei_is_known_as_one_where_the_data_has_none(query: str, reason: str) -> None:
    match = RESOLVER.resolve(query)
    assert (match.status, match.candidates) == ("unresolved", ())
    assert match.reason.startswith(reason)


@pytest.mark.parametrize(
    ("query", "nearest"),
    [
        ("AAPL", None),
        ("APPL", "XNAS:AAPL"),  # the wrong letter doubled
        ("AALP", "XNAS:AAPL"),  # neighbours changed places
        ("AAPLL", "XNAS:AAPL"),
        ("APL", "XNAS:AAPL"),
        ("ASLM NA", "XAMS:ASML"),
        ("ASML GY", "XAMS:ASML"),  # another exchange
        ("AXTTA", "XNYS:AXTA"),
        ("CAPL", ""),  # one letter from Apple, as any code is from many
        ("XAPL", ""),
        ("AAPB", ""),
        ("8036.T", ""),  # another company's number
        ("8053.T", "XTKS:8035"),
        ("SPX", ""),  # SAP: a slip that nobody makes
    ],
)
def test_only_plausible_slips_are_suggested(query: str, nearest: str | None) -> None:
    match = RESOLVER.resolve(query)
    assert (match.status == "ok") == (nearest is None)
    assert [candidate.ticker for candidate in match.candidates] == ([nearest] if nearest else [])


def test_a_class_and_an_exchange_of_one_spelling_are_not_guessed_between() -> None:
    small = Resolver(
        SmallRelease(
            [("chemed", "Chemed"), ("chemtrade", "Chemtrade")],
            [listing("chemed", "XNYS", "CHE"), listing("chemtrade", "XTSE", "CHE-UN")],
        )
    )
    assert small.resolve("CHE UN Equity").company == 0  # UN is New York where Bloomberg writes
    assert {small.resolve(query).company for query in ("CHE.UN", "CHE-UN", "CHE/UN CN", "CHE-UN.TO")} == {1}
    assert small.resolve("CHE UN").status == "ambiguous"


def test_a_code_that_is_another_company_s_name_is_ambiguous() -> None:
    small = Resolver(
        SmallRelease(
            [("via-us", "Via Transportation"), ("via-br", "VIA")],
            [listing("via-us", "XNYS", "VIA"), listing("via-br", "BVMF", "VIIA3")],
        )
    )
    assert small.resolve("VIA").status == "ambiguous"
    assert small.resolve("VIA US").company == 0


def test_what_stands_in_parentheses_tells_companies_apart() -> None:
    small = Resolver(
        SmallRelease([("spain", "Banco Santander, S.A."), ("brazil", "Banco Santander (Brasil) S.A.")], [])
    )
    for query in ("Banco Santander (Brasil) S.A.", "Banco Santander (Brasil)", "Banco Santander Brasil"):
        assert small.resolve(query).company == 1, query
    assert small.resolve("Banco Santander S.A.").company == 0
    assert small.resolve("Banco Santander").status == "ambiguous"


def test_a_name_that_begins_like_a_label_is_a_name() -> None:
    small = Resolver(SmallRelease([("valor", "Valor Holdings Co., Ltd.")], [listing("valor", "XTKS", "9956")]))
    assert small.resolve("Valor Holdings Co., Ltd.").company == 0


def test_a_name_written_as_in_the_data_is_never_taken_for_a_code() -> None:
    small = Resolver(SmallRelease([("ohb", "OHB SE"), ("swiss", "Swiss")], [listing("swiss", "XSWX", "XYZ")]))
    assert small.resolve("OHB SE").company == 0  # SE is Bloomberg's word for SIX
    assert small.resolve("OHX SE").status == "unresolved"


@pytest.mark.parametrize(
    ("query", "status", "kind"),
    [
        ("SPX Index", "not-a-share", "index"),
        ("^GSPC", "not-a-share", "index"),
        (".SPX", "not-a-share", "index"),
        ("ESU6 Index", "not-a-share", "future"),
        ("ES=F", "not-a-share", "future"),
        ("EURUSD=X", "not-a-share", "currency"),
        ("EURUSD Curncy", "not-a-share", "currency"),
        ("EUR Curncy", "cash", "cash"),
        ("USD", "cash", "cash"),
        ("T 4.25 11/15/34 Govt", "not-a-share", "bond"),
        ("AAPL 3.85 05/04/43 Corp", "not-a-share", "bond"),
        ("AAPL US 12/18/26 C250 Equity", "not-a-share", "option"),
    ],
)
def test_what_is_no_share_is_named_as_such(query: str, status: str, kind: str) -> None:
    match = RESOLVER.resolve(query)
    assert (match.status, match.company) == (status, -1)
    assert kind in match.reason


def test_a_name_that_ends_like_a_bond_is_a_name() -> None:
    small = Resolver(SmallRelease([("mazda", "Mazda Motor Corporation")], [listing("mazda", "XTKS", "7261")]))
    assert small.resolve("MAZDA MOTOR CORP").company == 0


def test_a_code_that_is_also_a_national_number_is_ambiguous() -> None:
    small = Resolver(
        SmallRelease(
            [("sap", "SAP SE"), ("other", "Other")],
            [listing("sap", "XETR", "SAP", isin="DE0007164600"), listing("other", "XKRX", "716460")],
        )
    )
    assert small.resolve("716460").status == "ambiguous"
    assert small.resolve("WKN 716460").company == 0
    assert small.resolve("716460.KS").company == 1


def test_a_name_as_a_whole_comes_before_one_without_its_legal_form() -> None:
    small = Resolver(SmallRelease([("pfizer", "Pfizer"), ("pfizer-india", "Pfizer Limited")], []))
    match = small.resolve("Pfizer")
    assert (match.company, match.reason) == (
        0,
        "the name as a whole; without its legal form also that of Pfizer Limited",
    )
    assert small.resolve("Pfizer Ltd").company == 1


def test_one_company_under_five_spellings() -> None:
    spelt = ["8035.T", "Tokyo Electron", "JP3571400005", "8035 JT Equity", "東京エレクトロン"]
    assert {match.company for match in RESOLVER.resolve_many(spelt)} == {0}
