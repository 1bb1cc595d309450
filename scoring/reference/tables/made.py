"""Tables that no one writes: a build makes them from the others."""

from __future__ import annotations

from scoring.reference.tables import kinds
from scoring.reference.tables.model import Reference, Table

ESTIMATES = Table(
    name="estimates",
    title=(
        "China share of revenue that each company is estimated to have, known or not, in vintages: each from what was "
        "known by its day. It counts for a company only while no figure of its own does"
    ),
    columns={
        "company_id": kinds.identifier("Company"),
        "vintage": kinds.day("First day of the quarter; nothing that became known later is behind the estimate"),
        "china_share_p05": kinds.share("The share is below this with a chance of one in twenty"),
        "china_share_p50": kinds.share("Estimate: the median of what the share may be"),
        "china_share_p95": kinds.share("The share is above this with a chance of one in twenty"),
        "prior_cell": kinds.text("Cell of industry_priors that gives the level: region / sector / group"),
        "own_figure": kinds.flag("Whether it rests on a figure of the company's own, which may be too old to count"),
        "disclosers": kinds.integer("Companies from which the order within the cells was learnt", 1, 100_000),
        "model": kinds.text("Version of the model"),
    },
    key=("company_id", "vintage"),
    references=(Reference("company_id", "companies", "company_id"),),
)

TABLES = (ESTIMATES,)
