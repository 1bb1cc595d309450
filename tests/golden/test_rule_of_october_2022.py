"""Lam Research on the day before the rule of 7 October 2022, and five days after it: only control moves."""

BEFORE, AFTER = "2022-10-06", "2022-10-12"


def test_control_jumps_with_the_rule(scorer_at, near):
    before, after = (
        {name: cells[0] for name, cells in scorer_at(day).columns(["lam-research"]).items()} for day in (BEFORE, AFTER)
    )
    near(after["market"], before["market"])
    near(after["retaliation"], before["retaliation"])
    # 0.0549 against 0.0019 of revenue: 7.66 points of the score against 0.01.
    assert after["control"] > 25 * before["control"]
    assert before["score_control"] < 0.02
    assert after["score_control"] > 7.6
    assert after["score"] > before["score"] + 3.9
