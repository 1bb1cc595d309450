"""Countries as the rules name them."""

from __future__ import annotations

from functools import cache
from typing import Final

EU: Final = "EU"
WORLDWIDE: Final = "WW"

EU_MEMBERS: Final = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
"""The 27 members since 1 February 2020, whom EU law binds (Treaty on European Union, Article 52)."""


_ISO_3166: Final = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES: Final = frozenset(_ISO_3166.split())
"""Countries and territories; `NA` is Namibia, so the codes are always read as text."""


@cache
def members(name: str) -> frozenset[str]:
    """Countries that `name`, an ISO 3166 code or ``EU``, stands for."""
    return EU_MEMBERS if name == EU else frozenset({name})


@cache
def split(text: str | None) -> frozenset[str]:
    """Countries of a semicolon-separated cell, the EU expanded; empty cell, empty set."""
    return frozenset().union(*(members(part.strip()) for part in (text or "").split(";") if part.strip()))
