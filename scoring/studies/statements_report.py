"""docs/validation.md: the figures of a study in its text, by ``python -m scoring.studies.statements_report``."""

from __future__ import annotations

import math
from typing import Final

from scoring.data import data_directory
from scoring.reference.releases.release import open_release
from scoring.studies.statements import Compared, compare, summary
from scoring.vocabulary import DEFAULT_METHODOLOGY

FIRST: Final = ("2026.11.1", "2026.1")
"""Release and methodology that the document compares with."""


def report(
    compared: list[Compared], before: list[Compared], versions: tuple[str, str], versions_before: tuple[str, str]
) -> str:
    """The document, as Markdown.

    Parameters
    ----------
    compared, before : list of Compared
        The same statements under this methodology and release, and under those before.
    versions, versions_before : (str, str)
        Release and methodology of each.
    """
    pairs = list(zip(compared, before, strict=True))
    template = (data_directory() / "validation" / "statements.md").read_text(encoding="utf-8")
    return template.format(
        release=versions[0],
        methodology=versions[1],
        before_release=versions_before[0],
        before_methodology=versions_before[1],
        rows="".join(_row(row, earlier) for row, earlier in pairs),
        summaries="".join(
            _summary(name, [pair for pair in pairs if which(pair[0])])
            for name, which in (
                ("out-of-sample", lambda row: not row.in_sample),
                ("in-sample", lambda row: row.in_sample),
                ("all", lambda row: True),
            )
        ),
    )


def written() -> str:
    """The document of the newest release and the default methodology, beside the first of each."""
    release, earlier = open_release(), open_release(FIRST[0])
    versions, before = (release.version, DEFAULT_METHODOLOGY), FIRST
    return report(compare(release), compare(earlier, before[1]), versions, before)


def _summary(name: str, pairs: list[tuple[Compared, Compared]]) -> str:
    (median, within), (median_before, within_before) = (summary([pair[i] for pair in pairs]) for i in (0, 1))
    known = sum(not math.isnan(row.log_error) for row, _ in pairs)
    factor, factor_before = math.exp(median), math.exp(median_before)
    return (
        f"| {name} | {known} | {median:.2f}, a factor of {factor:.1f} | {median_before:.2f}, a factor of "
        f"{factor_before:.1f} | {within:.0%} | {within_before:.0%} |\n"
    )


def _row(row: Compared, before: Compared) -> str:
    statement = row.statement
    names = ", ".join(statement.rules or statement.measures)
    sample = "in" if row.in_sample else "out"
    earlier = "unknown" if math.isnan(before.computed) else f"{before.computed / 1e6:,.0f}"
    if math.isnan(row.computed):
        numbers = "unknown | | "
    else:
        error = math.log(row.computed / row.stated)
        numbers = f"{row.computed / 1e6:,.0f} | {row.low / 1e6:,.0f} to {row.high / 1e6:,.0f} | {error:+.2f}"
    what = f"| {statement.company_id} | {row.before} | {names} | {sample} | {row.stated / 1e6:,.0f}"
    return f"{what} | {earlier} | {numbers} | {statement.why} |\n"


if __name__ == "__main__":
    print(written(), end="")
