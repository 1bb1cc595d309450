"""A company: its score, why it is what it is, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.http.exchange import BATCH
from service.http.queries import Ticker, check_length, one_company, one_match
from service.web.content.company import acts_of, company_content
from service.web.content.scenarios import library_on
from service.web.exchange import Content, Page, page
from service.web.options import PageOptions
from service.web.rows import rows_of

if TYPE_CHECKING:
    from scoring.scorer import Scorer

router = APIRouter(include_in_schema=False)

_SECTIONS: Final = (
    ("moved", "What moved it"),
    ("why", "Why"),
    ("money", "Revenue at risk"),
    ("acts", "What each act added"),
    ("what-if", "What if"),
    ("china", "China revenue"),
    ("controls", "Controls"),
    ("minerals", "Minerals"),
    ("peers", "Peers"),
    ("documents", "Documents"),
)


@router.get("/companies/{ticker:path}/what-if")
async def what_if(ticker: Ticker, request: Request) -> Response:
    """What each scenario of the library would do to it."""
    asked = _asked(request, ticker)

    def content(scorer: Scorer) -> Content:
        row = _row(scorer, ticker)
        scenarios = library_on(scorer, row["company_id"])
        return {
            "row": row,
            "scenarios": scenarios,
            "most": max((abs(one["delta"] or 0) for one in scenarios), default=1),
        }

    return await asked.show("company_what_if.html", content, BATCH)


@router.get("/companies/{ticker:path}/acts")
async def acts(ticker: Ticker, request: Request) -> Response:
    """Every act that ever moved it, with what each added to the state known the day before."""
    asked = _asked(request, ticker)

    def content(scorer: Scorer) -> Content:
        row = _row(scorer, ticker)
        return {"row": row, "acts": acts_of(scorer, row["company_id"])}

    return await asked.show("company_acts.html", content, BATCH)


@router.get("/companies/{ticker:path}/interval")
async def interval(ticker: Ticker, request: Request) -> Response:
    """How far its score could move."""
    asked = _asked(request, ticker)
    return await asked.show("interval.html", lambda scorer: {"row": _row(scorer, ticker, uncertainty=True)}, BATCH)


@router.get("/companies/{ticker:path}")
async def company(ticker: Ticker, request: Request) -> Response:
    """Everything about one company on one page; what takes longer is fetched into it."""
    asked = _asked(request, ticker)
    return await asked.show("company.html", lambda scorer: _content(scorer, ticker, str(request.base_url), asked))


def _asked(request: Request, ticker: str) -> Page[PageOptions]:
    asked = page(request, PageOptions)
    check_length(asked, ticker)
    return asked


def _row(scorer: Scorer, ticker: str, *, uncertainty: bool = False) -> dict[str, Any]:
    return rows_of(scorer.columns_of([one_match(scorer, ticker)], uncertainty=uncertainty))[0]


def _content(scorer: Scorer, ticker: str, base: str, asked: Page[PageOptions]) -> Content:
    name = one_company(scorer, ticker)
    shown = {"sections": _SECTIONS, "downloads": _downloads(name, asked), "use": _use(name, base, scorer)}
    return company_content(scorer, ticker) | shown


def _downloads(name: str, asked: Page[PageOptions]) -> list[tuple[str, str]]:
    def link(path: str, **more: str) -> str:
        query = urlencode({**asked.options.state, **more})
        return f"{path}?{query}" if query else path

    score = f"/v1/scores/{name}"
    return [
        ("CSV", link(score, format="csv")),
        ("Excel", link(score, format="xlsx")),
        ("JSON", link(score)),
        ("Explanation (JSON)", link(f"{score}/explanation")),
        ("Revenue at risk (JSON)", link(f"/v1/revenue-at-risk/{name}")),
        ("All its facts (JSON)", link(f"/v1/companies/{name}")),
    ]


def _use(name: str, base: str, scorer: Scorer) -> list[tuple[str, str]]:
    """The same score from elsewhere, pinned: the same numbers on any day."""
    pinned = {
        "as_of": scorer.as_of.isoformat(),
        "release": scorer.release.version,
        "methodology": scorer.methodology.version,
    }
    if scorer.scenario is not None:
        pinned["scenario"] = scorer.scenario.scenario_id
    if scorer.estimates != "include":
        pinned["estimates"] = scorer.estimates
    address = f"{base}v1/scores/{name}?{urlencode(pinned)}"
    more = {"scenario": pinned.get("scenario"), "estimates": pinned.get("estimates")}
    assumed = "".join(f",\n    {name}={value!r}" for name, value in more.items() if value is not None)
    return [
        ("Permalink", f"{base}companies/{name}?{urlencode(pinned)}"),
        ("as curl", f"curl '{address}'"),
        (
            "as Python",
            f"import scoring\n\nrelease = scoring.open_release({pinned['release']!r})\nscorer = scoring.Scorer(\n"
            f"    release,\n    as_of={pinned['as_of']!r},\n    methodology={pinned['methodology']!r}{assumed},\n)\n"
            f"scorer.score([{name!r}])",
        ),
        (
            "as Power Query",
            f'let\n  Source = Csv.Document(Web.Contents(\n    "{address}&format=csv"), [Encoding = 65001]),\n'
            "  Score = Table.PromoteHeaders(Source)\nin\n  Score",
        ),
    ]
