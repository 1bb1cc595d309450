"""Malformed rows: a reader gives rows of the right types, or one clear error, whatever stands in a cell."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import zipfile
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import InputError
from scoring.reference.sources import baci, ecb, openfigi
from tests.scoring.reference.sources.test_lists import trade

DAY = dt.date(2026, 4, 2)
CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["", "N/A", "NA", "-1", "1e999", "nan", "1,5", "0", "2026-04-02", "1.1525"]
)
NAMES = st.sampled_from(["Date", "USD", "JPY", "", "CNY"]) | st.text(max_size=4)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def history(rows: list[list[str]], name: str = "eurofxref-hist.csv") -> bytes:
    text, file = io.StringIO(newline=""), io.BytesIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, text.getvalue())
    return file.getvalue()


@given(st.lists(NAMES, max_size=5), st.lists(st.lists(CELL, max_size=5), max_size=4))
def test_rates(header: list[str], rows: list[list[str]]) -> None:
    with suppress(InputError):
        for currency, day, rate, source in ecb.exchange_rates(history([header, *rows]), [("JPY", DAY), ("CNY", DAY)]):
            assert currency in ("JPY", "CNY", "USD")
            assert dt.timedelta(0) <= DAY - day <= dt.timedelta(7)
            assert math.isfinite(float(rate))
            assert source == ecb.SOURCE_ID


@given(st.lists(CELL, min_size=3, max_size=3))
def test_rates_beside_strange_cells(cells: list[str]) -> None:
    rows = [["Date", "USD", "JPY", "XXX"], ["2026-04-02", "1.1525", "183.84", "N/A"], ["2026-04-01", *cells]]
    with suppress(InputError):
        assert ecb.exchange_rates(history(rows), [("JPY", DAY)]) == [
            ("JPY", DAY, "183.84", ecb.SOURCE_ID),
            ("USD", DAY, "1.1525", ecb.SOURCE_ID),
        ]


@given(st.lists(CELL, min_size=6, max_size=6))
def test_flows(cells: list[str]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    with suppress(InputError):
        good = "2023,156,842,811292,10,2\n"
        for one in baci.imports("baci.zip", trade(good + text.getvalue()), frozenset({"811292"}), frozenset({"US"})):
            assert one.hs6 == "811292"
            assert all(math.isfinite(value) and value >= 0 for value in (*one.value.values(), *one.quantity.values()))


@given(
    st.lists(st.fixed_dictionaries({"idValue": VALUE}) | VALUE, max_size=3),
    st.lists(
        st.fixed_dictionaries({"data": st.lists(st.fixed_dictionaries({"compositeFIGI": VALUE}), max_size=2)}) | VALUE,
        max_size=3,
    ),
)
def test_mappings(jobs: list[object], answers: list[object]) -> None:
    with suppress(InputError):
        for mapping in openfigi.mappings("openfigi.json", json.dumps({"jobs": jobs, "answers": answers}).encode()):
            assert isinstance(mapping.isin, str)
            assert all(isinstance(figi, str) and figi for figi in mapping.figis)
