"""Sizes of positions: what is added up, and what is refused by name."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from scoring.errors import HoldingsError
from scoring.portfolio.holdings import Holdings, make_holdings
from scoring.portfolio.score import score_portfolio
from scoring.scorer import Scorer

TWO = ["8035.T", "ASML NA"]


def refused(match, function, *args, **kwargs):
    with pytest.raises(HoldingsError, match=match) as caught:
        function(*args, **kwargs)
    assert caught.value.fix
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.fixture(scope="module")
def scorer_at(release):
    """Scorer at a date, under the methodology that the numbers here belong to."""

    @cache
    def at(as_of: str) -> Scorer:
        return Scorer(release, as_of, "2026.1")

    return at


def test_quantities_are_multiplied_with_prices_and_rates():
    made = Holdings.from_quantities(TWO, [100, -10], [20.0, 700.0], ["JPY", "EUR"], [0.0067, 1.08])
    assert made.amounts.tolist() == pytest.approx([100 * 20 * 0.0067, -10 * 700 * 1.08])
    assert (made.basis, made.currency) == ("quantity", None)


def test_one_currency_is_told():
    assert Holdings.from_values(TWO, [1, 2], ["usd", "USD "]).currency == "USD"
    assert Holdings.from_values(TWO, [1, 2]).currency is None


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ([1.0, float("nan")], r"weight\[1\]: nan is not a finite number"),
        ([float("inf"), 1.0], r"weight\[0\]: inf"),
        ([0.0, -0.0], "sum to 0"),
        ([1.0, None], r"weight\[1\]: is missing"),
        ([1.0, "much"], r"weight\[1\]: 'much' is not a number"),
        ([1e308, 1e308], "more than a number can hold"),
        ([1.0], "1 entries for 2 tickers"),
        ([[1.0], [2.0]], "is not one number per ticker"),
    ],
)
def test_bad_weights(values, match):
    refused(match, Holdings.from_weights, TWO, values)


def test_no_position():
    refused("are empty", Holdings.from_weights, [], [])


def test_weights_that_net_to_zero_are_a_market_neutral_book():
    assert Holdings.from_weights(TWO, [0.5, -0.5]).amounts.sum() == 0


@pytest.mark.parametrize(
    ("currencies", "fx", "match"),
    [
        (["USD", "JPY"], None, "JPY, USD: amounts in several currencies cannot be added up"),
        (["USD", "YEN"], None, r"currency\[1\]: 'YEN' is not a currency code of ISO 4217. Fix: did you mean "),
        (["USD", "JPN"], None, "did you mean JPY"),
        (["USD", ""], None, r"currency\[1\]: is missing"),
        (["GBP", "GBX"], None, "'GBX' is a hundredth of a currency"),
        (["GBp", "GBp"], None, "'GBp' is a hundredth of a currency"),
        (["USD", "JPY"], [1.0, 0.0], r"fx\[1\]: 0 is not a rate"),
        (["USD", "JPY"], [1.0, -2.0], r"fx\[1\]: -2 is below 0"),
        (["JPY", "JPY"], [0.0067, 150.0], "goes from 0.0067 to 150 for JPY"),
    ],
)
def test_bad_currencies(currencies, fx, match):
    refused(match, Holdings.from_values, TWO, [1.0, 2.0], currencies, fx)


def test_a_negative_price_is_refused():
    refused(r"price\[1\]: -3 is below 0", Holdings.from_quantities, TWO, [1, 1], [2, -3])


def test_only_one_kind_of_size():
    refused("weight and value: which one counts", make_holdings, TWO, {"weight": [1, None], "value": [None, 1]})
    refused("have no size", make_holdings, TWO, {"price": [1, 1]})
    refused("price: is missing", make_holdings, TWO, {"quantity": [1, 1]})


def test_sides():
    made = make_holdings(["a", "b", "c"], {"value": [1, 2, -3], "side": ["Long", "S", "short"]})
    assert made.amounts.tolist() == [1, -2, -3]
    refused(r"side\[1\]: 'flat' is not a side", make_holdings, TWO, {"value": [1, 2], "side": ["long", "flat"]})
    refused("is negative and its side is long", make_holdings, TWO, {"value": [-1, 2], "side": ["long", "long"]})


def test_a_short_position_in_a_long_only_book(scorer_at):
    book = Holdings.from_weights([*TWO, "AAPL"], [1, -2, -1])
    error = refused(
        "-2 of 'ASML NA' is short in a long-only book; 1 more", score_portfolio, scorer_at("2024-09-02"), book,
        long_only=True,
    )  # fmt: skip
    assert error.field == "weight[1]"
    assert score_portfolio(scorer_at("2024-09-02"), Holdings.from_weights(TWO, [1, 0]), long_only=True).gross.score


def test_a_book_where_nothing_resolves(scorer_at):
    nothing = Holdings.from_weights(["AMTA", "ZZZZ9"], [1, 1])
    refused("name no company: none of 2 resolves, such as 'AMTA'", score_portfolio, scorer_at("2024-09-02"), nothing)
    book = Holdings.from_weights(TWO, [1, 1])
    error = refused("name no company", score_portfolio, scorer_at("2024-09-02"), book, nothing)
    assert error.field == "benchmark"


def test_a_book_where_nothing_is_scored(scorer_at):
    result = score_portfolio(scorer_at("2024-09-02"), Holdings.from_weights(["7203.T", "zzz"], [3, -1]))
    assert result.gross.score is result.net.score is result.band is result.confidence is None
    assert result.score_floor == pytest.approx(19.36, abs=0.005)  # Toyota's floor, worked out in tests/golden
    assert result.drivers == []
    assert result.gross.coverage == 0
    assert [(c.status, c.weight) for c in result.coverage] == [("partial", 0.75), ("unresolved", 0.25)]
    assert result.positions[1].reason


def test_lots_of_both_sides_both_count(scorer_at):
    result = score_portfolio(scorer_at("2024-09-02"), Holdings.from_weights(["8035.T", "6857.T", "8035.T"], [3, 1, -2]))
    (tel, _) = result.concentration[0].groups
    assert tel.key == "tokyo-electron"
    assert (tel.weight, tel.weight_net) == (pytest.approx(5 / 6), pytest.approx(1 / 6))


def test_a_scenario_moves_the_book(release, scorer_at):
    from scoring.scorer import Scorer

    book = Holdings.from_weights(TWO, [1, 1])
    assumed = Scorer(release, "2026-07-31", scenario="match-act-enacted")
    before = score_portfolio(scorer_at("2026-07-31"), book)
    after = score_portfolio(assumed, book, drivers=10**6)
    assert after.scenario == "match-act-enacted"
    assert after.gross.score > before.gross.score + 1
    rules = {c.by: c for c in after.concentration}["rule"]
    assert any(g.label.startswith("assumed: ") and g.key.startswith("match-act-enacted/") for g in rules.groups)
    assert sum(d.points for d in after.drivers) == pytest.approx(after.gross.score)


def test_revenue_at_risk_is_looked_through(scorer_at):
    scorer = scorer_at("2026-07-31")
    book = Holdings.from_values([*TWO, "7203.T"], [600.0, -300.0, 100.0])
    result = score_portfolio(scorer, book)
    tel, asml, toyota = scorer.revenue_at_risk(book.tickers)["share_at_risk"]
    assert np.isnan(toyota)
    risk = result.revenue_at_risk
    assert risk.coverage == pytest.approx(0.9)
    assert risk.gross.share_at_risk == pytest.approx((600 * tel + 300 * asml) / 900)
    assert risk.net.share_at_risk == pytest.approx((600 * tel - 300 * asml) / 900)
    assert (risk.long.share_at_risk, risk.short.share_at_risk) == (pytest.approx(tel), pytest.approx(asml))
    assert risk.value_at_risk == pytest.approx(600 * tel + 300 * asml)
    assert risk.value_at_risk_net == pytest.approx(600 * tel - 300 * asml)
    assert risk.gross.share_at_risk_low <= risk.gross.share_at_risk <= risk.gross.share_at_risk_high
    assert result.positions[2].share_at_risk is None
