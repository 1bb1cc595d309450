"""What moved and why: one cause at a time, and everything that is said about it."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pyarrow as pa
import pytest

import scoring
from scoring.changes.attribution import attribute
from scoring.changes.comparable import check_comparable
from scoring.changes.compare import what_changed
from scoring.changes.result import Changes
from scoring.changes.table import change_columns
from scoring.columns import CHANGE
from scoring.errors import InputError, SchemaMismatchError
from scoring.reference.clock import CLOCK
from scoring.score.evaluation import evaluate
from tests.conftest import METHODOLOGY

DAY = "2025-06-30"


@pytest.fixture
def alone(release, scorer_at, altered):
    """Changes from the release to one with some tables changed, on one day; all of them must have one cause."""

    def compare(add=None, day=DAY, **tables):
        other = scoring.Scorer(altered(release, add=add, set=tables), day, METHODOLOGY)
        changes = what_changed(scorer_at(day), other)
        for row in changes.rows:
            moved = row.floor_delta if row.delta is None else row.delta
            if moved is not None:
                assert sum(one.points for one in row.attributions) == pytest.approx(moved, rel=0, abs=1e-9)
        return changes

    return compare


def only(key, value, **cells):
    """Function of a table that changes the rows with a key."""

    def change(rows):
        assert any(row[key] == value for row in rows)
        return [row | cells if row[key] == value else row for row in rows]

    return change


def the_cause(changes, name):
    assert set(changes.causes) == {name}
    return changes.causes[name]


def test_a_rule_that_binds_another_country(alone):
    changes = alone(rules=only("rule_id", "jp-2023-07-23", bound_countries="DE"))
    cause = the_cause(changes, "rules/jp-2023-07-23")
    assert (cause.kind, cause.change) == ("rule", "changed")
    assert "DE" in {row.country for row in changes.rows}
    assert "JP" not in {row.country for row in changes.rows}


def test_a_stricter_measure_and_a_fraction(alone):
    changes = alone(rules=only("rule_id", "jp-2023-07-23", measure="prohibition"))
    assert the_cause(changes, "rules/jp-2023-07-23").points > 0

    def half(rows):
        return [r | {"fraction": r["fraction"] / 2} if _is_etch(r) else r for r in rows]

    def _is_etch(row):
        return (row["rule_id"], row["product_family"]) == ("jp-2023-07-23", "etch")

    cause = the_cause(alone(family_rules=half), "family_rules/etch/jp-2023-07-23")
    assert (cause.kind, cause.change, cause.value_from, cause.value_to) == ("fraction", "changed", 0.12, 0.06)
    gone = alone(family_rules=lambda rows: [r for r in rows if not _is_etch(r)])
    cause = the_cause(gone, "family_rules/etch/jp-2023-07-23")
    assert (cause.change, cause.value_to) == ("removed", None)


def test_an_ally_by_a_rule_that_is_not_in_force(release, altered):
    """Exporters of New Zealand face a prohibition that no ally's do; a scheduled rule of its own makes it an ally."""
    allies = ";".join(scoring.Facts(release, DAY).countries)
    harsh = {
        "rule_id": "harsh",
        "imposed_by": "US",
        "announced": dt.date(2024, 1, 1),
        "effective_from": dt.date(2024, 1, 1),
        "effective_to": None,
        "end_announced": None,
        "measure": "prohibition",
        "reach": "extraterritorial",
        "bound_countries": None,
        "exempt_countries": allies,
        "covers_servicing": False,
        "status": "confirmed",
    }
    caught = {"product_family": "etch", "rule_id": "harsh", "fraction": 1.0}
    scheduled = harsh | {"rule_id": "own", "imposed_by": "NZ", "reach": "home-exports", "status": "scheduled"}
    one = altered(release, add={"rules": [harsh], "family_rules": [caught]})
    other = altered(release, add={"rules": [harsh, scheduled], "family_rules": [caught]})
    changes = what_changed(scoring.Scorer(one, DAY, METHODOLOGY), scoring.Scorer(other, DAY, METHODOLOGY), ["8035.T"])
    assert "NZ" not in np.array(scoring.Facts(one, DAY).countries)[scoring.Facts(one, DAY).rules.allied]
    (row,) = changes.rows
    assert row.delta > 0.5
    assert [one.cause for one in row.attributions] == ["rules/own"]
    assert row.attributions[0].points == pytest.approx(row.delta, rel=0, abs=1e-9)
    assert changes.causes["rules/own"].change == "added"


@pytest.mark.parametrize(
    ("table", "change", "name", "kind"),
    [
        (
            "countermeasures",
            only("measure_id", "cn-2025-04-04-no18-yttrium", measure="prohibition"),
            "countermeasures/cn-2025-04-04-no18-yttrium",
            "countermeasure",
        ),
        (
            "coercion_events",
            only("event_id", "2023-08-japan-seafood", severity_kind="threat"),
            "coercion_events/2023-08-japan-seafood",
            "event",
        ),
        ("minerals", only("mineral", "yttrium", china_refined_share=0.5), "minerals/yttrium", "mineral"),
        ("companies", only("company_id", "tokyo-electron", country="NL"), "companies/tokyo-electron", "company"),
        ("product_families", only("product_family", "etch", group="consumer"), "product_families/etch", "family"),
    ],
)  # fmt: skip
def test_one_changed_row(alone, table, change, name, kind):
    changes = alone(**{table: change})
    cause = the_cause(changes, name)
    assert (cause.kind, cause.change) == (kind, "changed")
    assert changes.rows
    assert cause.statement
    if table in ("countermeasures", "coercion_events", "minerals"):
        assert cause.source.url


def test_imports_and_dependence(alone):
    changes = alone(mineral_imports=only("hs6", "280530", china_import_share=0.1))
    assert {cause.kind for cause in changes.causes.values()} == {"import"}
    cause = changes.causes["mineral_imports/yttrium/JP"]
    assert cause.statement == (f"China's share of JP imports of yttrium: {cause.value_from:.1%} → {cause.value_to:.1%}")

    def weaker(rows):
        found = [(r["product_family"], r["mineral"]) == ("etch", "yttrium") for r in rows]
        return [r | {"criticality": 0.1} if hit else r for r, hit in zip(rows, found, strict=True)]

    cause = the_cause(alone(family_minerals=weaker), "family_minerals/etch/yttrium")
    assert (cause.kind, cause.value_from, cause.value_to) == ("criticality", 0.6 * 0.85, pytest.approx(0.1 * 0.85))
    assert cause.points < 0


def test_a_mineral_and_a_family_that_are_gone(release, altered, scorer_at):
    gone = {
        "minerals": lambda rows: [r for r in rows if r["mineral"] != "yttrium"],
        "family_minerals": lambda rows: [
            r for r in rows if r["mineral"] != "yttrium" and r["product_family"] != "etch"
        ],
        "product_families": lambda rows: [r for r in rows if r["product_family"] != "etch"],
        "family_rules": lambda rows: [r for r in rows if r["product_family"] != "etch"],
        **{
            table: lambda rows: [r | {"product_family": "other"} if r["product_family"] == "etch" else r for r in rows]
            for table in ("business_mix", "segments")
        },
    }
    other = scoring.Scorer(altered(release, set=gone), DAY, METHODOLOGY)
    for before, after in ((scorer_at(DAY), other), (other, scorer_at(DAY))):
        (row,) = what_changed(before, after, ["8035.T"]).rows
        assert abs(row.delta) > 1
        assert sum(one.points for one in row.attributions) == pytest.approx(row.delta, rel=0, abs=1e-9)
        assert {"family_minerals/deposition-cvd-ald/yttrium", "minerals/yttrium"} <= {o.cause for o in row.attributions}


def test_methodologies_one_number_at_a_time(scorer_at, release):
    methodology = scoring.load_methodology(METHODOLOGY)
    stricter = methodology.control_stringency["case-by-case"].model_copy(update={"value": 0.7})
    book = {**methodology.control_stringency, "case-by-case": stricter}
    changed = methodology.model_copy(update={"control_stringency": book, "version": "mine"})
    changes = what_changed(scorer_at(DAY), scoring.Scorer(release, DAY, changed))
    cause = the_cause(changes, "methodology/control_stringency.case-by-case")
    assert cause.statement == "control_stringency.case-by-case: 0.5 → 0.7"
    assert (cause.value_from, cause.value_to, changes.end.methodology) == (0.5, 0.7, "mine")
    for update, name in (
        ({"timing": "effective"}, "methodology/timing"),
        ({"china_share": "structural"}, "methodology/china_share"),
        ({"title": "no number"}, None),
    ):
        day = "2024-12-02"  # rules announced that day take effect later
        changes = what_changed(scorer_at(day), scoring.Scorer(release, day, methodology.model_copy(update=update)))
        assert set(changes.causes) == ({name} if name else set())
    japan = methodology.alignment_probability.default.model_copy(update={"value": 0.9, "high": 0.9})
    probability = methodology.alignment_probability.model_copy(update={"countries": {"JP": japan}})
    other = methodology.model_copy(update={"alignment_probability": probability})
    changes = what_changed(scorer_at(DAY), scoring.Scorer(release, DAY, other))
    cause = the_cause(changes, "methodology/alignment_probability.countries.JP")
    assert cause.statement == "alignment_probability.countries.JP: default → 0.9"
    assert {row.country for row in changes.rows} == {"JP"}


def test_a_scenario_is_cited_as_assumed(scorer_at, release):
    changes = what_changed(
        scorer_at(DAY), scoring.Scorer(release, DAY, METHODOLOGY, scenario="match-act-enacted"), ["ASML"]
    )
    assert {cause.kind for cause in changes.causes.values()} == {"scenario"}
    (name,) = {one.cause for one in changes.rows[0].attributions}
    assert name.startswith("scenario/match-act-enacted/")
    assert changes.causes[name].evidence == "expert-judgement"
    assert changes.end.scenario == "match-act-enacted"


def test_statements_are_worded_at_the_later_date(scorer_at):
    """A measure that ended between the dates is cited with its end, whichever end comes first."""
    days = ("2025-10-10", "2025-12-31")
    for one, other, change in ((*days, "removed"), (*reversed(days), "added")):
        changes = what_changed(scorer_at(one), scorer_at(other))
        ended = [c for c in changes.causes.values() if c.kind == "countermeasure" and c.change == change]
        assert ended
        assert any("ends" in cause.statement for cause in ended)
        for cause in changes.causes.values():
            assert cause.known_from is None or cause.known_from <= dt.date(2025, 12, 31)


def test_what_became_known_has_its_fact_and_no_points(release, scorer_at, altered):
    def unknown(rows):
        return [r for r in rows if r["company_id"] != "asml"]

    without = scoring.Scorer(altered(release, set={"revenue": unknown}), DAY, METHODOLOGY)
    (row,) = what_changed(without, scorer_at(DAY), ["ASML"]).rows
    assert (row.status_from, row.status_to, row.status) == ("partial", "ok", "ok")
    assert (row.delta, row.delta_market, row.floor_delta, row.attributions) == (None, None, None, [])
    assert row.score_to is not None
    assert row.floor_from is not None
    changes = what_changed(without, scorer_at(DAY))
    assert changes.rows[0].status_causes == ["revenue/asml"]
    cause = changes.causes["revenue/asml"]
    assert (cause.change, cause.value_from, cause.points) == ("added", None, 0.0)
    assert cause.value_to == 0.361
    columns = change_columns(changes)
    assert (columns["cause"], columns["points"]) == (["revenue/asml"], [None])


def test_a_floor_is_taken_apart_where_there_is_no_score(scorer_at):
    (row,) = what_changed(scorer_at("2024-07-31"), scorer_at("2026-07-31"), ["Toyota"]).rows
    assert (row.status_from, row.status_to, row.delta) == ("partial", "partial", None)
    assert row.floor_delta == row.floor_to - row.floor_from
    assert sum(one.points for one in row.attributions) == pytest.approx(row.floor_delta, rel=0, abs=1e-9)
    assert row.floor_delta > 10


def test_floors_of_different_things_are_not_compared(release, altered):
    """One release knows the product mix alone, the other the China share alone."""

    def without(*tables):
        return {table: lambda rows: [r for r in rows if r["company_id"] != "asml"] for table in tables}

    one = scoring.Scorer(altered(release, set=without("revenue")), DAY, METHODOLOGY)
    other = scoring.Scorer(altered(release, set=without("segments", "business_mix")), DAY, METHODOLOGY)
    changes = what_changed(one, other, ["ASML"])
    (row,) = changes.rows
    assert (row.status_from, row.status_to, row.delta, row.floor_delta) == ("partial", "partial", None, None)
    assert None not in (row.floor_from, row.floor_to)
    assert row.attributions == []
    known, unknown = (changes.causes[name] for name in row.status_causes)
    assert (known.kind, known.change, unknown.kind, unknown.change) == ("revenue", "added", "mix", "removed")


def test_companies_of_one_release_only(release, scorer_at, altered):
    gone = {table: lambda rows: [r for r in rows if r["company_id"] != "asml"] for table in ("companies", "listings")}
    other = scoring.Scorer(altered(release, set=gone), DAY, METHODOLOGY)
    for before, after, status in ((scorer_at(DAY), other, ("ok", None)), (other, scorer_at(DAY), (None, "ok"))):
        changes = what_changed(before, after, ["asml", "8035.T"])
        row = changes.rows[0]
        assert (row.status_from, row.status_to) == status
        assert (row.status, row.company_id, row.delta, row.attributions) == ("ok", "asml", None, [])
        assert row.reason == "not in release 2026.11.1"
        assert changes.rows[1].delta == 0
        assert [r.company_id for r in what_changed(before, after).rows] == ["asml"]


def test_rows_of_a_book(scorer_at):
    book = ["8035.T", "ASLM", "", "8035 JP", "Toyota"]
    changes = what_changed(scorer_at("2024-01-31"), scorer_at(DAY), book, threshold=2)
    assert [row.query for row in changes.rows] == book
    assert [row.status for row in changes.rows] == ["ok", "unresolved", "unresolved", "ok", "partial"]
    assert changes.rows[1].candidates
    assert changes.rows[0].attributions == changes.rows[3].attributions
    # A name that is in the book twice counts once.
    assert sum(changes.by_kind.values()) == pytest.approx(changes.rows[0].delta, rel=0, abs=1e-9)
    assert sum(cause.points for cause in changes.causes.values()) == pytest.approx(changes.rows[0].delta, abs=1e-9)
    assert changes.crossed == ["tokyo-electron"]
    assert what_changed(scorer_at(DAY), scorer_at("2024-01-31"), [], 2).rows == []
    for pillar in changes.rows[:1]:
        parts = (pillar.delta_market, pillar.delta_control, pillar.delta_retaliation)
        assert sum(parts) == pytest.approx(pillar.delta, rel=0, abs=1e-9)


def test_movers_come_largest_first_and_sum(scorer_at):
    changes = what_changed(scorer_at("2024-09-01"), scorer_at("2024-12-31"), threshold=3)
    deltas = [row.delta for row in changes.rows if row.delta is not None]
    assert [abs(d) for d in deltas] == sorted((abs(d) for d in deltas), reverse=True)
    assert all(abs(d) > 1e-9 for d in deltas)
    assert sum(changes.by_kind.values()) == pytest.approx(sum(deltas), rel=0, abs=1e-9 * len(deltas))
    assert len(changes.crossed) == sum(abs(d) >= 3 for d in deltas)
    for cause in changes.causes.values():
        told = [
            one.points
            for row in changes.rows
            if row.delta is not None
            for one in row.attributions
            if one.cause == cause.id
        ]
        assert cause.points == pytest.approx(sum(told), rel=0, abs=1e-9)
        assert cause.companies == len(told)


def test_as_json_and_as_a_table(scorer_at):
    changes = what_changed(scorer_at("2024-01-31"), scorer_at(DAY), ["8035.T", "nonsense"])
    text = changes.model_dump_json(by_alias=True)
    plain = json.loads(text)
    assert list(plain)[:2] == ["from", "to"]
    assert plain["from"]["as_of"] == "2024-01-31"
    assert Changes.model_validate_json(text) == changes
    columns = change_columns(changes)
    assert tuple(columns) == tuple(CHANGE)
    points = [p for p, query in zip(columns["points"], columns["query"], strict=True) if query == "8035.T"]
    assert sum(points) == pytest.approx(changes.rows[0].delta, rel=0, abs=1e-9)
    assert (columns["query"][-1], columns["cause"][-1], columns["status"][-1]) == ("nonsense", None, "unresolved")
    assert {str(day) for day in columns["as_of_to"]} == {DAY}


@pytest.mark.parametrize("threshold", [0, -1, float("nan"), float("inf")])
def test_a_threshold_is_above_zero(scorer_at, threshold):
    with pytest.raises(InputError, match="threshold"):
        what_changed(scorer_at(DAY), scorer_at(DAY), threshold=threshold)


class OtherSchema:
    """A release whose rules have another column, another type, or are not there."""

    def __init__(self, base, table):
        self._base, self._table, self.version = base, table, "2027.01.0"

    def table(self, name):
        if name == "rules" and self._table is None:
            raise KeyError(name)
        return self._table if name == "rules" else self._base.table(name)


def test_releases_of_different_schemas(release):
    rules = release.table("rules")
    renamed = rules.rename_columns(["policy" if n == "measure" else n for n in rules.column_names])
    with pytest.raises(SchemaMismatchError, match=r"different schemas.*2027.01.0 has no column rules.measure"):
        check_comparable(release, OtherSchema(release, renamed))
    as_text = rules.set_column(
        rules.column_names.index("announced"), "announced", rules.column("announced").cast(pa.string())
    )
    with pytest.raises(SchemaMismatchError, match=r"rules.announced is date32"):
        check_comparable(release, OtherSchema(release, as_text))
    with pytest.raises(SchemaMismatchError, match="no table rules"):
        check_comparable(OtherSchema(release, None), release)
    check_comparable(release, OtherSchema(release, rules.append_column("more", rules.column("note"))))


class Scrambled:
    """A release in which every column that is not said to enter scores is upside down."""

    def __init__(self, base):
        self._base = base
        self.version, self.last_as_of, self.names = base.version, base.last_as_of, base.names

    def columns(self, name):
        columns = self._base.columns(name)
        kept = CLOCK[name].enters if name in CLOCK else ()
        return {column: columns[column] if column in kept else columns[column][::-1] for column in columns}


@pytest.mark.parametrize("timing", ["announced", "effective"])
def test_no_other_column_enters_scores(release, timing):
    methodology = scoring.load_methodology(METHODOLOGY).model_copy(update={"timing": timing})
    for day in ("2022-10-31", "2026-07-31"):
        facts, scrambled = (scoring.Facts(one, day, timing) for one in (release, Scrambled(release)))
        np.testing.assert_array_equal(evaluate(scrambled, methodology).score, evaluate(facts, methodology).score)


def test_evaluations_are_enough_where_axes_agree(scorer_at):
    one, other = scorer_at("2025-01-31"), scorer_at(DAY)
    found = attribute(one.evaluation, other.evaluation)
    np.testing.assert_array_equal(found.points, attribute(one, other).points)
    with pytest.raises(ValueError, match="scorers"):
        attribute(scorer_at("2015-01-31").evaluation, other.evaluation)
