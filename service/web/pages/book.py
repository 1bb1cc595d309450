"""Book: what was read of a list, row by row, and then its score. Nothing of it is kept or logged."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from scoring.errors import InputError
from service.http.bundled import known_methodologies
from service.http.errors import RefusedError
from service.http.exchange import BATCH
from service.http.parameters import validated
from service.web.content.book import book_content
from service.web.exchange import Content, Page, page
from service.web.options import PageOptions
from service.web.rows import rows_of

if TYPE_CHECKING:
    from scoring.portfolio.holdings import Holdings
    from scoring.portfolio.result import PortfolioScore
    from scoring.scorer import Scorer
    from service.books.reading import Upload

router = APIRouter(include_in_schema=False)

_SIZED: Final = ("weight", "value", "notional", "quantity")
_DOUBTS: Final = 200
_SURE: Final = 100
_STATE: Final = ("as_of", "release", "methodology", "scenario", "estimates")
_OWN: Final = {"Cache-Control": "private, no-cache"}
"""No cache between may keep a book; the browser may, so that its way back needs nothing sent again."""

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Sent(Page[PageOptions]):
    """A list that was sent, and what is asked of it."""

    def __init__(self, request: Request, form: FormData, book: Upload, benchmark: Upload | None) -> None:
        given = {name: form[name] for name in _STATE if isinstance(form.get(name), str)}
        options = validated(PageOptions.model_validate, given)
        super().__init__(request, options, hashlib.sha256(book.data).digest())
        self.book, self.benchmark = book, benchmark
        self.extra |= _OWN

    @classmethod
    async def read_from(cls, request: Request) -> Sent:
        """The list of a request.

        Raises
        ------
        RefusedError
            There is none, or it is larger than the server reads.
        """
        most: int = request.app.state.kept.settings.max_body_bytes
        form = await request.form(max_files=2, max_fields=20, max_part_size=most)
        book = await _upload(form, "text", "file", "sent")
        if book is None:
            raise RefusedError(
                "request-invalid", "book", "is empty", "paste a list, or choose a file, and send it again"
            )
        return cls(request, form, book, await _upload(form, "benchmark", "benchmark_file", "benchmark_sent"))

    def holdings(self, upload: Upload) -> Holdings:
        """Positions of a list; without sizes every row counts alike, which the notes say.

        Raises
        ------
        HoldingsError
            As in `service.books.holdings.read_holdings`.
        RefusedError
            It cannot be read, or has more rows than a batch may have.
        """
        try:
            return self._read(upload)
        except InputError as error:
            raise RefusedError("holdings-invalid", error.field, error.problem, error.fix) from None

    def _read(self, upload: Upload) -> Holdings:
        from scoring.portfolio.holdings import make_holdings
        from service.books.book import read_positions, rows_of
        from service.books.holdings import read_holdings
        from service.books.reading import Reading

        table, notes = read_positions(upload, Reading())
        most = self.kept.settings.max_tickers
        if len(table.rows) > most:
            problem = f"has {len(table.rows)} rows, more than {most}"
            raise RefusedError("too-many-tickers", upload.name, problem, "send it in parts")
        if any(role in table.columns for role in _SIZED):
            return read_holdings(upload)
        rows = rows_of(table)
        return make_holdings(rows, {"weight": [1.0] * len(rows)}, notes=[*notes, "no sizes: every row counts alike"])


async def _upload(form: FormData, text: str, file: str, sent: str) -> Upload | None:
    """A list as it comes: a file, a text, or what an earlier page carries along."""
    from service.books.reading import Upload

    chosen, pasted, carried = form.get(file), form.get(text), form.get(sent)
    if isinstance(chosen, UploadFile) and chosen.filename:
        return Upload(chosen.filename[:200], await chosen.read())
    if isinstance(pasted, str) and pasted.strip():
        return Upload("the pasted list", pasted.encode())
    if isinstance(carried, str) and carried:
        name, _, data = carried.partition("|")
        try:
            return Upload(base64.b64decode(name).decode(), base64.b64decode(data, validate=True))
        except (binascii.Error, UnicodeDecodeError):
            raise RefusedError("request-invalid", sent, "is damaged", "send the list again") from None
    return None


def carried(upload: Upload | None) -> str:
    """A list in the form that the next page sends back; the server keeps nothing between the two."""
    if upload is None:
        return ""
    return f"{base64.b64encode(upload.name.encode()).decode()}|{base64.b64encode(upload.data).decode()}"


@router.get("/book")
async def ask(request: Request) -> Response:
    """Where a list is pasted, dropped or chosen."""
    return await page(request, PageOptions).show("book.html", lambda _: {})


@router.post("/book")
async def read(request: Request) -> Response:
    """What was read, before anything is computed."""
    sent = await Sent.read_from(request)
    return await sent.show("book_read.html", lambda scorer: _read(scorer, sent), BATCH)


@router.post("/book/score")
async def score(request: Request) -> Response:
    """The score of the book, as `POST /v1/portfolios/score` gives it."""
    sent = await Sent.read_from(request)
    return await sent.show("book_score.html", lambda scorer: _score(scorer, sent), BATCH)


@router.post("/book/workbook")
async def workbook(request: Request) -> Response:
    """The score of the book as a workbook to send on."""
    sent = await Sent.read_from(request)

    def write(scorer: Scorer) -> bytes:
        from service.formats.portfolio import portfolio_workbook

        return portfolio_workbook(scorer, _scored(scorer, sent))

    sent.extra |= {"Content-Disposition": 'attachment; filename="book.xlsx"', "Content-Type": _XLSX}
    return await sent.reply(write, BATCH)


def _scored(scorer: Scorer, sent: Sent) -> PortfolioScore:
    from scoring.portfolio.score import score_portfolio

    benchmark = None if sent.benchmark is None else sent.holdings(sent.benchmark)
    return score_portfolio(scorer, sent.holdings(sent.book), benchmark)


def _read(scorer: Scorer, sent: Sent) -> Content:
    from scoring.reference.identifiers.match_table import match_columns

    holdings = sent.holdings(sent.book)
    rows = rows_of(match_columns(scorer.resolver, holdings.tickers))
    for row, amount in zip(rows, holdings.amounts.tolist(), strict=True):
        row["amount"] = amount
    doubtful = [row for row in rows if row["status"] != "ok" or row["reason"]]
    sure = [row for row in rows if row["status"] == "ok" and not row["reason"]]
    return {
        "name": sent.book.name,
        "holdings": holdings,
        "count": len(rows),
        "statuses": Counter(row["status"] for row in rows).most_common(),
        "doubtful": doubtful[:_DOUBTS],
        "doubts": len(doubtful),
        "sure": sure[:_SURE],
        "sures": len(sure),
        **_form(sent),
    }


def _score(scorer: Scorer, sent: Sent) -> Content:
    result = _scored(scorer, sent)
    plain = None
    if scorer.scenario is not None:  # the same book without the scenario, beside it
        from scoring.scorer import Scorer

        without = Scorer(scorer.release, scorer.as_of, scorer.methodology, estimates=scorer.estimates)
        plain = _scored(without, sent)
    return {
        "name": sent.book.name,
        "plain": plain,
        **book_content(scorer, result),
        **_form(sent),
    }


def _form(sent: Sent) -> dict[str, Any]:
    """What the next page sends along, and what can be chosen."""
    from scoring.scenario import list_scenarios, load_scenario

    return {
        "sent": carried(sent.book),
        "benchmark_sent": carried(sent.benchmark),
        "benchmark_name": None if sent.benchmark is None else sent.benchmark.name,
        "library": [load_scenario(name) for name in list_scenarios()],
        "methodologies": known_methodologies(),
    }
