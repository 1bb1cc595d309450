"""ISO 3166-1 alpha-2 codes, and the words that stand for several countries."""

from __future__ import annotations

from typing import Final

from scoring.reference.jurisdictions import COUNTRIES as COUNTRIES
from scoring.reference.jurisdictions import EU, WORLDWIDE

IMPOSERS: Final = COUNTRIES | {EU}
"""Who imposes export controls."""

TARGETS: Final = COUNTRIES | {EU, WORLDWIDE}
"""Whom a measure or an act is aimed at; `WW` is everyone."""

IMPORTERS: Final = COUNTRIES | {"EU27"}
"""Importers in the trade data; `EU27` is the union of the 27 members, trade among them left out."""
