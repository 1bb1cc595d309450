"""The score of every company in DuckDB: SQL over tables in memory."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.longtables import LongTables

_TOWARD = """
    SELECT subject, country, {rule} AS stringency FROM (
        SELECT subject, t.country, stringency, true AS named
        FROM {side} JOIN {side}_targets t USING (measure) WHERE kind = '{kind}' AND subject >= 0
        UNION ALL
        SELECT subject, c.country, stringency, false
        FROM {side} CROSS JOIN countries c WHERE kind = '{kind}' AND subject >= 0 AND worldwide
    ) GROUP BY subject, country
"""
_PREVAILS = "coalesce(max(stringency) FILTER (named), max(stringency))"

# What is small goes to temporary tables first: the planner then knows how small it is, and joins in the right order.
_SMALL = {
    "threat": """
WITH decayed AS MATERIALIZED (
    SELECT event, worldwide, severity * pow(2, -age / $threat_half_life) AS force FROM events
)
SELECT country, eta, allied, $threat_maximum * (1 - exp(-(
    coalesce(sum(force), 0)
    + $worldwide_share * (SELECT coalesce(sum(force) FILTER (worldwide), 0) FROM decayed)
) / $threat_scale)) AS latent
FROM countries LEFT JOIN event_targets USING (country) LEFT JOIN decayed USING (event)
GROUP BY country, eta, allied
""",
    "cell_force": f"""
WITH entries AS (
    SELECT rule, family, imposer, unnest(CASE WHEN servicing THEN [0, 1] ELSE [0] END) AS service,
        fraction * stringency AS caught
    FROM fractions JOIN rules USING (rule)
),
now AS MATERIALIZED (
    SELECT service, family, country, least(max(caught), 1) AS restricted FROM (
        SELECT service, family, country, sum(caught) AS caught
        FROM entries JOIN binds USING (rule) GROUP BY imposer, service, family, country
    ) GROUP BY service, family, country
),
aligned AS (
    SELECT service, family, max(restricted) AS aligned
    FROM now JOIN countries USING (country) WHERE allied GROUP BY service, family
),
closed AS ({_TOWARD.format(side="access", kind="product_family", rule="max(stringency)")})
SELECT cell,
    coalesce(restricted, 0) + eta * greatest(coalesce(aligned, 0) - coalesce(restricted, 0), 0) AS controlled,
    greatest(vulnerability * latent, stringency) AS shut
FROM cells JOIN threat USING (country) JOIN families USING (family)
LEFT JOIN now USING (service, family, country)
LEFT JOIN aligned USING (service, family)
LEFT JOIN closed ON closed.subject = cells.family AND closed.country = cells.country
""",
    "need_force": f"""
WITH on_mineral AS ({_TOWARD.format(side="supply", kind="mineral", rule=_PREVAILS)}),
on_family AS ({_TOWARD.format(side="supply", kind="product_family", rule=_PREVAILS)}),
on_country AS ({_TOWARD.format(side="supply", kind="country", rule=_PREVAILS)})
SELECT need, criticality * (1 - substitutability) AS rests,
    greatest(latent, on_mineral.stringency, on_family.stringency, CASE WHEN needs.mineral IN (
        SELECT subject FROM supply WHERE kind = 'mineral'
    ) THEN on_country.stringency END) AS kappa,
    coalesce(sqrt(supply_share * coalesce(import_share, supply_share * $unknown_import_share)), 0) AS reach
FROM needs JOIN minerals USING (mineral) JOIN threat USING (country)
LEFT JOIN imports USING (mineral, country)
LEFT JOIN on_mineral ON on_mineral.subject = needs.mineral AND on_mineral.country = needs.country
LEFT JOIN on_family ON on_family.subject = needs.family AND on_family.country = needs.country
LEFT JOIN on_country ON on_country.subject = needs.country AND on_country.country = needs.country
""",
    "barred": """
SELECT subject AS company, max(stringency) AS stringency FROM access
WHERE kind = 'company' AND subject >= 0 GROUP BY company
""",
    "withheld": """
SELECT subject AS company, max(stringency) AS stringency FROM supply
WHERE kind = 'company' AND subject >= 0 GROUP BY company
""",
}

_SCORE = """
WITH spread AS MATERIALIZED (
    SELECT *, sum(share * spread) OVER (PARTITION BY company) AS weighted FROM (
        SELECT *, coalesce(china, greatest(least(rest, 1), 0)) AS spread FROM (
            SELECT company, cell, share, china, market,
                (market - coalesce(sum(share * china) OVER own, 0))
                / nullif(coalesce(sum(share) FILTER (china IS NULL) OVER own, 0), 0) AS rest
            FROM segments WHERE discloses WINDOW own AS (PARTITION BY company)
        )
    )
),
worth AS (
    SELECT company, cell, share * market AS worth FROM segments WHERE NOT discloses
    UNION ALL
    SELECT company, cell, share * CASE
        WHEN market IS NULL OR weighted <= 0 THEN market
        WHEN rest BETWEEN 0 AND 1 THEN spread
        ELSE least(spread * market / weighted, 1)
    END FROM spread
),
sales AS (
    SELECT company, sum(worth * controlled) AS control, sum(worth * greatest(shut, stringency)) AS access
    FROM worth JOIN cell_force USING (cell) LEFT JOIN barred USING (company) GROUP BY company
),
supplied AS (
    SELECT company, 1 - product(1 - reach * least(felt, 1)) AS supply FROM (
        SELECT any_value(company) AS company, any_value(reach) AS reach,
            sum(share * rests * greatest(kappa, stringency)) AS felt
        FROM uses JOIN need_force USING (need) LEFT JOIN withheld USING (company) GROUP BY stake
    ) GROUP BY company
),
exposures AS (
    SELECT company, market, control, 1 - (1 - coalesce(supply, 0)) * (1 - access) AS retaliation
    FROM companies LEFT JOIN sales USING (company) LEFT JOIN supplied USING (company)
)
SELECT *, 100 * pow(
    $w_market * pow((1 - pow(2, -market / $h_market)) / (1 - pow(2, -1 / $h_market)), $beta)
    + $w_control * pow((1 - pow(2, -control / $h_control)) / (1 - pow(2, -1 / $h_control)), $beta)
    + $w_retaliation * pow((1 - pow(2, -retaliation / $h_retaliation)) / (1 - pow(2, -1 / $h_retaliation)), $beta),
    1 / $beta
) AS score
FROM exposures ORDER BY company
"""


class Prepared:
    """A database in memory with the tables of the star schema."""

    def __init__(self, star: LongTables) -> None:
        self.numbers = star.numbers
        self.connection = duckdb.connect(":memory:")
        for name, table in star.tables.items():
            self.connection.register("arrow_table", table)
            self.connection.execute(f"CREATE TABLE {name} AS SELECT * FROM arrow_table")
            self.connection.unregister("arrow_table")


prepare = Prepared


def score(data: Prepared) -> pa.Table:
    """Exposures and score of every company."""
    for name, query in _SMALL.items():
        numbers = {key: value for key, value in data.numbers.items() if f"${key}" in query}
        data.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}", numbers)
    numbers = {key: value for key, value in data.numbers.items() if f"${key}" in _SCORE}
    return data.connection.sql(_SCORE, params=numbers).to_arrow_table()


def arrays(result: Any) -> dict[str, np.ndarray]:
    """Columns as arrays, NaN = unknown."""
    names = ("market", "control", "retaliation", "score")
    return {name: result[name].to_numpy(zero_copy_only=False).astype(float) for name in names}
