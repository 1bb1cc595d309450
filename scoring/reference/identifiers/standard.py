"""Standard numbers of securities as files give them, as the numbers that a release has."""

from __future__ import annotations

import re
from typing import Final

NUMBERS: Final = frozenset({"isin", "figi", "lei", "cusip", "sedol", "wkn"})
"""Columns of standard numbers."""


def standard(role: str, text: str) -> list[str]:
    """Standard numbers that a cell of a column of numbers can mean; none if it is not valid.

    A CUSIP is part of an ISIN of the United States or Canada, a SEDOL of one of the United Kingdom, a WKN of a German
    one, and each has a check digit of its own or gets that of the ISIN.
    """
    from stdnum import cusip, isin
    from stdnum.exceptions import ValidationError
    from stdnum.gb import sedol

    number = re.sub(r"[\s\-]", "", text).upper()
    try:
        match role:
            case "isin" | "figi" | "lei":
                return [number]
            case "cusip":
                valid = cusip.validate(number)
                return [isin.from_natid(country, valid) for country in ("US", "CA")]
            case "sedol":
                return [sedol.to_isin(sedol.validate(number))]
            case "wkn":
                return [isin.from_natid("DE", number.zfill(9))] if re.fullmatch(r"[A-Z0-9]{6}", number) else []
    except (ValidationError, ValueError):
        return []
    return []
