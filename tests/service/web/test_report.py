"""Reports: one file that needs nothing else, with the numbers of the library, printed and refused in words."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from scoring.cards.words import change, points
from tests.service.serverprocess import EXPOSURE, exposure
from tests.service.web.reader import Reader

DAY = "2024-09-02"
BOOK = "ticker,weight\n8035.T,4.2\nASML NA,3.1\nFOOBARX,1\nMU,-2\n"


def report(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*EXPOSURE, "report", *arguments, "--as-of", DAY]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)


def brings_everything_itself(html: str) -> None:
    read = Reader(html)
    assert read.crossed == []
    assert len(read.all("h1")) == 1
    assert read.all("script") == read.all("link") == read.all("form") == []
    for image in read.all("img"):
        assert image["src"].startswith("data:image/svg+xml;base64,")
        assert image["alt"]
    assert all(address.startswith("data:") for address in re.findall(r"url\(([^)]+)\)", html))
    assert all(link.startswith(("#", "http")) for link in read.links())


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    made = report("8035.T", "-o", str(folder / "tel.html"), "--pdf")
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    (folder / "book.csv").write_text(BOOK)
    made = report(str(folder / "book.csv"), "-o", str(folder / "book.html"), "--pdf")
    assert made.returncode == 0, made.stderr
    return folder


def test_a_company_is_one_file_with_the_numbers_of_the_library(company):
    html = (company / "tel.html").read_text("utf-8")
    brings_everything_itself(html)
    read = Reader(html)
    row = json.loads(exposure("score", "8035.T", "--as-of", DAY, "--format", "json").stdout)[0]
    assert read.says(f"{points(row['score'])} {row['band']}")
    assert read.says(f"market {points(row['score_market'])} control {points(row['score_control'])}")
    why = json.loads(exposure("explain", "8035.T", "--as-of", DAY, "--json").stdout)
    for pillar in why["tree"]["children"]:
        assert read.says(f"{pillar['label']} {points(pillar['points'])}")
    for fact in why["facts"].values():
        assert read.says(fact["statement"]), fact
    moved = json.loads(exposure("history", "8035.T", "--start", "2022-01-01", "--end", DAY, "--json").stdout)["moves"]
    for move in moved[-8:]:
        assert read.says(f"{move['date']} {change(move['delta'])}")
    assert why["release_sha256"] in read.text
    assert why["methodology_sha256"] in read.text


def test_a_book_is_one_file_with_the_numbers_of_the_library(book):
    html = (book / "book.html").read_text("utf-8")
    brings_everything_itself(html)
    read = Reader(html)
    result = json.loads(exposure("portfolio", str(book / "book.csv"), "--as-of", DAY, "--json").stdout)
    assert read.says(f"{points(result['gross']['score'])} {result['band']}")
    for side in ("long", "short"):
        assert read.says(f"{points(result[side]['score'])} {points(result[side]['score_market'])}")
    for position in result["positions"]:
        assert read.says(position["query"])
        assert read.says(position["status"])
    assert "FOOBARX" in read.text


@pytest.mark.parametrize(("kind", "name"), [("company", "tel.pdf"), ("book", "book.pdf")])
def test_it_is_printed_on_a4(request, kind, name):
    data = (request.getfixturevalue(kind) / name).read_bytes()
    assert data.startswith(b"%PDF")
    assert data.rstrip().endswith(b"%%EOF")
    assert len(data) > 20_000  # with its fonts


def test_the_same_question_gives_the_same_bytes(book, tmp_path):
    again = report(str(book / "book.csv"), "-o", str(tmp_path / "book.html"))
    assert again.returncode == 0
    assert (tmp_path / "book.html").read_bytes() == (book / "book.html").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("8035.T", "-o", "report.docx"), "--output"),
        (("no-such-company-at-all", "-o", "report.html"), "ticker"),
        (("8035.T", "-o", "report.html", "--benchmark", "index.csv"), "--benchmark"),
        (("missing.csv", "-o", "report.html"), "missing.csv"),
        (("8035.T", "-o", "no/such/folder/report.html"), "--output"),
    ],
)
def test_bad_input_is_one_error_and_no_file(tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    made = report(*arguments)
    assert made.returncode == 2, made.stderr
    assert said in made.stderr
    assert "Traceback" not in made.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_the_printer_the_error_says_what_to_install(tmp_path):
    program = (
        "import sys; sys.modules['weasyprint'] = None\n"
        "from service.cli import main\n"
        f"sys.argv = ['exposure', 'report', 'asml', '-o', {str(tmp_path / 'a.pdf')!r}, '--as-of', {DAY!r}]\n"
        "main()"
    )
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert made.returncode == 2
    assert "exposure-risk[report]" in made.stderr
    assert list(tmp_path.iterdir()) == []
