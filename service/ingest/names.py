"""Names of the companies in the working tables, and how far another name is like them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rapidfuzz import fuzz

from scoring.reference.identifiers.names import aliases, forms
from service.ingest.working import WorkingTables

ALIKE: Final = 60.0
"""Least likeness of two names of one company, of 100: short and long forms of a name are far above it."""


class Names:
    """Names that companies have or had.

    Parameters
    ----------
    tables : WorkingTables

    Attributes
    ----------
    of : dict of str to list of str
        Names of each company, the one in common use first.
    """

    def __init__(self, tables: WorkingTables) -> None:
        self.of = {row["company_id"]: [row["name"]] for row in tables.rows("companies")}
        for row in tables.rows("company_names"):
            if row["kind"] != "former-ticker":
                self.of[row["company_id"]].append(row["name"])
        self._with: dict[str, set[str]] = {}
        for company, names in self.of.items():
            for form in (form for name in names for form in forms(name)):
                self._with.setdefault(form, set()).add(company)

    def likeness(self, company: str, name: str) -> float:
        """How far a name is like those of a company, 0 to 100."""
        return max(_likeness(name, known) for known in self.of[company])

    def has(self, company: str, name: str) -> bool:
        """Whether a company has a name, whatever legal form is written behind it."""
        return bool(set(forms(name)) & {form for known in self.of[company] for form in forms(known)})

    def others_with(self, company: str, name: str) -> list[str]:
        """Other companies that have a name, whatever legal form is written behind it."""
        return sorted({other for form in forms(name) for other in self._with.get(form, ())} - {company})


def _likeness(one: str, other: str) -> float:
    bare = _bare([one])
    return max((fuzz.token_set_ratio(a, b) for a in bare for b in _bare(aliases(other))), default=0.0)


def _bare(names: Iterable[str]) -> list[str]:
    return [forms(name)[-1] for name in names if forms(name)]
