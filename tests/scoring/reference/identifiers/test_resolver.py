from __future__ import annotations

import functools
import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scoring.errors import QueryError
from scoring.reference.identifiers.resolver import MAX_LENGTH, Resolver
from scoring.reference.releases.release import open_release


@functools.cache
def bundled_resolver() -> Resolver:
    """A release of some 400 companies, so that there are codes and names outside it."""
    return Resolver(open_release("2026.11.1"))


@pytest.fixture
def resolver() -> Resolver:
    return bundled_resolver()


def described(resolver: Resolver, query: str) -> tuple[str, str, str | None]:
    match = resolver.resolve(query)
    assert match.status == "ok", match
    listing = f"{resolver.mics[match.listing]}:{resolver.tickers[match.listing]}"
    return resolver.company_ids[match.company], listing, match.matched_by


GOLDEN = [
    ("8035.T", "tokyo-electron", "XTKS:8035", "ticker"),
    ("TSE:8035", "tokyo-electron", "XTKS:8035", "ticker"),
    ("XTKS:8035", "tokyo-electron", "XTKS:8035", "ticker"),
    ("TYO: 8035", "tokyo-electron", "XTKS:8035", "ticker"),
    ("8035:TYO", "tokyo-electron", "XTKS:8035", "ticker"),
    ("8035 XTKS", "tokyo-electron", "XTKS:8035", "ticker"),
    ("8035 JT Equity", "tokyo-electron", "XTKS:8035", "ticker"),
    ("8035 jt equity", "tokyo-electron", "XTKS:8035", "ticker"),
    ("8035 JP", "tokyo-electron", "XTKS:8035", "ticker"),
    ("8035-JP", "tokyo-electron", "XTKS:8035", "ticker"),
    ("8035", "tokyo-electron", "XTKS:8035", "ticker"),
    ("８０３５.Ｔ", "tokyo-electron", "XTKS:8035", "ticker"),
    (" \u200b'8035.T'\n", "tokyo-electron", "XTKS:8035", "ticker"),
    ("“8035.T”", "tokyo-electron", "XTKS:8035", "ticker"),
    ("285A.T", "kioxia", "XTKS:285A", "ticker"),
    ("ASML NA", "asml", "XAMS:ASML", "ticker"),
    ("ASML NA Equity", "asml", "XAMS:ASML", "ticker"),
    ("ASML.AS", "asml", "XAMS:ASML", "ticker"),
    ("AMS:ASML", "asml", "XAMS:ASML", "ticker"),
    ("ASML", "asml", "XNAS:ASML", "ticker"),
    ("asml", "asml", "XAMS:ASML", "company-id"),
    ("tokyo-electron", "tokyo-electron", "XTKS:8035", "company-id"),
    ("AMAT", "applied-materials", "XNAS:AMAT", "ticker"),
    ("amat", "applied-materials", "XNAS:AMAT", "ticker"),
    ("AMAT US Equity", "applied-materials", "XNAS:AMAT", "ticker"),
    ("AMAT UW", "applied-materials", "XNAS:AMAT", "ticker"),
    ("AMAT.O", "applied-materials", "XNAS:AMAT", "ticker"),
    ("NASDAQGS:AMAT", "applied-materials", "XNAS:AMAT", "ticker"),
    ("US0382221051", "applied-materials", "XNAS:AMAT", "isin"),
    ("us0382221051", "applied-materials", "XNAS:AMAT", "isin"),
    ("NL0010273215", "asml", "XAMS:ASML", "isin"),
    ("GB0007188757", "rio-tinto", "XLON:RIO", "isin"),  # London and Sydney share it
    ("BBG000BB59S7", "tokyo-electron", "XTKS:8035", "figi"),
    ("NYSE:HON", "honeywell", "XNAS:HON", "ticker"),  # moved from New York to Nasdaq
    ("ENR", "energizer", "XNYS:ENR", "ticker"),
    ("ENR GY", "siemens-energy", "XETR:ENR", "ticker"),
    ("ENR.DE", "siemens-energy", "XETR:ENR", "ticker"),
    ("ETR:ENR", "siemens-energy", "XETR:ENR", "ticker"),
    ("MRK", "merck", "XNYS:MRK", "ticker"),
    ("MRK GR", "merck-kgaa", "XETR:MRK", "ticker"),
    ("TSE:NEO", "neo-performance-materials", "XTSE:NEO", "ticker"),  # TSE is Toronto too
    ("ATCO-A", "atlas-copco", "XSTO:ATCO-A", "ticker"),
    ("ATCOA SS Equity", "atlas-copco", "XSTO:ATCO-A", "ticker"),
    ("ATCO A SS", "atlas-copco", "XSTO:ATCO-A", "ticker"),
    ("VOLVb.ST", "volvo-group", "XSTO:VOLV-B", "ticker"),
    ("VOLV-A.ST", "volvo-group", "XSTO:VOLV-A", "ticker"),
    ("RR.L", "rolls-royce", "XLON:RR.", "ticker"),
    ("RR/ LN", "rolls-royce", "XLON:RR.", "ticker"),
    ("005930.KS", "samsung-electronics", "XKRX:005930", "ticker"),
    ("5930 KS Equity", "samsung-electronics", "XKRX:005930", "ticker"),  # a spreadsheet dropped the zeros
    ("KRX:005935", "samsung-electronics", "XKRX:005935", "ticker"),
    ("6488.TW", "globalwafers", "ROCO:6488", "ticker"),
    ("01913.HK", "prada", "XHKG:1913", "ticker"),
    ("6502", "toshiba", "XTKS:6502", "ticker"),  # delisted
    ("SPR.N^L25", "spirit-aerosystems", "XNYS:SPR", "ticker"),
    ("Toyota", "toyota", "XTKS:7203", "name"),
    ("Toyota Motor", "toyota", "XTKS:7203", "name"),
    ("Toyota Motor Corporation", "toyota", "XTKS:7203", "name"),
    ("TOKYO ELECTRON LTD", "tokyo-electron", "XTKS:8035", "name"),
    ("L'Oreal", "loreal", "XPAR:OR", "name"),
    ("L’Oréal S.A.", "loreal", "XPAR:OR", "name"),
    ("Estee Lauder", "estee-lauder", "XNYS:EL", "name"),
    ("The Estée Lauder Companies Inc.", "estee-lauder", "XNYS:EL", "name"),
    ("Nestle", "nestle", "XSWX:NESN", "name"),
    ("ASML Holding NV", "asml", "XAMS:ASML", "name"),
    ("Foxconn", "hon-hai", "XTAI:2317", "name"),
    ("Kulicke & Soffa", "kulicke-soffa", "XNAS:KLIC", "name"),
    ("Puma SE", "puma", "XETR:PUM", "name"),  # SE is also Bloomberg's word for SIX
    ("Merck & Co., Inc.", "merck", "XNYS:MRK", "name"),
    ("Merck and Company", "merck", "XNYS:MRK", "name"),
    ("MERCK KGAA", "merck-kgaa", "XETR:MRK", "name"),
    ("Volvo Cars", "volvo-cars", "XSTO:VOLCAR-B", "name"),
    ("Aplied Materials", "applied-materials", "XNAS:AMAT", "name-fuzzy"),
    ("Tokyo Electorn", "tokyo-electron", "XTKS:8035", "name-fuzzy"),
    ("Lam Reserch Corp", "lam-research", "XNAS:LRCX", "name-fuzzy"),
]


@pytest.mark.parametrize(("query", "company", "at", "by"), GOLDEN)
def test_known_identifiers(resolver: Resolver, query: str, company: str, at: str, by: str) -> None:
    assert described(resolver, query) == (company, at, by)


def test_every_listing_id_and_name_of_the_release_resolves(resolver: Resolver) -> None:
    for row, company in enumerate(resolver.company_of):
        match = resolver.resolve(f"{resolver.mics[row]}:{resolver.tickers[row]}")
        assert (match.status, match.company, match.listing) == ("ok", company, row)
    for company, (company_id, name) in enumerate(zip(resolver.company_ids, resolver.names, strict=True)):
        assert resolver.resolve(company_id).company == company
        assert resolver.resolve(name).company == company


def test_every_standard_number_of_the_release_names_one_company(resolver: Resolver) -> None:
    for number, rows in (resolver.keys.by_isin | resolver.keys.by_figi).items():
        assert resolver.resolve(number).company == resolver.company_of[rows[0]]


def test_one_company_or_an_error_that_names_the_nearest(resolver: Resolver) -> None:
    assert resolver.one("8035.T") == resolver.resolve("8035.T")
    for query, status in (("Samsung Electronic Mechanics", "unresolved"), ("zzzz", "unresolved"), ("", "unresolved")):
        with pytest.raises(QueryError) as refused:
            resolver.one(query)
        match = resolver.resolve(query)
        nearest = ", ".join(map(str, match.candidates))
        instead = f"nearest: {nearest}" if nearest else "by a ticker with its exchange, an ISIN or a name"
        assert refused.value.problem == f"{query!r} is {status}: {match.reason}"
        assert refused.value.fix == f"name one company; {instead}"


@pytest.mark.parametrize(
    ("query", "among"),
    [
        ("Merck", {"merck", "merck-kgaa"}),  # two companies of that name
        ("Merck AG", {"merck", "merck-kgaa"}),
        ("Volvo", {"volvo-group", "volvo-cars"}),  # short for the first, beginning of the second
    ],
)
def test_ambiguous_names_list_their_companies(resolver: Resolver, query: str, among: set[str]) -> None:
    match = resolver.resolve(query)
    assert (match.status, match.company, match.listing) == ("ambiguous", -1, -1)
    assert {c.company_id for c in match.candidates} == among
    assert match.reason


@pytest.mark.parametrize(
    ("query", "nearest"),
    [
        ("AMTA", "applied-materials"),
        ("Photonics", "photronics"),  # one letter away, and not that company
        ("Samsung", "samsung-electronics"),
        ("Samsung Electro-Mechanics", "samsung-electronics"),
        ("Ace Technology", "ase-technology"),
        ("5930", "samsung-electronics"),  # a Tokyo code too, outside this release
        ("Porsche SE", "porsche-ag"),
        ("MET-A", "meta"),  # a preferred share of MetLife
        ("ASML GY", "asml"),
        ("PUMA SE", "puma"),
        ("US0382221052", "applied-materials"),
        ("BBG000BB59S8", "tokyo-electron"),
    ],
)
def test_near_misses_are_shown_and_not_taken(resolver: Resolver, query: str, nearest: str) -> None:
    match = resolver.resolve(query)
    assert (match.status, match.company, match.listing, match.matched_by) == ("unresolved", -1, -1, None)
    assert nearest in {c.company_id for c in match.candidates}
    assert len(match.candidates) <= 5
    assert match.reason


@pytest.mark.parametrize(
    "query",
    ["ZZZZ9", "FORD.CO", "HP.N", "NOVA SE", "FORD US", "TSE:", ":", ".T", "US Equity", "Equity", "Inc", "東京"],
)
def test_codes_and_scraps_are_not_taken_for_names(resolver: Resolver, query: str) -> None:
    assert resolver.resolve(query).status == "unresolved"


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "empty"),
        (' " " ', "empty"),
        ("\x00\u200b", "empty"),
        ("x" * (MAX_LENGTH + 1), "characters"),
        ("x" * 1_000_000, "characters"),
        ("US0382221052", "not a valid ISIN: the check digit is wrong"),
        ("ZZ0382221051", "not a valid ISIN"),
        ("JP3571400005", "a valid ISIN, but not one of this release"),
        ("BBG000BB59S8", "not a valid FIGI: the check digit is wrong"),
        ("5493006R8ACCUX6NDD15", "not a valid LEI: the check digit is wrong"),
        (
            "724500Y6DUVHQD6OXN27",
            "LEI 724500Y6DUVHQD6OXN27 is valid, but not in the data; give an ISIN, a ticker or a name",
        ),
        ("ASML GY", "no listing with the code ASML on an exchange of DE"),
        ("ZZZZ9", "no code, identifier or name"),
    ],
)
def test_reasons_say_what_is_wrong(resolver: Resolver, query: str, reason: str) -> None:
    match = resolver.resolve(query)
    assert match.status == "unresolved"
    assert reason in match.reason


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("ENR", "XETR:ENR is Siemens Energy"),
        ("HP", "read as a company name"),  # Helmerich & Payne in New York, outside this release
        ("Aplied Materials", "misspelling"),
        ("AMAT", ""),
        ("8035", ""),
        ("Ford Motor", ""),
    ],
)
def test_what_was_assumed_is_said(resolver: Resolver, query: str, note: str) -> None:
    match = resolver.resolve(query)
    assert match.status == "ok"
    assert note in match.reason
    assert bool(note) == bool(match.reason)


def test_candidates_read_as_id_and_name(resolver: Resolver) -> None:
    (candidate,) = resolver.resolve("ENR").candidates
    assert (candidate.ticker, candidate.similarity, str(candidate)) == (
        "XETR:ENR",
        100.0,
        "XETR:ENR Siemens Energy",
    )


def test_bare_letters_are_never_taken_for_a_listing_outside_the_us(resolver: Resolver) -> None:
    match = resolver.resolve("MC")  # LVMH in Paris; in New York Moelis, which this release does not hold
    assert match.status == "unresolved"
    assert [c.ticker for c in match.candidates] == ["XPAR:MC"]
    assert "XPAR:MC" in match.reason
    assert resolver.resolve("BMW").matched_by == "name"


def test_many_keep_order_and_duplicates(resolver: Resolver) -> None:
    queries = ["AMAT", "ZZZZ9", "8035.T", "AMAT", "", "ZZZZ9"]
    matches = resolver.resolve_many(queries)
    assert [m.query for m in matches] == queries
    assert matches == [resolver.resolve(query) for query in queries]
    assert resolver.resolve_many(iter(())) == []


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60))
@example("\ud800")
@example("\u0130" * 30)
@example("(((")
@example("²：．T")
@example("-" * 50)
def test_any_text_gives_a_match(text: str) -> None:
    match = bundled_resolver().resolve(text)
    assert match.query == text
    assert (match.status == "ok") == (match.company >= 0)
    assert (match.status == "ok") == (match.matched_by is not None)
    assert match.status == "ok" or match.reason


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=7),
    st.sampled_from(["", ".T", ".DE", " US Equity", " NA", "-JP"]),
)
def test_no_code_becomes_a_company_by_likeness(code: str, venue: str) -> None:
    assert bundled_resolver().resolve(code + venue).matched_by != "name-fuzzy"


def test_fifty_thousand_unknown_stay_unresolved(resolver: Resolver) -> None:
    matches = resolver.resolve_many([f"Unknown Holding {i:x}" if i % 2 else f"ZQ{i}" for i in range(50_000)])
    assert all(match.status == "unresolved" for match in matches)


def test_known_identifiers_need_neither_rapidfuzz_nor_stdnum() -> None:
    code = (
        "import sys; from scoring.reference.identifiers.resolver import Resolver; "
        "from scoring.reference.releases.release import open_release; r = Resolver(open_release()); "
        "r.resolve_many(['AMAT', '8035.T', 'US0382221051', 'Toyota Motor']); "
        "sys.exit('rapidfuzz' in sys.modules or 'stdnum' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
