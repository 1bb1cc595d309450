"""Journeys in a real browser: no error, no request off the host, and nothing seriously inaccessible."""

from __future__ import annotations

import io
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.service.serverprocess import Server

expect.set_options(timeout=60_000)  # a busy machine is no fault of a page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
PAGES = (
    "/",
    "/acts/latest",
    "/changes",
    "/search?q=tokyo",
    "/search?q=nobody-is-called-so",
    "/companies/tokyo-electron",
    "/companies/tokyo-electron/history?start=2025-06-01&as_of=2025-12-31",
    "/companies/asml/acts",
    "/companies/no-such-company",
    "/book",
    "/screen?country=JP",
    "/screen?min=score:101",
    "/screen/basket?count=5",
    "/what-if",
    "/what-if?library=jp-matches-us-servicing-ban",
    "/acts",
    "/acts/rules/jp-2023-07-23",
    "/acts/countermeasures/cn-2026-01-10-japan-informal-yttrium",
    "/countries",
    "/countries/JP",
    "/minerals",
    "/minerals/yttrium",
    "/data",
    "/data/status",
    "/data/review",
    "/methodology/2026.2",
    "/help",
    "/docs",
)

if CHROMIUM is None and os.environ.get("CI"):
    raise RuntimeError("chromium is not installed; .ci/run installs it")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="skipped: chromium is not installed (apt install chromium)")


TEXT_AND_GROUND = """at => {
  const text = getComputedStyle(at).color;
  while (getComputedStyle(at).backgroundColor === "rgba(0, 0, 0, 0)") at = at.parentElement;
  return [text, getComputedStyle(at).backgroundColor];
}"""
"""Colours of an element and of what it stands on."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *QUIET])
        yield browser
        browser.close()


class Watched:
    """Opens pages, and keeps what went wrong in them."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser, self.server = browser, server
        self.wrong: list[str] = []

    def open(self, path: str, **context: object) -> Page:
        page = self.browser.new_context(base_url=self.server.url, **context).new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda said: said.type == "error" and self._hear(said.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda asked: self._own(asked.url) or self.wrong.append(f"asked {asked.url}"))
        page.goto(path)
        return page

    def _hear(self, said: str) -> None:
        # A page that is not there is said to be so by the browser, too.
        if "status of 404" not in said:
            self.wrong.append(said)

    def _own(self, address: str) -> bool:
        return address.startswith((self.server.url, "data:", "blob:"))


@pytest.fixture
def desk(chromium: Browser, server: Server) -> Iterator[Watched]:
    watched = Watched(chromium, server)
    yield watched
    for context in chromium.contexts:
        context.close()
    assert watched.wrong == []


def test_a_company_is_found_by_typing_and_a_document_behind_a_leaf_reached(desk):
    page = desk.open("/")
    page.keyboard.press("/")
    page.keyboard.type("tokyo el")
    wanted = page.get_by_role("option", name="Tokyo Electron Ltd")
    wanted.wait_for()
    while wanted.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tokyo Electron Ltd")
    tree = page.locator("#why")
    tree.get_by_text("Dry and wet etch equipment", exact=True).click()
    leaf = tree.locator(".leaf", has_text="23 items of advanced chip-making equipment").first
    leaf.locator(".cites a").first.click()
    shown = page.locator("#documents li:target")
    expect(shown).to_be_visible()
    expect(page.locator("#documents li", has_text="23 items of advanced chip-making").first.locator("a")).to_have_count(
        1
    )


def _brightness(color: str) -> float:
    """Mean of red, green and blue, 0 to 255."""
    return sum(float(part) for part in re.findall(r"[\d.]+", color)[:3]) / 3


def test_a_book_of_500_rows_is_read_scored_and_taken_away(desk, server):
    rows = server.http.get("/v1/companies?limit=494").json()
    lines = [f"{row['mic']}:{row['ticker']},1" for row in rows if row["ticker"]]
    lines = [*(lines * 2)[:496], "Tokio Electron,1", "FOOBARX,1", "Total,498"]
    page = desk.open("/book")
    book = {"name": "book.csv", "mimeType": "text/csv", "buffer": ("ticker,weight\n" + "\n".join(lines)).encode()}
    page.locator("input[name=file]").set_input_files(book)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_text("FOOBARX")).to_be_visible()
    expect(page.locator(".tiles div").first).to_contain_text("498")
    page.get_by_role("button", name="Score it").click()
    expect(page.get_by_role("heading", name="What drives it")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Workbook (Excel)").click()
    workbook = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert workbook["Positions"].max_row == 499
    assert "Notes" in workbook.sheetnames
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_scenario_is_composed(desk):
    page = desk.open("/what-if")
    page.get_by_text("China acts: a mineral, product family or company").click()
    card = page.locator("details.card[open]")
    card.get_by_label("Which").fill("yttrium")
    card.get_by_label("Toward").fill("JP")
    card.get_by_label("Measure").select_option("prohibition")
    card.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Who is hit")).to_be_visible()
    expect(page.get_by_text("add countermeasure: subject kind mineral")).to_be_visible()


def test_a_screen_is_sorted(desk):
    page = desk.open("/screen?country=JP")
    page.get_by_role("button", name="Control, %").click()
    column = page.locator("table.sortable tbody td:nth-child(8)").all_inner_texts()
    numbers = [float(text.rstrip("%")) for text in column if text != "–"]
    assert numbers == sorted(numbers, reverse=True)
    assert "–" not in column[: len(numbers)]


def test_another_day_is_another_address(desk):
    page = desk.open("/companies/tokyo-electron")
    page.get_by_label("As of").fill("2024-09-02")
    page.get_by_role("button", name="Show").click()
    assert "as_of=2024-09-02" in page.url
    expect(page.locator("#peers a", has_text="Tokyo Electron")).to_have_attribute(
        "href", re.compile("as_of=2024-09-02")
    )


def test_one_logs_in_and_out(chromium, guarded):
    server, key = guarded
    watched = Watched(chromium, server)
    page = watched.open("/help")
    page.get_by_label("Key").fill(key)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How to read a score")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    page.goto("/help")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")
    assert watched.wrong == []
    page.context.close()


def test_it_prints(desk):
    page = desk.open("/companies/asml?as_of=2024-09-02")
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator("#why")).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


@pytest.mark.parametrize("path", PAGES)
def test_it_fits_a_phone(desk, path):
    page = desk.open(path, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_page_that_is_looked_at_again_keeps_its_styles(desk):
    """The browser asks whether its copy is current: what 304 says takes the place of the copy's own headers."""
    page = desk.open("/companies/tokyo-electron/history?start=2025-06-01&as_of=2025-12-31")
    font = page.evaluate("getComputedStyle(document.body).fontFamily")
    with page.expect_response("**/history?**") as found:
        page.goto(page.url)
    assert found.value.status in (200, 304)
    assert page.evaluate("getComputedStyle(document.body).fontFamily") == font


def test_it_reads_without_scripts(desk):
    page = desk.open("/", java_script_enabled=False)
    page.locator("#q").fill("tokyo el")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Tokyo Electron Ltd").click()
    expect(page.locator("#why summary").first).to_contain_text("Market exposure")
    page.get_by_role("link", name="Every act that touched it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("what each act added")


def test_charts_have_tooltips_under_the_policy(desk):
    page = desk.open("/companies/asml")
    chart = page.locator("#peers figure")
    chart.scroll_into_view_if_needed()
    chart.locator("svg").wait_for()


def test_the_documentation_of_the_api_is_offline(desk):
    page = desk.open("/docs")
    expect(page.get_by_text("/v1/portfolios/score")).to_be_visible()


@pytest.mark.parametrize(("scheme", "is_dark"), [("light", False), ("dark", True)])
def test_the_documentation_of_the_api_has_the_scheme_of_the_browser(desk, scheme, is_dark):
    page = desk.open("/docs", color_scheme=scheme)
    drawn = page.locator("#swagger .opblock-summary-path").first
    drawn.wait_for()
    text, ground = map(_brightness, drawn.evaluate(TEXT_AND_GROUND))
    assert (text > ground) == is_dark
    assert abs(text - ground) > 100


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_serious_is_inaccessible(desk, path, scheme):
    page = desk.open(path, color_scheme=scheme)
    page.evaluate(AXE)  # by the debugger, which the policy of the page does not bind
    # What Swagger UI draws is its own.
    found = page.evaluate("axe.run({ exclude: [['#swagger']] }, { resultTypes: ['violations'] })")["violations"]
    serious = {
        rule["id"]: [node["html"][:160] for node in rule["nodes"][:3]]
        for rule in found
        if rule["impact"] in ("serious", "critical")
    }
    assert serious == {}
