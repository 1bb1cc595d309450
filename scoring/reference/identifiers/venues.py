"""Exchanges and the codes that data vendors give them."""

from __future__ import annotations

from typing import Final, NamedTuple


class Venue(NamedTuple):
    """One exchange.

    Attributes
    ----------
    mic : str
        ISO 10383 market identifier.
    name : str
        Name in plain words, for messages.
    country : str
        ISO 3166-1 alpha-2; also the FactSet suffix, as in ``8035-JP``.
    symbols : str
        Symbol space: exchanges with the same value never give one code to two companies, so a code written
        with one of them is the same on the others (``NYSE:HON`` is Honeywell even after its move to Nasdaq).
    bloomberg : tuple of str
        Codes after a space, as in ``8035 JT``; composite codes first.
    suffixes : tuple of str
        Reuters and Yahoo codes after a dot, as in ``8035.T``.
    prefixes : tuple of str
        Names before a colon, as in ``TSE:8035``.
    """

    mic: str
    name: str
    country: str
    symbols: str
    bloomberg: tuple[str, ...]
    suffixes: tuple[str, ...]
    prefixes: tuple[str, ...]


def _venue(mic: str, name: str, country: str, symbols: str, bloomberg: str, suffixes: str, prefixes: str) -> Venue:
    return Venue(
        mic,
        name,
        country,
        symbols,
        tuple(bloomberg.split()),
        tuple(suffixes.split()),
        tuple(prefixes.split()),
    )


# One-letter suffixes that are also common US share classes (.A, .B, .P, .U, .Z) are left out: `BRK.B` must
# stay a share class.
# fmt: off
VENUES: Final = (
    _venue("XNYS", "New York", "US", "US", "US UN", "N K NYS US", "NYSE NYS NYQ"),
    _venue("XNAS", "Nasdaq", "US", "US", "US UW UQ UR", "O OQ OM",
           "NASDAQ NAS NSQ NMS NASDAQGS NASDAQGM NASDAQCM XNGS XNMS XNCM"),
    _venue("XASE", "NYSE American", "US", "US", "US UA", "", "AMEX NYSEAMERICAN NYSEMKT NYSEAM"),
    _venue("ARCX", "NYSE Arca", "US", "US", "US UP", "", "NYSEARCA ARCA PCQ"),
    _venue("BATS", "Cboe BZX", "US", "US", "US UF", "", "CBOE BZX"),
    _venue("PINX", "US over the counter", "US", "US", "US UV", "PK OB PQ",
           "OTC OTCMKTS OTCPK OTCQX OTCQB PINK OTCM"),
    _venue("XTSE", "Toronto", "CA", "CA", "CN CT", "TO", "TSE TSX TOR"),
    _venue("XTSX", "TSX Venture", "CA", "CA", "CN CV", "V", "TSXV CVE"),
    _venue("XCNQ", "Canadian Securities Exchange", "CA", "CA", "CN", "CN", "CNSX CSE"),
    _venue("NEOE", "Cboe Canada", "CA", "CA", "CN", "NE", "NEO"),
    _venue("BVMF", "B3 São Paulo", "BR", "BR", "BZ BS", "SA", "BVMF BOVESPA BMFBOVESPA B3 SAO"),
    _venue("XMEX", "Mexico", "MX", "MX", "MM MF", "MX", "BMV MEX"),
    _venue("XLON", "London", "GB", "GB", "LN LI", "L LN IL", "LSE LON AIM LSEIOB LSIN"),
    _venue("XETR", "Xetra", "DE", "DE", "GR GY", "DE", "ETR XETRA XTRA GER"),
    _venue("XFRA", "Frankfurt", "DE", "DE", "GR GF", "F", "FRA FWB DB"),
    _venue("XSTU", "Stuttgart", "DE", "DE", "GR GS", "SG", "STU"),
    _venue("XPAR", "Euronext Paris", "FR", "FR", "FP", "PA", "EPA PAR ENXTPA EURONEXT"),
    _venue("XAMS", "Euronext Amsterdam", "NL", "NL", "NA", "AS", "AMS AEX ENXTAM EURONEXT"),
    _venue("XBRU", "Euronext Brussels", "BE", "BE", "BB", "BR", "EBR BRU ENXTBR EURONEXT"),
    _venue("XLIS", "Euronext Lisbon", "PT", "PT", "PL", "LS", "ELI LIS ENXTLS EURONEXT"),
    _venue("XDUB", "Euronext Dublin", "IE", "IE", "ID", "IR I", "ISE DUB EURONEXT"),
    _venue("XOSL", "Oslo", "NO", "NO", "NO", "OL", "OSL OB EURONEXT"),
    _venue("XMIL", "Milan", "IT", "IT", "IM", "MI", "BIT MIL EURONEXT"),
    _venue("XMAD", "Madrid", "ES", "ES", "SM SQ", "MC", "BME MAD BMAD"),
    _venue("XSWX", "SIX Swiss", "CH", "CH", "SW SE VX", "SW S VX", "SWX VTX SIX EBS"),
    _venue("XWBO", "Vienna", "AT", "AT", "AV", "VI", "VIE WBAG"),
    _venue("XWAR", "Warsaw", "PL", "PL", "PW", "WA", "WSE WAR GPW"),
    _venue("XSTO", "Stockholm", "SE", "SE", "SS", "ST", "STO OM OMXSTO"),
    _venue("XHEL", "Helsinki", "FI", "FI", "FH", "HE", "HEL HLSE OMXHEX"),
    _venue("XCSE", "Copenhagen", "DK", "DK", "DC", "CO", "CPH CPSE CSE OMXCOP"),
    _venue("XTAE", "Tel Aviv", "IL", "IL", "IT", "TA", "TLV TASE"),
    _venue("XTKS", "Tokyo", "JP", "JP", "JP JT", "T", "TSE TYO JPX TKS"),
    _venue("XNGO", "Nagoya", "JP", "JP", "JP JN", "NG", "NSE NAG"),
    _venue("XSAP", "Sapporo", "JP", "JP", "JP", "", "SAPSE SPSE"),
    _venue("XKRX", "Korea Exchange", "KR", "KR", "KS KP", "KS", "KRX KOSE KSE KSC"),
    _venue("XKOS", "KOSDAQ", "KR", "KR", "KS KQ", "KQ", "KOSDAQ KRX KOE"),
    _venue("XTAI", "Taiwan", "TW", "TW", "TT", "TW", "TPE TWSE TAI"),
    _venue("ROCO", "Taipei Exchange", "TW", "TW", "TT", "TWO", "TPEX TWO GTSM TPE"),
    _venue("XHKG", "Hong Kong", "HK", "HK", "HK", "HK", "HKG HKEX SEHK"),
    _venue("XSHG", "Shanghai", "CN", "CN-SHG", "CH CG", "SS SH", "SHA SSE SHSE"),
    _venue("XSHE", "Shenzhen", "CN", "CN-SHE", "CH CS", "SZ", "SHE SZSE"),
    _venue("XASX", "Australia", "AU", "AU", "AU AT", "AX", "ASX"),
    _venue("XNZE", "New Zealand", "NZ", "NZ", "NZ", "NZ", "NZE NZX"),
    _venue("XSES", "Singapore", "SG", "SG", "SP", "SI", "SGX SES"),
    _venue("XNSE", "National India", "IN", "IN-NSE", "IN IS", "NS", "NSE NSEI"),
    _venue("XBOM", "BSE India", "IN", "IN-BSE", "IN IB", "BO", "BSE BOM"),
    _venue("XJSE", "Johannesburg", "ZA", "ZA", "SJ", "J JO", "JSE"),
)
# fmt: on

BY_MIC: Final = {venue.mic: venue for venue in VENUES}

US_MICS: Final = frozenset(venue.mic for venue in VENUES if venue.country == "US")


def _index(words_of: dict[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """Word -> every MIC on which a code written with that word may be."""
    found: dict[str, set[str]] = {}
    for mic, words in words_of.items():
        same_symbols = {venue.mic for venue in VENUES if venue.symbols == BY_MIC[mic].symbols}
        for word in words:
            found.setdefault(word, set()).update(same_symbols)
    return {word: frozenset(mics) for word, mics in found.items()}


PREFIXES: Final = _index({v.mic: (v.mic, *v.prefixes) for v in VENUES})
"""Word before a colon -> MICs; ``TSE`` is both Tokyo and Toronto."""

SUFFIXES: Final = _index({v.mic: (v.mic, *v.suffixes) for v in VENUES})
"""Word after a dot -> MICs."""

BLOOMBERG: Final = _index({v.mic: (v.mic, *v.bloomberg) for v in VENUES})
"""Word after a space -> MICs."""

COUNTRIES: Final = _index({v.mic: (v.country,) for v in VENUES})
"""Country after a hyphen -> MICs."""


def countries(mics: frozenset[str]) -> str:
    """Countries of exchanges, for a message."""
    return " or ".join(sorted({BY_MIC[mic].country for mic in mics}))
