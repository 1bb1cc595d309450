"""A company that is known by its row and listings alone has every page and reply that a researched one has."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import numpy as np
import pytest
from jsonschema_rs import Draft202012Validator

from scoring.reference.releases.release import open_release
from tests.service.serverprocess import running
from tests.service.web.reader import Reader

DAYS = ("2019-06-03", "2023-08-01", "2026-07-31")


def one_of_each() -> list[str]:
    """A company for every set of cells that the table leaves empty, with a China share and without."""
    release = open_release()
    companies, shares = release.columns("companies"), release.columns("revenue")["company_id"]
    names = list(companies)
    rows = np.arange(companies["company_id"].size)
    found: dict[tuple[bool, ...], str] = {}
    for i in rows:
        cells = [companies[name][i] for name in names]
        empty = tuple(cell is None or cell != cell for cell in cells)
        found.setdefault((*empty, bool((shares == cells[names.index("company_id")]).any())), cells[0])
    return list(found.values())


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with running(tmp_path_factory.mktemp("universe") / "log", "--reply-cache-bytes", "0") as server:
        yield server.http


def test_every_route_about_a_company_answers_as_documented(http: httpx.Client) -> None:
    document = http.get("/openapi.json").json()
    schemas = {
        path: operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        for path, operations in document["paths"].items()
        if "{ticker}" in path or "{company_id}" in path
    }
    assert len(schemas) >= 5
    checks = {
        path: Draft202012Validator(schema | {"components": document["components"]}) for path, schema in schemas.items()
    }
    companies = one_of_each()
    assert len(companies) > 10
    for company in companies:
        assert http.get(f"/v1/companies/{company}").status_code == 200, company
    for day in DAYS:
        for company in companies[::5]:
            for path, check in checks.items():
                url = path.replace("{ticker}", company).replace("{company_id}", company)
                asked = {"as_of": day, **({"start": "2018-01-01", "freq": "Q"} if url.endswith("/history") else {})}
                reply = http.get(url, params=asked)
                assert reply.status_code == 200, (url, day, reply.text)
                assert not [error.message for error in check.iter_errors(reply.json())], (url, day)


@pytest.mark.parametrize("day", DAYS)
def test_every_page_about_a_company_is_there(http: httpx.Client, day: str) -> None:
    for company in one_of_each()[2::5]:
        paths = [f"/companies/{company}?as_of={day}", f"/companies/{company}/history?as_of={day}"]
        for path in paths:
            reply = http.get(path)
            assert reply.status_code == 200, (path, reply.text)
            page = Reader(reply.text)
            assert not page.crossed
            assert "None" not in page.text.replace("None of", ""), path
            for picture in page.all("img"):
                assert http.get(picture["src"] or "").status_code == 200, picture


def test_pages_mark_what_is_estimated_and_advise_what_helps(http: httpx.Client) -> None:
    def page(path: str) -> Reader:
        reply = http.get(path)
        assert reply.status_code == 200, (path, reply.text)
        return Reader(reply.text)

    shown = page("/companies/tul")
    assert shown.says("6.7%, estimated, not disclosed; nine chances in ten that it is 0.8% to 35.0%")
    assert shown.says("est.")
    only = page("/companies/toshiba?estimates=only")
    assert only.says("among 142 known scores it would be rank 61"), "ranks count the known, whatever is shown"
    assert only.says("estimates='only'"), "the snippet gives the numbers of the page"
    left_out = page("/companies/3i-group?estimates=exclude")
    assert left_out.says("Estimates are left out: with them it may have a score.")
    assert not left_out.says("Choose a later date")
    assert page("/companies/1-800-flowerscom").says("1 product family ")
    assert not page("/companies/1-800-flowerscom").says("1 product families")
    basket = page("/screen/basket?count=2&country=GB&estimates=include")
    assert basket.says("est.")


def test_a_company_without_a_mix_is_told_by_acts_over_time(http: httpx.Client) -> None:
    reply = http.get("/companies/1-800-flowerscom/history?start=2024-06-03")
    assert Reader(reply.text).says("ended: China toward US: prohibition on antimony")
