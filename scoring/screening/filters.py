"""Filters of a screen: which companies of the universe it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Final, get_args

import numpy as np

from scoring.errors import FilterError
from scoring.reference.identifiers.places import country_words
from scoring.score.leaves import CONTROL
from scoring.suggest import near
from scoring.vocabulary import Evidence

if TYPE_CHECKING:
    from scoring.score.snapshot import Columns, Snapshot

Values = str | Sequence[str]

_COLUMNS: Final[Mapping[str, str]] = {
    "country": "country",
    "sector": "sector",
    "industry": "industry",
    "band": "band",
    "grade": "confidence_grade",
    "evidence": "china_share_evidence",
    "status": "status",
}
"""Filters that compare one column of the result row."""

_LISTED: Final = 20
_CODE: Final = 2
"""Letters of a country code."""


@dataclass(frozen=True)
class Filters:
    """What a company must be to be shown; several values of one filter are alternatives, several filters add up.

    Values are lists, or texts with commas between values; upper and lower case are the same.

    Attributes
    ----------
    country, sector, industry : str or sequence of str
        As in the results; countries by ISO 3166 code or by name.
    family : str or sequence of str
        Product families, by id or label: the company has a segment in one.
    rule : str or sequence of str
        Packages of controls, by rule_id: one restricts what the company sells to China now.
    mineral : str or sequence of str
        By id or label: what the company makes depends on one, whoever supplies it.
    band, grade : str or sequence of str
        Band of the score; grade of its confidence.
    evidence : str or sequence of str
        How the China share became known.
    status : str or sequence of str
        ok, estimated, partial or no-data.
    at_least, at_most : mapping of str to float
        Bounds by numeric column, such as ``{"score_control": 10}``; what is unknown is not shown.
    """

    country: Values = ()
    sector: Values = ()
    industry: Values = ()
    family: Values = ()
    rule: Values = ()
    mineral: Values = ()
    band: Values = ()
    grade: Values = ()
    evidence: Values = ()
    status: Values = ()
    at_least: Mapping[str, float] = field(default_factory=dict)
    at_most: Mapping[str, float] = field(default_factory=dict)


WORDS: Final = tuple(f.name for f in fields(Filters) if f.name not in ("at_least", "at_most"))
"""Filters by word."""


def passes(snapshot: Snapshot, filters: Filters, columns: Columns) -> np.ndarray:
    """Which companies the filters leave, as a mask.

    Parameters
    ----------
    snapshot : Snapshot
    filters : Filters
    columns : dict of str to ndarray
        Result row of every company, with its ranks.

    Raises
    ------
    FilterError
        A value or column that does not exist; the message lists the nearest.
    """
    mask = np.ones(columns["status"].size, dtype=bool)
    for name in WORDS:
        given = getattr(filters, name)
        if not given:
            continue
        wanted = _read(name, given, _vocabulary(snapshot, name))
        if name in _COLUMNS:
            mask &= np.isin(columns[_COLUMNS[name]].astype(str), sorted(wanted))
        else:
            mask &= _OF_COMPANY[name](snapshot, wanted)
    for bounds, sign in ((filters.at_least, 1.0), (filters.at_most, -1.0)):
        for name, bound in bounds.items():
            values = columns[numeric(columns, name, name)]
            if not np.isfinite(bound):
                raise FilterError(name, f"{bound} is no bound", "give a finite number")
            mask &= sign * values >= sign * bound  # False where missing
    return mask


def numeric(columns: Columns, name: str, field_: str) -> str:
    """Check that a column exists and holds numbers.

    Raises
    ------
    FilterError
        It does not; the message lists the nearest that do.
    """
    known = [column for column, values in columns.items() if values.dtype.kind == "f"]
    if name not in known:
        raise _unknown(field_, name, {column: column for column in known}, "is no column of numbers")
    return name


def _read(name: str, given: Values, known: Mapping[str, str]) -> set[str]:
    """Values as they are in the data, from texts in any case and with any number of values in each."""
    texts = [given] if isinstance(given, str) else list(given)
    return {known[value] for text in texts for value in _split(name, text, known)}


def _split(name: str, text: str, known: Mapping[str, str]) -> Iterable[str]:
    """Known values in a text with commas; a value may hold commas itself, so the longest that is known is taken."""
    parts = [part.strip() for part in text.split(",")]
    start = 0
    while start < len(parts):
        for end in range(len(parts), start, -1):
            value = ", ".join(parts[start:end]).casefold()
            if value in known:
                yield value
                break
        else:
            raise _unknown(name, parts[start], known, f"is no {name} of this release")
        start = end


def _unknown(name: str, value: str, known: Mapping[str, str], problem: str) -> FilterError:
    likely = near(value.casefold(), list(known)) if len(value) > _CODE else []  # every code is like some word
    names = list(dict.fromkeys(known[text] for text in likely))
    if names:
        return FilterError(name, f"{value[:100]!r} {problem}", f"did you mean {', '.join(map(repr, names))}?")
    listed = list(dict.fromkeys(known.values()))
    more = f" and {len(listed) - _LISTED} more" if listed[_LISTED:] else ""
    return FilterError(name, f"{value[:100]!r} {problem}", f"use one of {', '.join(listed[:_LISTED])}{more}")


def _vocabulary(snapshot: Snapshot, name: str) -> dict[str, str]:
    """Every text that a filter may be given, in lower case, and the value that it means."""
    release = snapshot.release
    match name:
        case "country" | "sector" | "industry":
            words = sorted(set(release.columns("companies")[name].tolist()) - {None})
            if name == "country":
                named = {text: code for text, code in country_words().items() if code in words}
                return {code.casefold(): code for code in words} | named
        case "family" | "mineral":
            table, key = ("product_families", "product_family") if name == "family" else ("minerals", "mineral")
            columns = release.columns(table)
            ids = columns[key].tolist()
            labels = {label.casefold(): i for i, label in zip(ids, columns["label"].tolist(), strict=True)}
            return labels | {i.casefold(): i for i in ids}
        case "rule":
            rules = release.columns("rules")
            words = rules["rule_id"][rules["announced"] <= np.datetime64(snapshot.as_of, "D")].tolist()
        case "band":
            words = list(snapshot.methodology.bands)
        case "grade":
            words = list(snapshot.methodology.confidence.grades)
        case "evidence":
            words = list(get_args(Evidence))
        case _:
            words = ["ok", "estimated", "partial", "no-data"]
    return {word.casefold(): word for word in words}


def _of_family(snapshot: Snapshot, wanted: set[str]) -> np.ndarray:
    facts = snapshot.evaluation.facts
    family: np.ndarray = np.isin(facts.families, sorted(wanted))
    return _owners(snapshot, facts.segments.company[family[facts.segments.family] & (facts.segments.share > 0)])


def _of_rule(snapshot: Snapshot, wanted: set[str]) -> np.ndarray:
    leaves, rules = snapshot.leaves, snapshot.evaluation.facts.rules
    ids = snapshot.release.columns("rules")["rule_id"]
    # A negative row is an assumption of a scenario, which has no rule_id.
    active = np.asarray(np.isin(np.where(rules.row >= 0, ids[rules.row], ""), sorted(wanted)))
    control = np.flatnonzero(leaves.kind == CONTROL)
    return _owners(snapshot, leaves.company[control[active[rules.entry_rule[leaves.item[control]]]]])


def _of_mineral(snapshot: Snapshot, wanted: set[str]) -> np.ndarray:
    facts = snapshot.evaluation.facts
    mineral = np.flatnonzero(np.isin(facts.minerals, sorted(wanted)))
    depends = np.zeros(len(facts.families), dtype=bool)
    for m in mineral:
        depends |= facts.mineral.criticality[:, m] * (1.0 - facts.mineral.substitutability[:, m]) > 0
    needs = depends[facts.segments.family] & (facts.segments.share > 0)
    return _owners(snapshot, facts.segments.company[needs])


def _owners(snapshot: Snapshot, company: np.ndarray) -> np.ndarray:
    mask = np.zeros(snapshot.evaluation.facts.country.size, dtype=bool)
    mask[company] = True
    return mask


_OF_COMPANY: Final = {"family": _of_family, "rule": _of_rule, "mineral": _of_mineral}
