"""Many quarters: read once each, gone on with where they were broken off, the same wherever they are read."""

from __future__ import annotations

import json

import pytest

from scoring.errors import InputError
from service.ingest.filings import sets
from service.ingest.take import Request, take
from service.ingest.working import WorkingTables
from service.jobs.dataset import open_dataset
from service.jobs.engine import run
from tests.scoring.reference.sources.test_data_sets import CHINA, FILING, SUB, quarter, row

SYMBOLS = json.dumps({"0": {"cik_str": 1045810, "ticker": "NVDA", "title": "NVIDIA CORP"}})
LATER = FILING.replace("20250226", "20250601").replace("10-K", "10-K/A")


@pytest.fixture
def quarters(tmp_path):
    """Three sets: a filing of Nvidia, its amendment with another figure, and nothing about China."""
    amended = CHINA.replace("17108", "16108")
    for name, file in {
        "2025q1.zip": quarter(row(), CHINA),
        "2025q2.zip": quarter(row(), amended, sub=f"{SUB}\n{LATER}\n"),
        "2025q3.zip": quarter(row()),
    }.items():
        (tmp_path / name).write_bytes(file.getvalue())
    (tmp_path / "company_tickers.json").write_text(SYMBOLS)
    return [tmp_path / f"2025q{n}.zip" for n in (1, 2, 3)]


def taken(working, quarters, **options):
    files = [*quarters, quarters[0].with_name("company_tickers.json")]
    return take("sec-data-sets", Request(files, WorkingTables(working.reference), **options), working.proposals)


def test_sets_give_what_the_filing_gives(working, quarters):
    working.without("revenue", company_id="nvidia", fiscal_year="2025")
    first, second = taken(working, quarters).rows
    assert (first.kind, first.cells["fiscal_year"], first.cells["china_revenue"]) == ("added", "2025", "17108")
    assert (first.cells["published"], first.cells["source_id"]) == ("2025-02-26", "sec-0001045810-25-000023")
    assert "rounded to the end of a month" in first.cells["note"]
    assert (second.kind, second.cells["china_revenue"]) == ("conflicting", "16108")


def test_a_known_figure_is_known_from_a_set_too(working, quarters):
    proposal = taken(working, quarters[:1])
    assert (proposal.rows, proposal.about["rows"]) == ((), {"known": 1})


def test_a_run_goes_on_where_it_was(working, quarters, tmp_path):
    work, read = tmp_path / "work", []
    job = sets.SetsJob.of(quarters)
    for partition in run(job, str(work), [open_dataset(job, str(work))[0][:2]]):
        read.append(partition)
    taken(working, quarters, work=work, done=read.append)
    assert sorted(read) == sorted(job.stages()[0])


def test_workers_read_the_same(quarters, tmp_path):
    job = sets.SetsJob.of(quarters)
    bytes_of = []
    for engine, folder in (("local", tmp_path / "one"), ("dask", tmp_path / "many")):
        list(run(job, str(folder), open_dataset(job, str(folder)), engine))
        bytes_of.append([(folder / partition).read_bytes() for partition in job.stages()[0]])
    assert bytes_of[0] == bytes_of[1]


def test_what_is_read_back_is_what_was_read(quarters, tmp_path):
    from scoring.reference.sources.sec import data_sets

    job = sets.SetsJob.of(quarters[:1])
    list(run(job, str(tmp_path / "work"), open_dataset(job, str(tmp_path / "work"))))
    with quarters[0].open("rb") as file:
        assert list(sets.filings(tmp_path / "work", job.stages()[0])) == list(data_sets.read("2025q1.zip", file))


def test_the_list_of_symbols_is_needed(working, quarters):
    request = Request(quarters, WorkingTables(working.reference))
    with pytest.raises(InputError, match=r"company_tickers\.json is not among them"):
        take("sec-data-sets", request, working.proposals)
