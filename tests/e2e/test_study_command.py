"""`exposure study`, run as a user runs it: a file of prices, a list of events, and what is wrong with either."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from tests.e2e.command import exposure, refused

NAMES = (
    "LRCX", "AMAT", "NVDA", "INTC", "MU", "QCOM", "AVGO", "TXN", "ADI", "AAPL", "TSLA", "CAT", "8035.T", "ASML NA",
)  # fmt: skip
EVENTS = "act,date\nus-2022-10-07-sme-home,\nus-2022-10-07-acs-home,2022-10-08\ncn-2017-03-06-lotte,\n"


@pytest.fixture(scope="module")
def prices(tmp_path_factory):
    """Closes of two years around the rule of October 2022, of a market, and of a name that no release has."""
    rng = np.random.Generator(np.random.PCG64(5))
    days = pd.bdate_range("2021-06-01", "2022-12-30")
    moves = pd.DataFrame(rng.normal(0, 0.01, (days.size, len(NAMES) + 2)), days, [*NAMES, "NOBODY Z", "SPY"])
    closes = (100 * (1 + moves).cumprod()).rename_axis(index="date", columns="ticker").stack().rename("close")
    path = tmp_path_factory.mktemp("study") / "prices.csv"
    closes.to_csv(path)
    return path


@pytest.fixture(scope="module")
def events(prices):
    path = prices.with_name("events.csv")
    path.write_text(EVENTS, "utf-8")
    return path


def test_a_study_of_prices(prices, events, tmp_path):
    asked = ("study", prices, "--benchmark", "SPY", "--events", events)
    done = exposure(*asked, "--png", tmp_path / "forest.png")
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode()
    assert "market: SPY" in text
    assert "ticker left out: NOBODY Z" in text
    assert (tmp_path / "forest.png").read_bytes().startswith(b"\x89PNG")
    found = json.loads(exposure(*asked, "--json").stdout)
    (lotte,) = found["skipped"]
    assert lotte["name"] == "cn-2017-03-06-lotte"
    assert lotte["label"].startswith("China toward KR: ")
    assert f"event left out: {lotte['label']}" in text.replace("\n", " ")
    # The second event falls on a Saturday, and is traded on the Monday after it.
    traded = {event["event"]: event["traded"] for event in found["events"]}
    assert traded == {"us-2022-10-07-sme-home": "2022-10-07", "us-2022-10-07-acs-home": "2022-10-10"}
    assert found["names"] == len(NAMES)
    assert {row["figure"] for row in found["pooled"]} >= {"act", "score", "china_share"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("act\nus-2022-10-07-sme\n", "nearest: us-2022-10-07-sme-home"),
        ("act\nmatch-act-enacted\n", "is a scenario, which nobody announced"),
        ("act\ncn-2017-03-06-lotte\n", "outside the returns"),
        ("name\nus-2022-10-07-sme-home\n", "has no column act"),
        ("act,date\nus-2022-10-07-sme-home,7.10.2022\n", "write dates as YYYY-MM-DD"),
    ],
)
def test_events_that_are_wrong(prices, tmp_path, text, says):
    path = tmp_path / "events.csv"
    path.write_text(text, "utf-8")
    refused("study", prices, "--events", path, names=(says,))
