"""What must not matter: order and repetition of queries, other companies, the order of rows, a second call."""

from __future__ import annotations

import datetime as dt

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.columns import RESULT
from scoring.reference.releases.release import open_release
from scoring.scorer import Scorer

RELEASE = open_release("2026.11.1")
COMPANIES = RELEASE.columns("companies")["company_id"].tolist()
LISTINGS = RELEASE.columns("listings")
FAMILIES = RELEASE.columns("product_families")["product_family"].tolist()
dates = st.dates(dt.date(2016, 1, 1), dt.date(2026, 7, 31))
queries = st.one_of(
    st.sampled_from(COMPANIES),
    st.sampled_from([f"{mic}:{code}" for mic, code in zip(LISTINGS["mic"], LISTINGS["ticker"], strict=True)]),
    st.sampled_from(RELEASE.columns("companies")["name"].tolist()),
    st.sampled_from(["", "no such company", "LAM RESERACH", "8035.T", "ASML NA Equity", "\ud83d", "0" * 300]),
)


def rows(columns):
    """Rows as tuples that compare equal where a number is missing in both."""
    out = []
    for values in zip(*(columns[name].tolist() for name in RESULT), strict=True):
        out.append(tuple("missing" if isinstance(v, float) and np.isnan(v) else v for v in values))
    return out


@given(as_of=dates, asked=st.lists(queries, min_size=1, max_size=12), data=st.data())
@settings(max_examples=40)
def test_order_and_repetition_of_queries(scorer_at, as_of, asked, data):
    scorer = scorer_at(as_of)
    alone = [rows(scorer.columns([query]))[0] for query in asked]
    assert rows(scorer.columns(asked)) == alone
    order = data.draw(st.permutations(range(len(asked))))
    assert rows(scorer.columns([asked[i] for i in order])) == [alone[i] for i in order]
    twice = [query for query in asked for _ in range(2)]
    assert rows(scorer.columns(twice)) == [row for row in alone for _ in range(2)]


@given(as_of=dates)
@settings(max_examples=15)
def test_the_same_call_gives_the_same_bits(universe, differ, as_of):
    first = Scorer(open_release("2026.11.1"), as_of)
    second = Scorer(open_release("2026.11.1"), as_of.isoformat())
    assert differ(first.columns(COMPANIES), second.columns(COMPANIES)) == []
    assert np.array_equal(first.leaves.points, second.leaves.points, equal_nan=True)
    assert first.explain("asml") == second.explain("asml")


newcomer = st.fixed_dictionaries(
    {
        "country": st.sampled_from(["JP", "US", "NL", "ZA", "VN"]),
        "share": st.floats(0, 1),
        "families": st.lists(st.sampled_from(FAMILIES), min_size=1, max_size=4, unique=True),
        "disclosed": st.booleans(),
        "position": st.sampled_from(["first", "last", "middle"]),
    }
)


@given(as_of=dates, new=newcomer)
@settings(max_examples=25)
def test_another_company_changes_no_score(release, altered, universe, differ, as_of, new):
    company = {"company_id": "a-new-one", "name": "A New One", "country": new["country"], "sector": "Industrials"}
    known = as_of - dt.timedelta(days=10)
    mix = [
        {"product_family": family, "revenue_share": 1 / len(new["families"]), "share": 1 / len(new["families"])}
        for family in new["families"]
    ]
    segment = {"company_id": "a-new-one", "fiscal_year": "2090", "known_by": known, "for_mix": True}
    segment["china_share"] = new["share"] / 2
    added = {
        "revenue": [
            {
                "company_id": "a-new-one",
                "fiscal_year": "2090",
                "period_end": known,
                "china_share": new["share"],
                "known_by": known,
            }
        ],
    }
    if new["disclosed"]:
        table = [{**segment, "segment": part["product_family"], **part} for part in mix]
        added["segments"] = [{k: v for k, v in row.items() if k != "share"} for row in table]
    else:
        table = [{"company_id": "a-new-one", "valid_from": known, **part} for part in mix]
        added["business_mix"] = [{k: v for k, v in row.items() if k != "revenue_share"} for row in table]

    def joined(companies):
        row = {**companies[0], **company}
        at = {"first": 0, "middle": len(companies) // 2, "last": len(companies)}[new["position"]]
        return [*companies[:at], row, *companies[at:]]

    larger = Scorer(altered(release, add=added, set={"companies": joined}), as_of)
    smaller = Scorer(release, as_of)
    assert len(larger.evaluation.score) == len(smaller.evaluation.score) + 1
    # Only sums whose length grew may differ, and those by rounding.
    assert differ(universe(smaller, COMPANIES), universe(larger, COMPANIES), atol=1e-12) == []
    own = larger.columns(["a-new-one"])
    assert own["status"].tolist() == ["ok"]
    assert own["market"][0] == new["share"]


@given(as_of=dates, seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15)
def test_order_of_rows(release, altered, universe, differ, as_of, seed):
    tables = ["revenue", "rules", "family_rules", "countermeasures", "coercion_events", "family_minerals"]
    tables += ["mineral_imports", "mineral_codes", "mineral_facts", "segments", "business_mix", "companies"]
    random = np.random.default_rng(seed)

    def shuffled(rows):
        return [rows[i] for i in random.permutation(len(rows))]

    mixed = altered(release, set=dict.fromkeys(tables, shuffled))
    one, other = Scorer(release, as_of), Scorer(mixed, as_of)
    assert differ(universe(one, COMPANIES), universe(other, COMPANIES), atol=1e-9) == []
