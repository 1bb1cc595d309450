"""Quarters of all filings: the same figures as from the filings, and one clear error for another layout."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import InputError
from scoring.reference.sources.sec import data_sets
from scoring.reference.sources.sec.china import china_revenue

SUB = "adsh\tcik\tname\tsic\tform\tperiod\tfy\tfp\tfiled"
NUM = "adsh\ttag\tversion\tddate\tqtrs\tuom\tsegments\tcoreg\tvalue\tfootnote"
ADSH = "0001045810-25-000023"
FILING = f"{ADSH}\t1045810\tNVIDIA CORP\t3674\t10-K\t20250131\t2024\tFY\t20250226"


def row(segments="", value="130497000000.0000", tag="Revenues", ddate="20250131", qtrs="4", uom="USD", coreg="") -> str:
    return "\t".join([ADSH, tag, "us-gaap/2024", ddate, qtrs, uom, segments, coreg, value, ""])


def quarter(*rows: str, sub: str = f"{SUB}\n{FILING}\n", header: str = NUM) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sub.txt", sub)
        archive.writestr("num.txt", "\n".join([header, *rows, ""]))
    file.seek(0)
    return file


CHINA = row("Geographical=ChinaIncludingHongKong;", "17108000000.0000")


def test_a_filing_of_a_set():
    [filing] = data_sets.read("2025q1.zip", quarter(row(), CHINA, row("Geographical=TW;", "20573000000")))
    assert (filing.name, filing.cik, filing.form, str(filing.filed)) == (ADSH, "0001045810", "10-K", "2025-02-26")
    [figure], unread = china_revenue(filing)
    assert (figure.china, figure.total, figure.scope) == (Decimal(17108000000), Decimal(130497000000), "mainland+hk")
    assert unread == []


def test_columns_may_stand_in_another_order():
    names = NUM.split("\t")
    order = sorted(range(len(names)), key=lambda i: names[i])
    moved = ["\t".join(line.split("\t")[i] for i in order) for line in (NUM, row(), CHINA)]
    [filing] = data_sets.read("2025q1.zip", quarter(*moved[1:], header=moved[0]))
    assert len(filing.facts) == 2


@pytest.mark.parametrize(
    "rows",
    [
        (row(),),
        (row(), row("Geographical=CN;", "1000", tag="Assets")),
        (row(), row("Geographical=CN;", "1000", coreg="Subsidiary")),
        (row(), row("Geographical=CN;", "1000").replace(ADSH, "0000000000-25-000001")),
    ],
    ids=["no split", "no revenue", "of a subsidiary", "of a filing that is not listed"],
)
def test_filings_that_say_nothing_about_china_are_not_given(rows):
    assert [one for one in data_sets.read("2025q1.zip", quarter(*rows)) if china_revenue(one)[0]] == []


def test_a_repeated_row_counts_once():
    [filing] = data_sets.read("2025q1.zip", quarter(row(), row(), CHINA, CHINA))
    assert len(filing.facts) == 2


def cut() -> io.BytesIO:
    return io.BytesIO(quarter(row(), CHINA).getvalue()[:-40])


def damaged() -> io.BytesIO:
    data = bytearray(quarter(row(), CHINA).getvalue())
    at = data.index(b"num.txt") + 20
    data[at : at + 10] = b"\xff" * 10
    return io.BytesIO(bytes(data))


@pytest.mark.parametrize(
    ("file", "names"),
    [
        (
            quarter(row(), header=NUM.replace("segments", "segment")),
            ("2025q1.zip/num.txt", "segments", "December 2024"),
        ),
        (quarter(sub=SUB.replace("filed", "date") + "\n"), ("2025q1.zip/sub.txt", "filed", "December 2024")),
        (cut(), ("2025q1.zip", "no whole zip")),
        (damaged(), ("2025q1.zip", "num.txt is cut off or damaged")),
        (io.BytesIO(b"<html>Undeclared Automated Tool</html>"), ("2025q1.zip", "no whole zip")),
        (quarter(row(ddate="20251399"), CHINA), ("2025q1.zip", "20251399")),
        (quarter(row(value="12abc"), CHINA), ("2025q1.zip", "12abc")),
        (quarter(row(), CHINA, "too\tshort"), ("2025q1.zip", "num.txt")),
    ],
    ids=["renamed", "renamed sub", "cut", "damaged", "page", "no date", "no number", "short row"],
)
def test_what_is_no_set_is_refused(file, names):
    with pytest.raises(InputError) as refused:
        list(data_sets.read("2025q1.zip", file))
    for name in names:
        assert name in str(refused.value)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=1, max_size=12))
def test_malformed_rows_are_refused_or_left_out(cells):
    with suppress(InputError):
        # What a strange row says never becomes part of a filing.
        [filing] = data_sets.read("2025q1.zip", quarter(row(), CHINA, "\t".join(cells)))
        assert len(filing.facts) == 2
