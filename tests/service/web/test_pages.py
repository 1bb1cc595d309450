"""Pages: they say what the API says, stand without scripts, and load nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from scoring.cards.words import change as change_of
from scoring.cards.words import money, percent, points
from tests.service.serverprocess import Server, running
from tests.service.web.reader import Reader

PATHS = (
    "/",
    "/search?q=tokyo",
    "/companies/tokyo-electron",
    "/companies/tokyo-electron/history?start=2025-06-01&as_of=2025-12-31",
    "/book",
    "/screen?country=JP&sort=retaliation_supply",
    "/screen/basket?count=5",
    "/what-if?library=jp-matches-us-servicing-ban",
    "/acts",
    "/acts/latest",
    "/changes",
    "/acts/rules/jp-2023-07-23",
    "/acts/countermeasures/cn-2026-01-10-japan-informal-yttrium",
    "/countries",
    "/countries/JP",
    "/minerals",
    "/minerals/yttrium",
    "/data",
    "/data/status",
    "/data/review",
    "/methodology/2026.1",
    "/help",
    "/docs",
)
COMPANIES = (
    "tokyo-electron",
    "asml",
    "nvidia",
    "sk-hynix",
    "infineon",
    "applied-materials",
    "nidec",
    "tsmc",
    "mp-materials",
    "mitsubishi-electric",
)
DATES = ("2023-03-01", "2024-09-02", "2026-07-31")
LARGEST = 120_000


def page(server: Server, path: str, status: int = 200) -> Reader:
    reply = server.http.get(path, headers={"Accept": "text/html"})
    assert reply.status_code == status, reply.text[:500]
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert len(reply.content) <= LARGEST
    policy = reply.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    return Reader(reply.text)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_whole_and_brings_everything_itself(server, path):
    read = page(server, path)
    assert read.crossed == []
    assert len(read.all("h1")) == 1
    assert len(read.all("main")) == 1
    for tag, attributes in read.elements:
        assert "style" not in attributes, (tag, attributes)
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
        if tag in ("script", "img", "source"):
            assert (attributes.get("src") or attributes.get("srcset") or "").startswith("/"), attributes
        if tag == "link":
            assert (attributes["href"] or "").startswith("/"), attributes
    names = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(names) == len(set(names))


@pytest.fixture(scope="module")
def newest_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Server as it starts by default: the newest release and methodology."""
    with running(tmp_path_factory.mktemp("newest") / "server.log") as started:
        yield started


@pytest.mark.parametrize("company_id", COMPANIES)
@pytest.mark.parametrize("day", DATES)
@pytest.mark.parametrize("which", ["server", "newest_server"])
def test_the_figures_of_a_company_are_those_of_the_api(request, which, company_id, day):
    server = request.getfixturevalue(which)
    read = page(server, f"/companies/{company_id}?as_of={day}")
    row = server.http.get(f"/v1/scores/{company_id}", params={"as_of": day}).json()
    risk = server.http.get(f"/v1/revenue-at-risk/{company_id}", params={"as_of": day}).json()
    why = server.http.get(f"/v1/scores/{company_id}/explanation", params={"as_of": day}).json()
    if row["status"] == "ok":
        assert read.says(f"market {points(row['score_market'])} control {points(row['score_control'])}")
        assert read.says(f"{points(row['score'])} {row['band']}")
    for node in why["tree"]["children"]:
        assert read.says(f"{node['label']} {points(node['points'])} {percent(node['exposure'])}")
    assert read.says(f"China share of revenue: {percent(row['china_share'])}")
    if risk["share_at_risk"] is not None:
        assert read.says(f"{percent(risk['share_at_risk'])} of revenue, by the China share of")
        assert read.says(money(risk["revenue_at_risk"], risk["currency"]))


def test_the_address_is_the_state_and_every_link_keeps_it(server):
    read = page(server, "/companies/asml?as_of=2024-09-02")
    own = [link for link in read.links() if link.startswith(("/companies/", "/screen", "/v1/"))]
    own.remove("/companies/asml")  # the way back to the newest
    assert own
    assert all("as_of=2024-09-02" in link for link in own), own


def test_links_to_json_lead_to_json(server):
    for link in page(server, "/companies/asml").links():
        if link.startswith("/v1/"):
            reply = server.http.get(link)
            assert reply.status_code == 200, link


def test_a_screen_shows_the_rows_of_the_api(server):
    query = "country=JP&mineral=yttrium&sort=retaliation_supply&limit=20"
    read, rows = page(server, f"/screen?{query}"), server.http.get(f"/v1/screens?{query}").json()
    assert len(rows) == 20
    for row in rows:
        assert read.says(f"{row['name']}{row['country']}{row['sector']}{points(row['score'])}")


def test_a_scenario_of_the_library_takes_what_its_impact_says(server):
    read = page(server, "/what-if?library=jp-matches-us-servicing-ban&release=2026.12.0&methodology=2026.2")
    asked = {"release": "2026.12.0", "methodology": "2026.2"}
    impact = server.http.get("/v1/events/jp-matches-us-servicing-ban/impact", params=asked).json()
    known = [row for row in impact if row["share_at_risk"]][:8]
    assert {row["status"] for row in known} == {"ok", "estimated"}
    for row in known:
        mark = "est." if row["status"] == "estimated" else ""
        score, taken = f"{points(row['score'])}{mark}", percent(row["share_at_risk"])
        assert read.says(f"{row['name']}{change_of(row['delta'])}{score}{taken}")


def test_acts_are_called_by_names(server):
    read = page(server, "/acts?release=2026.12.0&methodology=2026.2")
    assert read.says("China toward EU: prohibition on Rheinmetall AG")


def test_a_scenario_composed_card_by_card_hits_as_the_api_says(server):
    query = "subject_kind=mineral&subject=yttrium&target=JP&measure=prohibition"
    reply = server.http.get(f"/what-if/add/add_countermeasure?{query}")
    assert reply.status_code == 303
    read = page(server, reply.headers["location"])
    change = {"op": "add_countermeasure", "subject_kind": "mineral", "subject": ["yttrium"], "target": ["JP"]}
    document = {"scenario_id": "composed", "changes": [change | {"measure": "prohibition"}]}
    body = {"scenario": document, "tickers": ["kokusai-electric", "tokyo-electron", "sysmex"]}
    for row in server.http.post("/v1/scenarios/evaluate", json=body).json():
        if row["delta"]:
            assert read.says(f"{row['name']}{change_of(row['delta'])}")
    download = next(link for link in read.links() if link.startswith("/what-if/document"))
    assert b"op: add_countermeasure" in server.http.get(download).content


def test_an_empty_field_of_a_form_is_not_given(server):
    assert page(server, "/companies/asml?as_of=&release=&scenario=").text == page(server, "/companies/asml").text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/companies/tokyo%20elektronen", 404, "Tokyo Electron"),
        ("/companies/asml?as_of=2099-01-01", 422, "as_of"),
        ("/companies/asml?as_of=yesterday", 422, "as_of"),
        ("/companies/asml?release=1999.1.0", 404, "release"),
        ("/companies/asml?scenario=nothing-like-it", 404, "scenario"),
        ("/companies/asml?colour=red", 422, "colour"),
        ("/nowhere", 404, "path"),
    ],
)
def test_a_problem_is_a_page_in_words(server, path, status, said):
    read = page(server, path, status)
    assert said in read.text
    assert "What to do:" in read.text


def test_a_program_gets_the_problem_document(server):
    reply = server.http.get("/companies/no-such-company", headers={"Accept": "application/json"})
    assert reply.headers["content-type"] == "application/problem+json"


def test_text_from_outside_is_text(server):
    read = page(server, "/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert(1)</script>" in read.text
    assert all(attributes.get("src") for attributes in read.all("script"))


def test_assets_last_for_ever_and_are_compressed(server):
    script = next(attributes["src"] for attributes in page(server, "/").all("script"))
    reply = server.http.get(script, headers={"Accept-Encoding": "gzip"})
    assert reply.status_code == 200
    assert "immutable" in reply.headers["cache-control"]
    assert reply.headers["content-encoding"] == "gzip"
    for name in ("../service/settings.py", "%2e%2e/render.py", "nothing.js"):
        assert server.http.get(f"/static/x/{name}").status_code == 404


def test_charts_are_drawn_and_specified(server):
    for kind, start in (("svg", b"<svg"), ("json", b'{"config"')):
        reply = server.http.get(f"/companies/asml/china.{kind}?theme=dark")
        assert reply.status_code == 200
        assert start in reply.content[:200]
    assert server.http.get("/companies/asml/china.exe").status_code == 404
    assert server.http.get("/companies/asml/china.svg?theme=pink").status_code == 422


def test_missing_is_a_dash_and_never_zero():
    assert [points(None), percent(float("nan")), money(None), change_of(None)] == ["–"] * 4
    assert points(-0.04) == "0.0"
    assert change_of(-1.25).startswith("−1.2")
    assert re.fullmatch(r"USD\s1[\s\u202f]?.*bn|USD\s1\.2\sbn", money(1.2e9))


def test_two_tabs_with_different_dates_do_not_mix(server):
    paths = [f"/companies/asml?as_of={day}" for day in ("2023-03-01", "2024-09-02")]
    first = [page(server, path).text for path in paths]
    assert first[0] != first[1]
    assert [page(server, path).text for path in paths] == first


def test_where_there_is_nothing_to_draw_the_picture_says_so(newest_server):
    drawn = newest_server.http.get("/companies/kokusai-electric/china.svg", params={"as_of": "2023-01-02"})
    assert drawn.status_code == 200
    assert "no China share of Kokusai Electric Corp is known" in drawn.text
    specified = newest_server.http.get("/companies/kokusai-electric/china.json", params={"as_of": "2023-01-02"})
    assert specified.status_code == 422
    one = newest_server.http.get("/companies/kokusai-electric/china.svg", params={"as_of": "2025-06-30"})
    assert "revenue from China" in one.text


def test_an_estimate_is_marked_wherever_it_is_shown(newest_server):
    read = page(newest_server, "/companies/kokusai-electric")
    row = newest_server.http.get("/v1/scores/kokusai-electric").json()
    assert row["status"] == "estimated"
    assert read.says("estimated, not disclosed")
    assert any("estimated" in (b.get("class") or "") for b in read.all("b"))
    assert any("guess" in (drawn.get("class") or "") for drawn in read.all("svg"))
    assert read.says(f"{points(row['score'])} {row['band']}")


def test_a_company_that_nothing_is_known_of_says_so(newest_server):
    read = page(newest_server, "/companies/kokusai-electric?as_of=2010-01-04")
    assert newest_server.http.get("/v1/scores/kokusai-electric?as_of=2010-01-04").json()["status"] == "no-data"
    assert read.says("No data was known on 2010-01-04")


def test_a_name_that_is_not_ascii_is_found_and_shown(newest_server):
    read = page(newest_server, "/search?q=%E6%9D%B1%E4%BA%AC%E3%82%A8%E3%83%AC%E3%82%AF%E3%83%88%E3%83%AD%E3%83%B3")
    assert "Tokyo Electron" in read.text


def test_leverage_and_threat_are_those_of_the_library(newest_server):
    read = page(newest_server, "/minerals")
    document = newest_server.http.get("/minerals/leverage.json").json()
    cell = next(row for row in document["data"]["values"] if row["mineral"] == "Yttrium" and row["country"] == "JP")
    assert read.says(f"{percent(cell['leverage'])} supply {percent(cell['supply from China'])}")
    threat = newest_server.http.get("/v1/threat/JP").json()["value"]
    drawn = newest_server.http.get("/countries/JP/threat.json").json()
    line = next(layer for layer in drawn["layer"] if layer["mark"]["type"] == "area")
    assert line["data"]["values"][-1]["threat"] == threat


def test_the_dots_of_a_history_lead_to_acts_and_documents(server):
    document = server.http.get("/companies/asml/history.json?start=2023-01-01&as_of=2024-09-02").json()
    links = [row["href"] for rows in document["datasets"].values() for row in rows if row.get("href")]
    acts = [link for link in links if link.startswith("/acts/")]
    assert acts
    for link in acts:
        assert "as_of=2024-09-02" in link
        page(server, link)


def test_an_argument_that_the_library_refuses_is_a_problem_of_the_request(server):
    reply = server.http.get("/v1/scores/asml/history?start=1990-01-01&freq=D")
    assert reply.status_code == 422
    problem = reply.json()
    assert (problem["type"], problem["field"]) == ("/problems/request-invalid", "start")
    assert problem["fix"] == "start later, or use a longer step as freq"


def test_the_operations_of_the_api_are_listed_without_a_script(server):
    read = page(server, "/docs")
    document = server.http.get("/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert read.says(f"{method.upper()} {path} {operation['summary']}")
