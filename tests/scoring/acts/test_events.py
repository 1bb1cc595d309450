"""Events: what an act adds agrees with a separate implementation, binds only whom it names, and sees no later fact."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import scoring
from scoring.acts.act import announcements, every_act, find_act, together
from scoring.acts.event import added_by, event_columns
from scoring.acts.history import events_of, states_of_acts
from scoring.acts.states import states_of
from scoring.columns import EVENT, RISK_INTERVAL
from scoring.errors import AsOfError, InputError, ScenarioNotFoundError
from scoring.facts.facts import Facts
from scoring.lookup.touched import NotFoundError
from scoring.methodology import load_methodology

GOLDEN = Path(__file__).parents[2] / "golden" / "worked_examples_2026_2.json"
EXAMPLES = [example for example in json.loads(GOLDEN.read_text("utf-8")) if example.get("event")]
WITHIN = 2e-9
"""The other implementation rounds to nine decimals."""
METHOD = "2026.2"


@pytest.fixture(scope="module")
def universe():
    return scoring.open_release("2026.12.0")


@pytest.fixture(scope="module")
def history(universe):
    """The states of every act of the release, in order."""
    return list(states_of_acts(universe, every_act(universe), load_methodology(METHOD)))


@pytest.fixture(scope="module")
def adding(universe):
    @cache
    def of(act, as_of=None):
        return added_by(universe, act, as_of, METHOD)

    return of


def test_an_estimated_company_is_never_called_known(universe):
    row = scoring.event(universe, "us-2022-10-07-sme-home", ["KLAC", "LRCX"], methodology=METHOD)
    assert row["status"].tolist() == ["estimated", "ok"]
    assert row["share_at_risk"].notna().all()
    note = "the China share is estimated; no annual revenue in the release"
    assert row["risk_note"].fillna("").tolist() == [note, ""]


def test_estimates_are_left_out_or_shown_alone(universe):
    act, names = "us-2022-10-07-sme-home", ["KLAC", "LRCX"]
    known = scoring.event(universe, act, names, methodology=METHOD, estimates="exclude")
    assert known["status"].tolist() == ["partial", "ok"]
    assert known["share_at_risk"].notna().tolist() == [False, True]
    alone = scoring.event(universe, act, names, methodology=METHOD, estimates="only")
    assert alone["query"].tolist() == ["KLAC"]
    every = {
        estimates: event_columns(added_by(universe, act, None, METHOD, estimates), estimates=estimates)
        for estimates in ("include", "exclude", "only")
    }
    assert set(every["only"]["status"]) == {"estimated"}
    assert "estimated" not in set(every["exclude"]["status"])
    said = set(every["include"]["company_id"])
    assert {*every["only"]["company_id"]} | {*every["exclude"]["company_id"]} == said
    with pytest.raises(InputError, match="estimates: 'none' is unknown"):
        added_by(universe, act, None, METHOD, "none")


def test_acts_of_a_company_without_and_with_its_estimates(universe):
    days = {
        estimates: events_of(universe, "ASML", METHOD, estimates)["announced"].tolist()
        for estimates in ("include", "exclude", "only")
    }
    assert days["only"][0] == dt.date(2020, 1, 6)
    assert days["only"] + days["exclude"] == days["include"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example['company_id']}-{example['event']['act']}")
def test_a_separate_implementation_agrees(universe, example):
    theirs = example["event"]
    disclosed = load_methodology(METHOD).without_estimates()  # the other implementation has no estimates
    added = added_by(universe, theirs["act"], None, disclosed)
    company = added.facts.company_ids.index(example["company_id"])
    row = {name: column[0] for name, column in event_columns(added, match(universe, example["company_id"])).items()}
    assert str(added.states.day) == theirs["before"]
    assert row["status"] == theirs["status"]
    ours = {
        "market": row["market"],
        "d_control": row["control_change"],
        "d_retaliation": row["retaliation_change"],
        "d_points_control": row["delta_control"],
        "d_points_retaliation": row["delta_retaliation"],
        "d_score": row["delta"],
        "loss_control": row["control_loss"],
        "loss_access": row["retaliation_loss"],
        "at_risk": row["share_at_risk"],
        "at_risk_supply": row["share_at_risk_supply"],
    }
    for name, value in ours.items():
        expected = np.nan if theirs[name] is None else theirs[name]
        assert value == pytest.approx(expected, rel=0, abs=WITHIN, nan_ok=True), name
    for name, money in (("at_risk_money", "revenue_at_risk"), ("at_risk_supply_money", "revenue_at_risk_supply")):
        expected = np.nan if theirs[name] is None else theirs[name]
        assert row[money] == pytest.approx(expected, rel=1e-9, nan_ok=True), name
    # The supply side alone ranks a company whose China share is not known.
    known = "share_at_risk_supply" if theirs["at_risk"] is None else "share_at_risk_all"
    assert added.states.hit[company] == pytest.approx(row[known])


def match(release, *names):
    from scoring.reference.identifiers.resolver import Resolver

    return Resolver(release).resolve_many(list(names))


def test_who_is_not_bound_is_not_moved(universe, history):
    """Nothing of a company moves that neither the act nor what ends with it binds."""
    for states in history:
        without, with_it = states.without.facts, states.with_it.facts
        if states.act.kind == "rule":
            bound = changed_binds(without.rules, with_it.rules)[without.country]
            # The strictest treatment of an ally counts for everyone, by the alignment gap.
            moved = ~np.isclose(np.nan_to_num(states.with_it.control.now), np.nan_to_num(states.without.control.now))
            assert not (moved & ~bound).any(), states.act.act_id
            assert not states.loss.control[~bound & ~np.isnan(states.loss.control)].any()
            np.testing.assert_array_equal(states.without.retaliation.total, states.with_it.retaliation.total)
        else:
            np.testing.assert_array_equal(states.without.control.total, states.with_it.control.total)
            aimed = aimed_at(without, with_it)[without.country]
            moved = np.nan_to_num(states.with_it.retaliation.supply) != np.nan_to_num(states.without.retaliation.supply)
            moved |= np.nan_to_num(states.with_it.retaliation.access) != np.nan_to_num(
                states.without.retaliation.access
            )
            named = subjects(without, with_it)
            assert not (moved & ~aimed & ~named).any(), states.act.act_id
        # The threat stays, and so does the market.
        np.testing.assert_array_equal(states.without.market, states.with_it.market)
        np.testing.assert_array_equal(states.without.force.latent, states.with_it.force.latent)
        moved = states.with_it.points[:, 0] - states.without.points[:, 0]
        assert np.nanmax(np.abs(moved), initial=0.0) < 1e-9


def changed_binds(one, other):
    """Countries that packages bind which stand in one of two blocks only."""
    masks = [block.binds[~np.isin(block.row, beside.row)] for block, beside in ((one, other), (other, one))]
    return np.logical_or.reduce(np.concatenate(masks), axis=0)


def aimed_at(one, other):
    masks = [np.zeros((1, len(one.countries)), dtype=bool)]
    for side in ("supply", "access"):
        pair = getattr(one, side), getattr(other, side)
        for block, beside in (pair, pair[::-1]):
            changed = ~np.isin(block.row, beside.row)
            masks.append(block.names[changed] | block.worldwide[changed, None])
    return np.logical_or.reduce(np.concatenate(masks), axis=0)


def subjects(one, other):
    """Companies that a measure names which stands in one of two states only."""
    found = np.zeros(one.country.size, dtype=bool)
    for side in ("supply", "access"):
        pair = getattr(one, side), getattr(other, side)
        for block, beside in (pair, pair[::-1]):
            chosen = ~np.isin(block.row, beside.row) & (block.kind == "company") & (block.subject >= 0)
            found[block.subject[chosen].astype(int)] = True
    return found


def test_adding_an_act_never_lowers_control(universe):
    """Where nothing ends with it: judged as of the day before, given as a date."""
    for act in [act for act in every_act(universe) if act.kind == "rule" and act.announced.year > 2015][::4]:
        states = states_of(universe, act, load_methodology(METHOD), act.announced - dt.timedelta(days=1))
        change = states.with_it.control.now - states.without.control.now
        assert np.nanmin(change, initial=0.0) >= -1e-15, act.act_id
        assert np.nanmin(states.loss.control, initial=0.0) >= 0.0


def test_the_history_is_each_event_to_the_last_bit(universe, history):
    """Facts carried from day to day, and of one company, give what facts compiled for the day give."""
    methodology = load_methodology(METHOD)
    for states in [states for states in history if states.day.year > 2015][::17]:
        alone = states_of(universe, states.act, methodology)
        assert alone.day == states.day
        for name in ("without", "with_it"):
            one, other = getattr(states, name), getattr(alone, name)
            np.testing.assert_array_equal(one.score, other.score)
            np.testing.assert_array_equal(one.control.total, other.control.total)
            np.testing.assert_array_equal(one.retaliation.total, other.retaliation.total)
        np.testing.assert_array_equal(states.hit, alone.hit)


def test_a_later_fact_never_leaks_into_the_day_before(universe, altered):
    """Rows that became known on the day of the announcement or later change nothing."""
    act = find_act(universe, "us-2022-10-07-sme-home")
    day = np.datetime64(act.announced, "D")

    def only(table, column):
        return lambda rows: [row for row in rows if row[column] is None or np.datetime64(row[column], "D") < day]

    def only_act(rows):
        return [row for row in rows if row["announced"] < act.announced or row["rule_id"] == act.act_id]

    # The end of a package was announced on that very day, and an easing is part of the act.
    early = altered(
        universe,
        set={
            "revenue": only("revenue", "known_by"),
            "segments": only("segments", "known_by"),
            "customers": only("customers", "known_by"),
            "business_mix": only("business_mix", "valid_from"),
            "coercion_events": only("coercion_events", "date"),
            "countermeasures": only("countermeasures", "announced"),
        },
    )
    methodology = load_methodology(METHOD)
    full, cut = (states_of(release, find_act(release, act.act_id), methodology) for release in (universe, early))
    np.testing.assert_array_equal(full.hit, cut.hit)
    np.testing.assert_array_equal(full.with_it.score, cut.with_it.score)


def test_an_easing_eases(adding):
    """The letters of April 2025 end on the day on which the licences of July are known."""
    added = adding("us-2025-08-08-h20-licences")
    names = added.facts.rules.row, added.states.with_it.facts.rules.row
    ended = set(names[0].tolist()) - set(names[1].tolist())
    table = added.facts.release.columns("rules")["rule_id"]
    assert {table[row] for row in ended} == {"us-2025-04-09-h20-mi308-letters"}
    nvidia = added.facts.company_ids.index("nvidia")
    assert added.states.hit[nvidia] == 0.0


def test_what_is_announced_together_is_one_act(universe, adding):
    parts = ["us-2022-10-07-sme-home", "us-2022-10-07-acs-home"]
    added = adding(tuple(parts))
    assert added.states.act.act_id == "+".join(parts)
    single = np.max([adding(part).states.loss.control for part in parts], axis=0)
    known = ~np.isnan(single)
    assert (added.states.loss.control[known] >= single[known] - 1e-12).all()
    together_ = announcements(universe)
    assert len({(act.announced, act.imposer, act.kind) for act in together_}) == len(together_)
    assert sum(len(act.rows) for act in together_) == len(every_act(universe))
    with pytest.raises(InputError, match="is not one announcement"):
        find_act(universe, ["us-2022-10-07-sme-home", "jp-2023-07-23"])
    with pytest.raises(InputError, match="nothing is not one announcement"):
        together([])


def test_an_act_in_force_is_judged_against_a_world_without_it(universe, adding):
    later = adding("jp-2023-07-23", "2024-09-02")
    known = Facts(universe, "2024-09-02", choices=load_methodology(METHOD).fact_choices)
    np.testing.assert_array_equal(later.states.with_it.facts.rules.row, known.rules.row)
    tokyo = later.facts.company_ids.index("tokyo-electron")
    assert later.states.loss.control[tokyo] > 0
    assert later.states.with_it.control.now[tokyo] > later.states.without.control.now[tokyo]


def test_a_pending_scenario_is_an_act_of_any_day(universe, adding):
    added = adding("match-act-enacted", "2024-09-02")
    assert (added.states.act.kind, added.states.act.announced) == ("scenario", None)
    scorer = scoring.Scorer(universe, "2024-09-02", METHOD, "match-act-enacted")
    np.testing.assert_array_equal(added.states.with_it.score, scorer.evaluation.score)
    assert adding("match-act-enacted").states.day == universe.last_as_of


def test_rows_are_hardest_hit_first_and_ranked(adding):
    rows = event_columns(adding("us-2022-10-07-sme-home"))
    assert list(rows) == list(EVENT)
    known = rows["share_at_risk_all"].astype(float)
    assert (np.diff(np.nan_to_num(known)) <= 0).all()
    ranked = rows["hit_rank"][~np.isnan(rows["hit_rank"].astype(float))].astype(int)
    assert ranked.tolist() == sorted(ranked.tolist())
    assert rows["company_id"][0] == "lam-research"
    low, high = (rows[f"share_at_risk_{end}"].astype(float) for end in ("low", "high"))
    assert ((low <= known + 1e-12) & (known <= high + 1e-12))[~np.isnan(known)].all()
    money = rows["revenue"].astype(float) * rows["share_at_risk"].astype(float)
    np.testing.assert_allclose(rows["revenue_at_risk"].astype(float), money)


def test_a_list_keeps_its_order_and_unknown_names(universe):
    frame = scoring.event(
        universe, "us-2022-10-07-sme-home", ["NVDA", "no such name", "LRCX"], methodology=METHOD, uncertainty=True
    )
    assert frame["query"].tolist() == ["NVDA", "no such name", "LRCX"]
    assert frame["status"].tolist() == ["ok", "unresolved", "ok"]
    assert list(frame.columns) == [*EVENT, *RISK_INTERVAL]
    lam = frame.iloc[2]
    assert lam["share_at_risk_p05"] < lam["share_at_risk"] < lam["share_at_risk_p95"]
    assert frame.iloc[1][["market", "share_at_risk", "revenue_at_risk"]].isna().all()


def test_every_act_that_touched_a_company(universe, history):
    rows = events_of(universe, "Micron Technology", METHOD)
    company = history[0].without.facts.company_ids.index("micron")
    assert rows["act"].tolist() == [states.act.act_id for states in history if states.touched[company]]
    assert "cn-2023-05-21-micron" in rows["act"]
    assert all(
        row == announced - dt.timedelta(days=1) for row, announced in zip(rows["as_of"], rows["announced"], strict=True)
    )


@pytest.mark.parametrize(
    ("act", "as_of", "error", "says"),
    [
        ("us-2022-10-07-sme", None, NotFoundError, "nearest: us-2022-10-07-sme-home"),
        ("2010-09-rare-earths-japan", None, NotFoundError, "adds to the threat"),
        ("nowhere.yaml", None, ScenarioNotFoundError, "cannot be read"),
        ("us-2022-10-07-sme-home", "2027-01-01", AsOfError, "later than release"),
        ("us-2022-10-07-sme-home", "yesterday", AsOfError, "is not a date"),
        ("us-2022-10-07-sme-home", "1990-01-01", InputError, "nothing is known of any company on 1990-01-01"),
    ],
)
def test_bad_acts(universe, act, as_of, error, says):
    with pytest.raises(error, match=says):
        scoring.event(universe, act, as_of=as_of, methodology=METHOD)


def test_an_act_after_the_release_ends(universe, altered):
    late = altered(universe, add={"rules": [{"rule_id": "us-2027-01-05", "announced": dt.date(2027, 1, 5)}]})
    with pytest.raises(AsOfError, match=r"is announced on 2027-01-05, after release 2026\.12\.0 ends"):
        scoring.event(late, "us-2027-01-05", methodology=METHOD)
