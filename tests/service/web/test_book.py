"""A book on the pages: what was read first, then the numbers of the API, then a workbook."""

from __future__ import annotations

import io

import openpyxl
import pytest

from scoring.cards.words import points
from tests.service.web.reader import Reader

HTML = {"Accept": "text/html"}
BOOK = "ticker,weight\n8035.T,4.2\nASML NA,3.1\nTokio Electron,1\nFOOBARX,1\nMU,-2\nTotal,11.3\n"
HOLDINGS = [("8035.T", 4.2), ("ASML NA", 3.1), ("Tokio Electron", 1.0), ("FOOBARX", 1.0), ("MU", -2.0)]


def send(server, path, text=BOOK, **fields):
    return server.http.post(path, files={"file": ("book.csv", text.encode())}, data=fields, headers=HTML)


def form(read: Reader) -> dict[str, str]:
    return {field["name"]: field.get("value") or "" for field in read.all("input") if field.get("type") == "hidden"}


def test_every_row_is_shown_before_anything_is_computed(server):
    reply = send(server, "/book")
    assert reply.status_code == 200
    assert reply.headers["cache-control"] == "private, no-cache"
    read = Reader(reply.text)
    assert "5rows" in "".join(read.text.split())
    for words in ("FOOBARX", "unresolved", "Tokyo Electron", "misspelling", "Total"):
        assert words in read.text


def test_the_score_is_that_of_the_api(server):
    read = Reader(send(server, "/book", as_of="2024-09-02").text)
    sent = {**form(read), "as_of": "2024-09-02"}
    page = Reader(server.http.post("/book/score", data=sent, headers=HTML).text)
    body = {"holdings": [{"ticker": t, "weight": w} for t, w in HOLDINGS], "as_of": "2024-09-02"}
    result = server.http.post("/v1/portfolios/score", json=body).json()
    assert page.says(f"{points(result['gross']['score'])} {result['band']}")
    for side in ("long", "short"):
        assert page.says(f"{points(result[side]['score'])} {points(result[side]['score_market'])}")
    for driver in result["drivers"][:10]:
        assert page.says(f"{driver['label']} {points(driver['points'])}")


def test_a_list_without_sizes_counts_every_row_alike_and_says_so(server):
    reply = server.http.post("/book/score", data={"text": "8035.T\nASML NA"}, headers=HTML)
    assert "every row counts alike" in Reader(reply.text).text


def test_a_workbook_holds_numbers_texts_and_what_they_rest_on(server):
    reply = send(server, "/book/workbook", BOOK.replace("FOOBARX", "=SUM(A9)"))
    assert reply.headers["content-disposition"] == 'attachment; filename="book.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(reply.content))
    positions = book["Positions"]
    assert positions.freeze_panes == "B2"
    rows = list(positions.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["8035.T", "ASML NA", "Tokio Electron", "=SUM(A9)", "MU"]
    assert positions["A5"].data_type == "s"
    assert rows[3][7] is None  # no score is an empty cell
    notes = dict(book["Notes"].iter_rows(min_row=2, values_only=True))
    assert notes["release"] == server.http.get("/readyz").json()["release"]
    assert len(notes["methodology sha256"]) == 64


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("book.csv", b"%PDF-1.7", "PDF"),
        ("book.csv", b"ticker,weight\n8035.T,much\n", "much"),
        ("book.csv", b"", "empty"),
        ("book.csv", "ticker\n" + "8035.T\n" * 200_000, "200000 rows"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(server, name, data, said):
    data = data.encode() if isinstance(data, str) else data
    reply = server.http.post("/book", files={"file": (name, data)}, headers=HTML)
    assert 400 <= reply.status_code < 500
    read = Reader(reply.text)
    assert said in read.text
    assert "What to do:" in read.text


def test_a_name_with_markup_is_text(server):
    read = Reader(send(server, "/book", "name,weight\n<script>alert(1)</script>,1\nASML Holding,2\n").text)
    assert "<script>alert(1)</script>" in read.text
    assert all(attributes.get("src") for attributes in read.all("script"))


def test_nothing_of_a_book_is_logged(server):
    send(server, "/book", "ticker,weight\nSECRETNAME,1\nASML NA,1\n")
    assert "SECRETNAME" not in server.log.read_text()


def test_a_paste_without_end_is_refused_in_words(server):
    reply = server.http.post("/book", data={"text": "ticker\n" + "8035.T\n" * 200_000}, headers=HTML)
    assert reply.status_code == 413
    assert "200000 rows" in Reader(reply.text).text


def test_a_workbook_of_three_sheets_with_merged_titles_is_read_and_said(server):
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = "Holdings"
    sheet.append(["Fund of the house, all positions"])
    sheet.merge_cells("A1:C1")
    sheet.append(["Security", None, "Size"])
    sheet.merge_cells("A2:B2")
    sheet.append(["Ticker", "Name", "Weight"])
    for row in (("8035.T", "Tokyo Electron", 4.2), ("ASML NA", "ASML", 3.1)):
        sheet.append(row)
    for title in ("Notes", "Other"):
        book.create_sheet(title).append(["nothing of use"])
    book.save(buffer)
    reply = server.http.post("/book", files={"file": ("book.xlsx", buffer.getvalue())}, headers=HTML)
    assert reply.status_code == 200
    read = Reader(reply.text)
    assert read.says("2 rows")
    assert "Tokyo Electron Ltd" in read.text
    assert "Holdings" in read.text  # which sheet was read


def test_a_book_sent_twice_gives_the_same_page(server):
    first = send(server, "/book/score", as_of="2024-09-02").text
    assert send(server, "/book/score", as_of="2024-09-02").text == first


@pytest.mark.parametrize("path", ["/book", "/book/score", "/book/workbook"])
@pytest.mark.parametrize("text", ["", "   \n \n", "ticker,weight\n"])
def test_an_empty_book_says_what_to_do(server, path, text):
    reply = server.http.post(path, data={"text": text}, headers=HTML)
    assert 400 <= reply.status_code < 500
    assert "What to do:" in Reader(reply.text).text


def test_a_book_keeps_what_is_asked_of_estimates(server):
    read = Reader(send(server, "/book/score", estimates="exclude").text)
    assert form(read)["estimates"] == "exclude"


def test_rows_of_a_scored_book_name_what_touches_them(server):
    read = Reader(send(server, "/book/score", as_of="2024-09-02").text)
    picks = {(link["data-pick"], link["data-value"]) for link in read.all("a") if "data-pick" in link}
    causes = {cause for row in read.all("tr") for cause in (row.get("data-causes") or "").split()}
    assert {value for pick, value in picks if pick in ("rule", "mineral")} == causes
    assert {"country", "sector", "rule", "mineral"} == {pick for pick, _ in picks}
