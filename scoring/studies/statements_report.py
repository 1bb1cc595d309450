# ruff: noqa: E501 (a document)
"""docs/validation.md: the comparison with companies' own statements, in words. ``python -m scoring.studies.statements_report``."""

from __future__ import annotations

import math
from typing import Final

from scoring.reference.releases.release import open_release
from scoring.studies.statements import Compared, compare, summary

_HEAD: Final = """# Validation

## Revenue at risk against companies' own statements
Written by `make docs` from release {release} and methodology {methodology}; a test keeps it true.

Some companies said what one rule would cost them. Their statements (`impact_statements`) are never an input of a score.
For each, the state of the day before the rule was announced is the base, the rule is added, and nothing else: facts, China
share and revenue are those known on that day. The table compares a year of revenue at risk with a year of the stated
amount, in millions of US dollars. The range has every judged fraction and stringency at its low and high end.

| company | known until | rule | stated | computed | range | error | how the statement was read |
|---|---|---|---|---|---|---|---|
"""

_TAIL: Final = """
The error is ln(computed / stated): 0.69 is a factor of two. Of the {known} statements that could be computed, the
**median absolute error is {median:.2f}**, a factor of {factor:.1f}, and **{within:.0%} are within a factor of two**. Where the two
differ by more than that, the computed amount is the lower one every time: revenue at risk is on the low side.

### The misses, explained and not tuned away
- **Nvidia, 2022 and 2025.** Its China share counted sales by billing location, which leaves out what is billed elsewhere
  and shipped to China. In 2025 the eight billion dollars of one quarter were almost half of all sales billed to China in
  the last year that was known: the demand for the H20 came after it, and a share of the past cannot see growth.
- **Lam Research, 2022.** The company counted every customer that the rule made it stop serving at once; the fraction is
  what the rule catches of a tool maker's China sales once licences have settled. The stated amount is above the high end.
- **Lam Research, 2024.** Just outside a factor of two, and above the high end; the statement is about all revenue from
  the customers that were listed, also for tools that the rule does not name.
- **Lam Research, 2025.** The first quarter's amount times four. An article of January 2026 gives 0.6 billion for the year,
  and ties it to another rule as well; that too is above the high end.
- **Broadcom, 2019, and AXT, 2026.** No China share, or no revenue with it, was known on the day before: nothing is
  computed, and nothing is made up.

### What is not compared, and why
Charges, write-offs of inventory, profit guidance and amounts per share are not revenue. Statements of no material impact,
of shares of a segment, of a company's whole exposure to China, of customers' purchases, and cumulative ones that name no
rule have no counterpart. Statements that two documents repeat count once. LightPath is not in the universe of the release.
The amounts of Nvidia for part of the first quarter of fiscal 2026 (2.5 billion) and for the second against the first
(4 billion) describe the same rule as the eight billion that was compared.
"""


def report(compared: list[Compared], release: str, methodology: str) -> str:
    """The document, as Markdown."""
    median, within = summary(compared)
    known = sum(not math.isnan(one.log_error) for one in compared)
    rows = "".join(_row(one) for one in compared)
    tail = _TAIL.format(known=known, median=median, factor=math.exp(median), within=within)
    return _HEAD.format(release=release, methodology=methodology) + rows + tail


def _row(one: Compared) -> str:
    what = one.statement
    names = ", ".join(what.rules or what.measures)
    if math.isnan(one.computed):
        numbers = "unknown | | "
    else:
        error = math.log(one.computed / one.stated)
        numbers = f"{one.computed / 1e6:,.0f} | {one.low / 1e6:,.0f} to {one.high / 1e6:,.0f} | {error:+.2f}"
    return f"| {what.company_id} | {one.before} | {names} | {one.stated / 1e6:,.0f} | {numbers} | {what.why} |\n"


if __name__ == "__main__":
    bundled = open_release()
    print(report(compare(bundled), bundled.version, "2026.1"), end="")
