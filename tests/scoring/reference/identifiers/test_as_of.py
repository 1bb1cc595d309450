"""Codes and names mean what they meant at the date."""

from __future__ import annotations

import datetime as dt
import functools

import pytest

from scoring.reference.identifiers.resolver import Resolver
from scoring.reference.releases.release import Release, open_release
from tests.scoring.reference.identifiers.smallrelease import SmallRelease, listing, other_name

RELEASE = SmallRelease(
    [("meta", "Meta Platforms"), ("rtx", "RTX"), ("fbnk", "Made-up Bank"), ("spirit", "Spirit AeroSystems")],
    [
        listing("meta", "XNAS", "META"),
        listing("rtx", "XNYS", "RTX"),
        listing("fbnk", "XNYS", "UTX"),
        listing("spirit", "XNYS", "SPR", listed_to="2025-12-08"),
    ],
    names=[
        other_name("meta", "FB", kind="former-ticker", until="2022-06-09"),
        other_name("meta", "Facebook", kind="former", until="2021-10-28"),
        other_name("rtx", "UTX", kind="former-ticker", until="2020-04-03"),
    ],
)


@functools.cache
def universe() -> Release:
    return open_release("2026.12.0")


def at(day: str) -> Resolver:
    return Resolver(RELEASE, dt.date.fromisoformat(day))


@pytest.mark.parametrize("query", ["FB", "FB US Equity", "FB.O", "NASDAQ:FB"])
def test_a_former_code_is_said_from_the_day_it_was_given_up(query: str) -> None:
    before, after = at("2022-06-08").resolve(query), at("2022-06-09").resolve(query)
    assert (before.status, before.company, before.reason) == ("ok", 0, "")
    assert (after.status, after.company) == ("ok", 0)
    assert after.reason == "its code until 2022-06-09; now XNAS:META"
    assert Resolver(RELEASE).resolve(query) == after


@pytest.mark.parametrize("query", ["XLNX", "MXIM", "TWTR", "XLNX US Equity", "TWTR.N", "Xilinx", "Twitter"])
@pytest.mark.parametrize("day", ["2019-06-03", "2026-07-31"])
def test_a_company_that_the_data_never_had_gets_no_neighbour(query: str, day: str) -> None:
    """Xilinx is no Cellnex: a code that somebody had is no slip for a code that somebody has."""
    match = Resolver(universe(), dt.date.fromisoformat(day)).resolve(query)
    assert (match.status, match.candidates) == ("unresolved", ())
    assert match.reason.startswith(("no company or former ticker", "no listing with the code", "no code, identifier"))


@pytest.mark.parametrize(("query", "day"), [("RTN", "2019-06-03"), ("UTX", "2019-06-03"), ("FB", "2021-06-01")])
def test_former_codes_of_the_universe_hold_on_their_days_and_are_said_later(query: str, day: str) -> None:
    then = Resolver(universe(), dt.date.fromisoformat(day)).resolve(query)
    now = Resolver(universe()).resolve(query)
    assert (then.status, then.reason) == ("ok", "")
    assert now.company == then.company
    assert "its code until" in now.reason


def test_a_former_name_is_said_from_the_day_it_was_given_up() -> None:
    assert at("2021-10-27").resolve("Facebook Inc").reason == ""
    after = at("2021-10-28").resolve("Facebook Inc")
    assert (after.company, after.reason) == (0, "its name until 2021-10-28")


def test_a_code_that_meant_another_company_means_that_one_at_its_time() -> None:
    before = at("2019-01-02").resolve("UTX")
    assert before.company == 1
    assert before.reason == "read as its code at the date; later XNYS:UTX is Made-up Bank"
    after = at("2020-04-03").resolve("UTX")
    assert after.company == 2
    assert after.reason == "no exchange given: read as XNYS:UTX; until 2020-04-03 it was the code of RTX"


def test_a_delisted_share_is_said_to_be_no_longer_listed_after_its_last_day() -> None:
    for query in ("SPR", "SPR.N", "Spirit AeroSystems"):
        assert at("2025-12-08").resolve(query).reason == ""
        gone = at("2025-12-09").resolve(query)
        assert gone.company == 3
        assert gone.reason == "XNYS:SPR is no longer listed: its last day was 2025-12-08"


def test_two_that_had_one_code_in_turn() -> None:
    release = SmallRelease(
        [("old", "Old"), ("new", "New"), ("abroad", "Abroad")],
        [
            listing("old", "XNYS", "SPR", listed_to="2025-12-08"),
            listing("new", "XNAS", "SPR"),
            listing("abroad", "XLON", "SPR"),
        ],
    )
    assert Resolver(release, dt.date(2025, 12, 8)).resolve("SPR US").company == 0
    assert Resolver(release, dt.date(2025, 12, 9)).resolve("SPR US").company == 1
    assert Resolver(release, dt.date(2025, 12, 9)).resolve("SPR LN").company == 2
