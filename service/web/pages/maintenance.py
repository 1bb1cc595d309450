"""For whoever keeps the facts: how old they are, and the proposals that wait for a decision.

A page decides nothing: what is accepted goes into working tables, which are where the commands are run.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import anyio.to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from service.clock import today
from service.http.parameters import in_path, read_query
from service.ingest.freshness import as_document
from service.ingest.proposal import DECISIONS, Proposal, Row, list_proposals, open_proposal
from service.web.exchange import Content, Page
from service.web.options import PageOptions

if TYPE_CHECKING:
    from scoring.scorer import Scorer

router = APIRouter(include_in_schema=False)

MOST_ROWS: Final = 100
"""Rows of a proposal on one page."""

_BESIDE: Final = ("company_id", "source_id", "locator", "note")


class ReviewOptions(PageOptions):
    """Which rows of a proposal are shown."""

    kind: Literal["added", "completed", "conflicting", "question", "suggested"] | None = None
    decided: Literal["open", "accepted", "rejected"] | None = None
    start: int = Field(1, ge=1, description="Number of the first row.")


@router.get("/data/status")
async def status(request: Request) -> Response:
    """Age of the newest fact of every table, and the old figures that carry most points."""
    options = read_query(request, PageOptions)
    day = today()
    asked = Page(request, options, f"{options.model_dump_json()} {day}".encode())

    def content(scorer: Scorer) -> Content:
        return {"status": as_document(scorer, scorer.as_of if options.as_of else day)}

    return await asked.show("status.html", content)


@router.get("/data/review")
async def proposals(request: Request) -> Response:
    """Proposals, with how many of their rows nothing was decided about."""
    folder = _folder(request)
    options = read_query(request, PageOptions)
    asked = Page(request, options, options.model_dump_json().encode() + _state(folder))
    found = None if folder is None else await anyio.to_thread.run_sync(_all, folder)
    return await _unkept(asked, "proposals.html", {"proposals": found})


@router.get("/data/review/{proposal}")
async def proposal(proposal: Annotated[str, in_path("proposal")], request: Request) -> Response:
    """Rows of one proposal, each with what is known instead and where it comes from."""
    folder = _folder(request)
    options = read_query(request, ReviewOptions)
    opened = open_proposal(folder or Path(), proposal)
    rows = [row for row in opened.rows if row.number >= options.start and _fits(opened, row, options)]
    following = rows[MOST_ROWS].number if len(rows) > MOST_ROWS else None
    content = {
        "proposal": opened,
        "rows": [_shown(opened, row) for row in rows[:MOST_ROWS]],
        "following": following,
        "kinds": Counter(row.kind for row in opened.rows),
        "options": options,
    }
    asked: Page[PageOptions] = Page(request, options, options.model_dump_json().encode() + _state(folder))
    return await _unkept(asked, "proposal.html", content)


async def _unkept(asked: Page[PageOptions], template: str, content: Content) -> Response:
    """A page of proposals: the next decision makes it another, so that the server does not keep it."""
    response = await asked.show(template, lambda _: content)
    asked.context.keep = False
    return response


def _folder(request: Request) -> Path | None:
    folder: Path | None = request.app.state.kept.settings.proposals
    return folder


def _all(folder: Path) -> list[Proposal]:
    return [open_proposal(folder, name) for name in list_proposals(folder)]


def _state(folder: Path | None) -> bytes:
    """Hash of what was decided, which tells a client whether the page that it has is current."""
    whole = hashlib.sha256()
    for name in list_proposals(folder) if folder is not None else ():
        whole.update(name.encode())
        decisions = Path(folder or ".") / name / DECISIONS
        whole.update(decisions.read_bytes() if decisions.is_file() else b"")
    return whole.digest()


def _fits(opened: Proposal, row: Row, options: ReviewOptions) -> bool:
    decided = opened.decisions.get(row.number, {}).get("decision", "open")
    return options.kind in (None, row.kind) and options.decided in (None, decided)


def _shown(opened: Proposal, row: Row) -> dict[str, Any]:
    """A row as the page shows it: its values beside those that are known."""
    known = row.known or {}
    values = [
        {"column": column, "value": value, "known": known.get(column, "") if known.get(column) != value else ""}
        for column, value in row.cells.items()
        if value and column not in _BESIDE
    ]
    return {
        "row": row,
        "about": row.cells.get("company_id") or next(iter(row.cells.values())),
        "values": values,
        "decision": opened.decisions.get(row.number, {}),
        "note": row.cells.get("note", ""),
    }
