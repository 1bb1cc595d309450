"""The data dictionary in code: one pandera schema per table, used for validation and for the documents.

Importing it costs half a second, so nothing on the way from a release to a score may do so.
"""

from __future__ import annotations

from typing import Final

from scoring.reference.tables import china, companies, controls, made, minerals, money, parties, sales, supply
from scoring.reference.tables.model import Reference as Reference
from scoring.reference.tables.model import Rule as Rule
from scoring.reference.tables.model import Table as Table
from scoring.reference.tables.model import plain as plain

TABLES: Final[dict[str, Table]] = {
    table.name: table
    for theme in (companies, sales, controls, minerals, supply, china, parties, money)
    for table in theme.TABLES
}
"""Every working table by name, tables before those that refer to them within a theme."""

REQUIRED: Final = tuple(name for name, table in TABLES.items() if not table.optional)
"""Names of the working tables that must be there."""

MADE: Final[dict[str, Table]] = {table.name: table for table in made.TABLES}
"""Tables that a build makes from the working tables, by name."""

__all__ = ["MADE", "REQUIRED", "TABLES", "Reference", "Rule", "Table", "plain"]
