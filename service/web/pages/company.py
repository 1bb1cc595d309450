"""A company: its score, why it is what it is, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from scoring.vocabulary import ESTIMATED, PILLAR_WORDS
from service.http.exchange import BATCH
from service.http.queries import Ticker, check_length, one_match
from service.web.exchange import Content, Page, page
from service.web.memory import remembered
from service.web.options import PageOptions
from service.web.pages.scenarios import library_on
from service.web.rows import bands, number_scored, rows_of, universe

if TYPE_CHECKING:
    from scoring.explanation.document import Explanation, Node
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
_PEERS: Final = 15
"""Peers in the table; the picture shows all."""


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
        return {"row": row, "acts": _acts(scorer, row["company_id"])}

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


@remembered(size=16)
def _acts(scorer: Scorer, company_id: str) -> list[dict[str, Any]]:
    from scoring.acts.history import events_of

    rules = set(scorer.release.columns("rules")["rule_id"].tolist())
    rows = rows_of(events_of(scorer.release, company_id, scorer.methodology))
    return [
        row | {"table": "rules" if row["act"] in rules else "countermeasures"}
        for row in reversed(rows)
        if row["announced"] <= scorer.as_of
    ]


def _asked(request: Request, ticker: str) -> Page[PageOptions]:
    asked = page(request, PageOptions)
    check_length(asked, ticker)
    return asked


def _row(scorer: Scorer, ticker: str, *, uncertainty: bool = False) -> dict[str, Any]:
    return rows_of(scorer.columns_of([one_match(scorer, ticker)], uncertainty=uncertainty))[0]


def _content(scorer: Scorer, ticker: str, base: str, asked: Page[PageOptions]) -> Content:
    from scoring.lookup.company import company

    row = _row(scorer, ticker)
    name = row["company_id"]
    explanation = scorer.explain(name)
    numbers = _numbered(explanation)
    facts = company(scorer, name).facts
    return {
        "row": row,
        "bands": bands(scorer),
        "scored": number_scored(scorer),
        "is_estimated": row["status"] == ESTIMATED,
        "pillar_words": PILLAR_WORDS,
        "explanation": explanation,
        "numbers": numbers,
        "documents": _by_table(numbers),
        "risk": scorer.revenue_at_risk_detail(name),
        "shares": [_share(fact, numbers) for fact in facts if fact.table == "revenue"],
        "controls": _controls(scorer, explanation),
        "minerals": _minerals(explanation),
        "peers": _peers(scorer, row),
        "sections": _SECTIONS,
        "downloads": _downloads(name, asked),
        "use": _use(name, base, scorer),
    }


def _leaves(node: Node) -> list[Node]:
    return [leaf for child in node.children for leaf in _leaves(child)] if node.children else [node]


def _numbered(explanation: Explanation) -> dict[str, int]:
    """Number of each fact, in the order in which the tree cites them."""
    cited = dict.fromkeys(fact for leaf in _leaves(explanation.tree) for fact in leaf.facts)
    return {fact: number for number, fact in enumerate(cited, 1)}


def _by_table(numbers: dict[str, int]) -> dict[str, list[str]]:
    """Ids of the cited facts by their table."""
    tables: dict[str, list[str]] = {}
    for fact in numbers:
        tables.setdefault(fact.partition("/")[0].replace("_", " "), []).append(fact)
    return tables


def _share(fact: Any, numbers: dict[str, int]) -> dict[str, Any]:
    """A China share with whether the score rests on it: then it is among the facts that the explanation cites."""
    row = fact.row
    counts = f"revenue/{row['company_id']}/{row['fiscal_year']}" in numbers
    return {"row": row, "known_from": fact.known_from, "source": fact.source, "counts": counts}


def _controls(scorer: Scorer, explanation: Explanation) -> list[dict[str, Any]]:
    """Rules behind the control leaves, each with the segments it catches, the most points first."""
    from scoring.lookup.touched import listed, touches

    segments: dict[str, list[str]] = {}
    for pillar in explanation.tree.children:
        for segment in pillar.children:
            for leaf in segment.children:
                if leaf.kind == "control":
                    for fact in leaf.facts:
                        table, _, key = fact.partition("/")
                        if table == "rules":
                            segments.setdefault(key, []).append(segment.label)
    if not segments:
        return []
    found = []
    for rule in rows_of(listed(scorer, "rules")):
        if rule["rule_id"] in segments:
            hit = rows_of(touches(scorer, "rules", rule["rule_id"]))
            mine = next(row for row in hit if row["company_id"] == explanation.company_id)
            own = {"segments": segments[rule["rule_id"]], "exposure": mine["exposure"], "points": mine["points"]}
            found.append(rule | own)
    return sorted(found, key=lambda rule: -(rule["points"] if rule["points"] == rule["points"] else rule["exposure"]))


def _minerals(explanation: Explanation) -> list[Node]:
    """Nodes of the minerals, each with the facts about supply, imports and what is in force."""
    found = []
    for pillar in explanation.tree.children:
        for side in pillar.children:
            for mineral in side.children:
                if mineral.kind == "mineral":
                    cited = dict.fromkeys(fact for leaf in mineral.children for fact in leaf.facts)
                    tables = ("minerals/", "mineral_imports/", "countermeasures/")
                    facts = [fact for fact in cited if fact.startswith(tables)]
                    found.append(mineral.model_copy(update={"facts": facts}))
    return found


def _peers(scorer: Scorer, row: dict[str, Any]) -> list[dict[str, Any]]:
    same = [one for one in universe(scorer) if (one["sector"], one["country"]) == (row["sector"], row["country"])]
    return same[:_PEERS]


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
    scenario = "" if scorer.scenario is None else f",\n    scenario={scorer.scenario.scenario_id!r}"
    return [
        ("Permalink", f"{base}companies/{name}?{urlencode(pinned)}"),
        ("as curl", f"curl '{address}'"),
        (
            "as Python",
            f"import scoring\n\nrelease = scoring.open_release({pinned['release']!r})\nscorer = scoring.Scorer(\n"
            f"    release,\n    as_of={pinned['as_of']!r},\n    methodology={pinned['methodology']!r}{scenario},\n)\n"
            f"scorer.score([{name!r}])",
        ),
        (
            "as Power Query",
            f'let\n  Source = Csv.Document(Web.Contents(\n    "{address}&format=csv"), [Encoding = 65001]),\n'
            "  Score = Table.PromoteHeaders(Source)\nin\n  Score",
        ),
    ]
