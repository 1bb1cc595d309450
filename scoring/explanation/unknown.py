"""What is not known of a company, and how its score treats it, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from scoring.score.evaluation import Evaluation
from scoring.score.leaves import SUPPLY, Leaves


def unknown(evaluation: Evaluation, leaves: Leaves, company: int) -> list[str]:
    """Sentences on one company, the China share first."""
    return [
        *_china_share(evaluation, company),
        *_mix(evaluation, company),
        *_minerals(evaluation, leaves.item[(leaves.company == company) & (leaves.kind == SUPPLY)], company),
        *_series(evaluation, company),
    ]


def _china_share(evaluation: Evaluation, i: int) -> Iterator[str]:
    china, revenue = evaluation.facts.china, evaluation.facts.release.columns("revenue")
    if china.row[i] >= 0:
        return
    if china.estimated[i]:
        yield (
            f"China share of revenue: estimated, not disclosed; {china.latest[i]:.1%}, with nine chances in ten from "
            f"{china.low[i]:.1%} to {china.high[i]:.1%}"
        )
    else:
        yield "China share of revenue: not disclosed by the as-of date; control, access and the score need it"
    if china.last_known[i] >= 0:
        row = china.last_known[i]
        yield (
            f"Last known China share: {revenue['china_share'][row]:.1%} in {revenue['fiscal_year'][row]}, period to "
            f"{revenue['period_end'][row]}; too old to count"
        )
    if evaluation.control.sold[i] > 0:
        yield "Sales to named customers are known, and the floor of the score counts them"


def _mix(evaluation: Evaluation, i: int) -> Iterator[str]:
    facts = evaluation.facts
    mine = np.flatnonzero(facts.segments.company == i)
    if not mine.size:
        yield "Product mix: none known by the as-of date; control and retaliation need it"
    elif facts.segments.inferred[mine[0]]:
        peers = facts.peers[i]
        yield (
            "Product mix: estimated, not disclosed; "
            + (
                "too few researched peers, so that all of it is unallocated, which no control and no mineral touches"
                if peers is None
                else f"the mean mix of the researched companies in {peers}"
            )
        )
    labels = facts.release.columns("product_families")["label"]
    shut = mine[facts.unsold[mine] & np.isnan(facts.segments.china[mine])]
    if shut.size:
        yield (
            f"{_listed(labels[facts.segments.family[shut]])}: could not be sold to China in the period of the China "
            "share; none of it is counted there"
        )


def _minerals(evaluation: Evaluation, at_work: np.ndarray, i: int) -> Iterator[str]:
    facts, labels = evaluation.facts, evaluation.facts.release.columns("minerals")["label"]
    home = int(facts.country[i])
    for m in np.flatnonzero(evaluation.retaliation.unmeasured[i]):
        yield f"{labels[m]}: China's share of supply is not known; left out of the score, not zero"
    made = facts.mineral.producer_mineral[facts.mineral.producer_company == i]
    if made.size:
        yield f"{_listed(labels[made])}: produced by the company itself; its own dependence counts as zero"
    unmeasured = np.array([m for m in dict.fromkeys(at_work.tolist()) if (m, home) not in facts.mineral.imports], int)
    stated = ~np.isnan(facts.mineral.import_share[unmeasured, home])
    where = f"China's share of {facts.countries[home]} imports of"
    if (~stated).any():
        yield (
            f"{where} {_listed(labels[unmeasured[~stated]])}: not measured by the as-of date; "
            f"{evaluation.methodology.unknown_import_share.value:g} of its share of world supply is taken instead"
        )
    if stated.any():
        taken = ", ".join(f"{labels[m]} ({facts.mineral.import_share[m, home]:g})" for m in unmeasured[stated].tolist())
        yield f"{where} {taken}: not measured by the as-of date; a judged default for what China buys is taken instead"


def _series(evaluation: Evaluation, i: int) -> Iterator[str]:
    china, revenue = evaluation.facts.china, evaluation.facts.release.columns("revenue")
    years = china.years[i]
    if china.row[i] >= 0 and not years:
        period = revenue["fiscal_year"][china.row[i]]
        yield f"Annual China share: none known by the as-of date; {period} stands for the year"
    for column in ("china_scope", "basis"):
        kinds = sorted({revenue[column][row] for row in years})
        if len(kinds) > 1:
            yield f"Structural China share: the years differ in {column} ({', '.join(kinds)})"


def _listed(labels: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(map(str, labels)))
