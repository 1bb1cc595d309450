"""Product families of a rule, suggested from the entries that it lists: a judgement for a person, never a fact.

Rows of `family_rules` name in their notes the entries for which a family was judged to be caught ("Codes 3A090.a"). A
rule that lists the same entries and has no family yet is suggested those families, with what was judged there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median
from typing import Final, NamedTuple

from service.ingest.proposal import Candidate
from service.ingest.working import Cells, WorkingTables

_CODE: Final = re.compile(r"\b\d[A-E]\d{3}(?:\.[a-z0-9]+)*")
_NAMED: Final = re.compile(r"Codes ((?:(?:[A-Z]{2}-\d{4}|and|or|\S*\d[A-E]\d{3}\S*)[\s,;/]*)+)")
_SHOWN: Final = 4


class _Link(NamedTuple):
    """A judged row whose entry a rule lists too, and how the two entries compare."""

    row: Cells
    code: str
    how: str


def candidates(tables: WorkingTables) -> Iterator[Candidate]:
    """Rows of `family_rules` for rules that list entries and catch no family yet, the families in order."""
    judged = [(row, code) for row in tables.rows("family_rules") for code in _codes(row["note"])]
    settled = {row["rule_id"] for row in tables.rows("family_rules")}
    items: dict[str, list[str]] = {}
    for item in tables.rows("rule_items"):
        items.setdefault(item["rule_id"], []).append(item["code"])
    for rule in tables.rows("rules"):
        if rule["rule_id"] in settled or rule["rule_id"] not in items:
            continue
        links: dict[str, list[_Link]] = {}
        for row, code in judged:
            for entry in items[rule["rule_id"]]:
                how = _compared(entry, code)
                if how is not None:
                    links.setdefault(row["product_family"], []).append(_Link(row, code, how))
        for family in sorted(links):
            yield Candidate("family_rules", _suggested(family, rule, links[family]), judgement=True)


def _suggested(family: str, rule: Cells, links: list[_Link]) -> Cells:
    """The median of what was judged, and the widest of its ranges."""
    fractions = sorted(float(link.row["fraction"]) for link in links)
    said = dict.fromkeys(f"{link.code} ({link.how}) in {link.row['rule_id']}: {link.row['fraction']}" for link in links)
    more = f" and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return {
        "product_family": family,
        "rule_id": rule["rule_id"],
        "fraction": f"{median(fractions):g}",
        "fraction_low": f"{min(float(link.row['fraction_low']) for link in links):g}",
        "fraction_high": f"{max(float(link.row['fraction_high']) for link in links):g}",
        "calibration": "caught",
        "evidence": "expert-judgement",
        "source_id": rule["source_id"],
        "note": f"Suggested by entries judged elsewhere: {', '.join(list(said)[:_SHOWN])}{more}; what this rule newly "
        "catches is less where those rules are in force.",
    }


def _codes(note: str) -> list[str]:
    """Entries that a note says a family was judged by, each once."""
    return list(dict.fromkeys(code for named in _NAMED.findall(note) for code in _CODE.findall(named)))


def _compared(item: str, code: str) -> str | None:
    """How an entry that a rule lists compares with one that was judged; None where they have nothing in common."""
    if item == code:
        return "the same entry"
    if code.startswith(f"{item}."):
        return f"within {item}"
    return f"wider than {item}" if item.startswith(f"{code}.") else None
