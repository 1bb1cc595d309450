"""A company: its score, why it is what it is, and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scoring.vocabulary import ESTIMATED, PILLAR_WORDS
from service.web.memory import remembered
from service.web.rows import bands, listed_rows, number_scored, rows_of, universe

if TYPE_CHECKING:
    from scoring.explanation.document import Explanation, Node
    from scoring.scorer import Scorer

_PEERS: Final = 15
"""Peers in the table; the picture shows all."""


def company_content(scorer: Scorer, ticker: str) -> dict[str, Any]:
    """What is told of one company, by name.

    Raises
    ------
    QueryError
        The ticker does not name exactly one company.
    """
    from scoring.lookup.company import company

    row = rows_of(scorer.columns_of([scorer.resolver.one(ticker)]))[0]
    name = row["company_id"]
    explanation = scorer.explain(name)
    numbers, counted = _numbered(explanation), counted_figures(explanation)
    return {
        "row": row,
        "bands": bands(scorer),
        "scored": number_scored(scorer),
        "estimates": scorer.estimates,
        "is_estimated": row["status"] == ESTIMATED,
        "pillar_words": PILLAR_WORDS,
        "explanation": explanation,
        "numbers": numbers,
        "documents": _by_table(numbers),
        "risk": scorer.revenue_at_risk_detail(name),
        "shares": [_share(fact, counted) for fact in company(scorer, name).facts if fact.table == "revenue"],
        "controls": _controls(scorer, explanation),
        "minerals": _minerals(explanation),
        "peers": _peers(scorer, row),
    }


@remembered(size=16)
def acts_of(scorer: Scorer, company_id: str) -> list[dict[str, Any]]:
    """Every act known on the day that ever moved a company, with what each added, newest first."""
    from scoring.acts.history import events_of

    release, found = scorer.release, []
    rules, measures = dict(release.columns("rules")), dict(release.columns("countermeasures"))
    words = {("rules", one["rule_id"]): one["title"] for one in rows_of(rules)}
    words |= {("countermeasures", one["measure_id"]): scorer.release.labels.measure(one) for one in rows_of(measures)}
    for row in reversed(rows_of(events_of(release, company_id, scorer.methodology))):
        if row["announced"] <= scorer.as_of:
            table = "rules" if ("rules", row["act"]) in words else "countermeasures"
            found.append(row | {"table": table, "words": words[table, row["act"]]})
    return found


def _leaves(node: Node) -> list[Node]:
    return [leaf for child in node.children for leaf in _leaves(child)] if node.children else [node]


def _numbered(explanation: Explanation) -> dict[str, int]:
    """Number of each fact, in the order in which the tree cites them, and then the threat."""
    cited = dict.fromkeys(fact for leaf in _leaves(explanation.tree) for fact in leaf.facts)
    cited |= dict.fromkeys(event.fact for event in explanation.threat.events)
    return {fact: number for number, fact in enumerate(cited, 1)}


def _by_table(numbers: dict[str, int]) -> dict[str, list[str]]:
    """Ids of the cited facts by their table."""
    tables: dict[str, list[str]] = {}
    for fact in numbers:
        tables.setdefault(fact.partition("/")[0].replace("_", " "), []).append(fact)
    return tables


def counted_figures(explanation: Explanation) -> list[str]:
    """Ids of the China shares that the score rests on; an estimate names figures, but rests on none of them."""
    if explanation.status == ESTIMATED:
        return []
    return [fact for fact in explanation.facts if fact.startswith("revenue/")]


def _share(fact: Any, counted: list[str]) -> dict[str, Any]:
    """A China share with whether the score rests on it."""
    row = fact.row
    counts = f"revenue/{row['company_id']}/{row['fiscal_year']}" in counted
    return {"row": row, "known_from": fact.known_from, "source": fact.source, "counts": counts}


def _controls(scorer: Scorer, explanation: Explanation) -> list[dict[str, Any]]:
    """Rules behind the control leaves, each with the segments it catches, the most points first."""
    from scoring.lookup.touched import touches

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
    for rule in listed_rows(scorer, "rules"):
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
