"""What became known after a date changes nothing at that date."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.facts.facts import Facts
from scoring.methodology import load_methodology
from scoring.reference.releases.release import open_release
from scoring.scorer import Scorer

FIRST, LAST = dt.date(2016, 1, 1), dt.date(2026, 6, 30)
RELEASE = open_release("2026.11.1")
COMPANIES = RELEASE.columns("companies")["company_id"].tolist()
FAMILIES = RELEASE.columns("product_families")["product_family"].tolist()
MINERALS = RELEASE.columns("minerals")["mineral"].tolist()
CODES = sorted(set(RELEASE.columns("mineral_codes")["hs6"].tolist()))
CONFIRMED = [
    str(rule)
    for rule, status, measure in zip(
        *(RELEASE.columns("rules")[c] for c in ("rule_id", "status", "measure")), strict=True
    )
    if status == "confirmed" and measure != "notification"
]

dates = st.dates(FIRST, LAST)
gaps = st.integers(1, 1500)
families = st.sampled_from(FAMILIES)
companies = st.sampled_from(COMPANIES)
countries = st.sampled_from(["US", "JP", "NL", "KR", "EU", "SG", "CH"])


def day(date, days):
    return date + dt.timedelta(days=days)


@st.composite
def later_facts(draw, as_of):
    """Rows of every dated table that became known after `as_of`, whatever period they describe."""
    known = [day(as_of, draw(gaps)) for _ in range(8)]
    describes = day(as_of, draw(st.integers(-700, 700)))
    company = draw(companies)
    share = draw(st.floats(0, 1))
    measure = {
        "subject_kind": "mineral",
        "side": "supply",
        "target": draw(st.sampled_from(["US", "JP", "EU", "KR", "WW"])),
        "announced": known[3],
        "effective_from": describes,
        "effective_to": None,
        "end_announced": None,
        "measure": "prohibition",
        "status": "confirmed",
    }
    kinds = [("mineral", draw(st.sampled_from(MINERALS))), ("company", company), ("product_family", draw(families))]
    return {
        # Twice the year, so that it would be the latest if it were seen.
        "revenue": [
            {
                "company_id": draw(companies),
                "fiscal_year": label,
                "period_end": describes,
                "china_share": share,
                "known_by": known[0],
                "published": known[0],
            }
            for label in ("2090", "2089Q4")
        ],
        "segments": [
            {
                "company_id": draw(companies),
                "fiscal_year": "2090",
                "segment": "all",
                "product_family": draw(families),
                "revenue_share": 1.0,
                "is_service": draw(st.booleans()),
                "china_share": share,
                "for_mix": True,
                "known_by": known[1],
                "published": known[1],
            }
        ],
        "business_mix": [
            {"company_id": draw(companies), "product_family": draw(families), "share": 1.0, "valid_from": known[2]}
        ],
        "countermeasures": [
            {**measure, "measure_id": f"later-{kind}-{side}", "subject_kind": kind, "subject": subject, "side": side}
            for kind, subject in kinds
            for side in ("supply", "access")
            if kind != "mineral" or side == "supply"
        ],
        "coercion_events": [
            {
                "event_id": "later",
                "date": known[4],
                "target_country": draw(st.sampled_from(["US", "JP", "EU", "KR", "WW"])),
                "severity_kind": "prohibition",
            }
        ],
        "rules": [
            {
                "rule_id": f"later-{reach}",
                "imposed_by": draw(countries),
                "announced": known[5],
                # Licensing letters become public after they took effect.
                "effective_from": describes,
                "effective_to": None,
                "end_announced": None,
                "measure": "prohibition",
                "reach": reach,
                "bound_countries": draw(st.sampled_from([None, "SG;CH", "JP;KR"])),
                "exempt_countries": None,
                "covers_servicing": True,
                "status": "confirmed",
            }
            for reach in ("home-exports", "extraterritorial")
        ],
        "family_rules": [
            {"product_family": family, "rule_id": f"later-{reach}", "fraction": 1.0}
            for reach in ("home-exports", "extraterritorial")
            for family in FAMILIES
        ],
        # Trade of year Y is known from 1 February of Y + 2.
        "mineral_imports": [
            {
                "hs6": code,
                "year": as_of.year - (1 if as_of.month >= 2 else 2),
                "importer": importer,
                "china_import_share": share,
                "import_value_kusd": 1e6,
            }
            for code in CODES
            for importer in ("US", "JP", "NL", "KR", "EU27")
        ],
        "mineral_facts": [
            {
                "mineral": draw(st.sampled_from(MINERALS)),
                "fact": "us_import_share_china",
                "value": 1.0,
                "year": as_of.year - (1 if as_of.month >= 2 else 2),
            }
        ],
    }


@given(as_of=dates, timing=st.sampled_from(["announced", "effective"]), data=st.data())
@settings(max_examples=40)
def test_no_later_fact_is_seen(release, altered, universe, differ, as_of, timing, data):
    methodology = load_methodology().model_copy(update={"timing": timing})
    added = data.draw(later_facts(as_of))
    # The release has its own rows of the years that are not known yet.
    keys = {(row["hs6"], row["year"], row["importer"]) for row in added["mineral_imports"]}
    fresh = {
        "mineral_imports": lambda rows: [r for r in rows if (r["hs6"], r["year"], r["importer"]) not in keys],
    }
    before = Scorer(release, as_of, methodology)
    after = Scorer(altered(release, add=added, set=fresh), as_of, methodology)
    assert differ(universe(before), universe(after)) == []
    assert before.evaluation.facts.countries == after.evaluation.facts.countries
    company = data.draw(companies)
    one, other = before.explain(company), after.explain(company)
    assert one.tree == other.tree
    assert one.facts == other.facts


@pytest.mark.parametrize(
    "table", ["revenue", "segments", "business_mix", "countermeasures", "coercion_events", "rules", "mineral_imports"]
)
def test_the_added_facts_would_have_counted(release, altered, universe, differ, table):
    """The test above can fail: at a date after them, the same kind of facts changes the result."""
    as_of = dt.date(2023, 6, 30)
    strategy = later_facts(as_of)
    seen = []

    @given(data=st.data())
    @settings(max_examples=10)
    def look(data):
        added = data.draw(strategy)
        tables = {table, "family_rules"} if table == "rules" else {table}
        extra = altered(release, add={name: added[name] for name in tables})
        late = dt.date(2026, 7, 31)
        if table == "mineral_imports":
            late = dt.date(2024, 3, 1)
            rows = {(r["hs6"], r["year"], r["importer"]) for r in added[table]}
            kept = {table: lambda old: [r for r in old if (r["hs6"], r["year"], r["importer"]) not in rows]}
            extra = altered(release, add={table: added[table]}, set=kept)
        seen.append(differ(universe(Scorer(release, late)), universe(Scorer(extra, late))))

    look()
    assert any(seen)


def ending(rule_id, **end):
    """Change of the rules table: the dates of one rule."""
    return {"rules": lambda rows: [{**row, **end} if row["rule_id"] == rule_id else row for row in rows]}


def inactive(rule_id):
    """A rule that is on the books but not in force; its imposer stays one of the allies."""
    return ending(rule_id, status="scheduled")


def start_of(rule_id):
    table = RELEASE.columns("rules")
    row = table["rule_id"].tolist().index(rule_id)
    return max(table["announced"][row].item(), dt.date(2016, 1, 1)), table["effective_from"][row].item()


@given(rule=st.sampled_from(CONFIRMED), data=st.data())
@settings(max_examples=40)
def test_an_end_is_unknown_until_it_is_announced(release, altered, universe, differ, rule, data):
    announced, _ = start_of(rule)
    if announced > LAST:
        return
    end_announced = data.draw(st.dates(announced + dt.timedelta(days=1), LAST))
    # Ends may be announced ahead, or be dated back.
    effective_to = day(end_announced, data.draw(st.integers(-200, 200)))
    ended = altered(release, set=ending(rule, effective_to=effective_to, end_announced=end_announced))
    lasting = altered(release, set=ending(rule, effective_to=None, end_announced=None))
    gone = altered(release, set=inactive(rule))
    eve = data.draw(st.dates(announced, end_announced - dt.timedelta(days=1)))
    assert differ(universe(Scorer(ended, eve)), universe(Scorer(lasting, eve))) == []
    over = max(end_announced, effective_to)
    if over <= LAST:
        assert differ(universe(Scorer(ended, over)), universe(Scorer(gone, over))) == []
    if effective_to > end_announced:
        # Known to end, but not ended yet.
        between = day(effective_to, -1)
        if between <= LAST:
            assert differ(universe(Scorer(ended, between)), universe(Scorer(lasting, between))) == []


@given(rule=st.sampled_from(CONFIRMED), ahead=st.integers(5, 400), data=st.data())
@settings(max_examples=25)
def test_a_rule_suspended_before_it_took_effect(release, altered, universe, differ, rule, ahead, data):
    """Zero-length rows: announced, then called off before the day; they end when that is announced."""
    announced, _ = start_of(rule)
    called_off = day(announced, data.draw(st.integers(1, ahead - 1)))
    if called_off > LAST:
        return
    takes_effect = day(announced, ahead)
    dates = {"announced": announced, "effective_from": takes_effect, "effective_to": takes_effect}
    suspended = altered(release, set=ending(rule, **dates, end_announced=called_off))
    lasting = altered(release, set=ending(rule, **{**dates, "effective_to": None}, end_announced=None))
    gone = altered(release, set=inactive(rule))
    eve = day(called_off, -1)
    assert differ(universe(Scorer(suspended, eve)), universe(Scorer(lasting, eve))) == []
    for after in (called_off, day(called_off, 30), takes_effect, day(takes_effect, 1)):
        if after <= LAST:
            assert differ(universe(Scorer(suspended, after)), universe(Scorer(gone, after))) == []


@given(rule=st.sampled_from(CONFIRMED), lag=st.integers(1, 300), data=st.data())
@settings(max_examples=25)
def test_a_letter_that_became_public_later(release, altered, rule, lag, data):
    """Announced after it took effect: in force from the announcement, under both timings."""
    public = data.draw(st.dates(FIRST, LAST))
    letter = altered(
        release,
        set=ending(rule, announced=public, effective_from=day(public, -lag), effective_to=None, end_announced=None),
    )
    row = RELEASE.columns("rules")["rule_id"].tolist().index(rule)
    for timing in ("announced", "effective"):
        assert row not in Facts(letter, day(public, -1), timing).rules.row
        assert row in Facts(letter, public, timing).rules.row


@given(rule=st.sampled_from(CONFIRMED), lead=st.integers(1, 300), data=st.data())
@settings(max_examples=25)
def test_timing_decides_between_announcement_and_effect(release, altered, rule, lead, data):
    public = data.draw(st.dates(FIRST, day(LAST, -300)))
    dated = altered(
        release,
        set=ending(rule, announced=public, effective_from=day(public, lead), effective_to=None, end_announced=None),
    )
    row = RELEASE.columns("rules")["rule_id"].tolist().index(rule)
    eve = day(public, lead - 1)
    assert row in Facts(dated, eve, "announced").rules.row
    assert row not in Facts(dated, eve, "effective").rules.row
    assert row in Facts(dated, day(public, lead), "effective").rules.row
    assert row not in Facts(dated, day(public, -1), "announced").rules.row


@given(as_of=dates)
@settings(max_examples=20)
def test_a_scheduled_rule_does_not_count(release, as_of):
    facts = Facts(release, as_of)
    for block, table in (("rules", "rules"), ("supply", "countermeasures"), ("access", "countermeasures")):
        status = release.columns(table)["status"][getattr(facts, block).row]
        assert set(status.tolist()) <= {"confirmed"}


@given(as_of=st.dates(dt.date(2016, 8, 1), LAST))  # every table has a row by then
@settings(max_examples=20)
def test_a_release_cut_at_the_date_gives_the_same(release, altered, universe, differ, as_of):
    """Dropping every later row, and every end not announced yet, changes no number."""
    t = as_of

    def ends(rows):
        kept = [row for row in rows if row["announced"] <= t]
        return [
            row
            if row["effective_to"] is None or (row["end_announced"] or row["effective_to"]) <= t
            else {**row, "effective_to": None, "end_announced": None}
            for row in kept
        ]

    announced = {row["rule_id"] for row in release.table("rules").to_pylist() if row["announced"] <= t}
    last_trade = t.year - (2 if t.month >= 2 else 3)
    cut = altered(
        release,
        set={
            "revenue": lambda rows: [row for row in rows if row["known_by"] <= t],
            "segments": lambda rows: [row for row in rows if row["known_by"] <= t],
            "business_mix": lambda rows: [row for row in rows if row["valid_from"] <= t],
            "rules": ends,
            "family_rules": lambda rows: [row for row in rows if row["rule_id"] in announced],
            "countermeasures": ends,
            "coercion_events": lambda rows: [row for row in rows if row["date"] <= t],
            "mineral_imports": lambda rows: [row for row in rows if row["year"] <= last_trade],
            "mineral_facts": lambda rows: [row for row in rows if row["year"] and row["year"] <= last_trade],
        },
    )
    assert differ(universe(Scorer(release, t)), universe(Scorer(cut, t))) == []
    assert np.datetime64(t) <= np.datetime64(release.last_as_of)
