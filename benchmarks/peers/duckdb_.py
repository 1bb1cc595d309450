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
    # A fraction that was lost is not weighed again by how strict the package is.
    "entries": """
SELECT rule, family, imposer, unnest(CASE WHEN servicing THEN [0, 1] ELSE [0] END) AS service,
    CASE WHEN lost THEN fraction ELSE fraction * stringency END AS caught
FROM fractions JOIN rules USING (rule)
""",
    "cell_force": f"""
WITH now AS MATERIALIZED (
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
    vulnerability * latent AS boycott,
    1 - (1 - vulnerability * latent) * (1 - coalesce(stringency, 0)) AS shut
FROM cells JOIN threat USING (country) JOIN families USING (family)
LEFT JOIN now USING (service, family, country)
LEFT JOIN aligned USING (service, family)
LEFT JOIN closed ON closed.subject = cells.family AND closed.country = cells.country
""",
    "kit_force": f"""
WITH on_mineral AS ({_TOWARD.format(side="supply", kind="mineral", rule=_PREVAILS)}),
on_family AS ({_TOWARD.format(side="supply", kind="product_family", rule=_PREVAILS)}),
on_country AS ({_TOWARD.format(side="supply", kind="country", rule=_PREVAILS)}),
pressed AS (
    SELECT kit, latent, criticality * (1 - substitutability)
        * coalesce(sqrt(supply_share * coalesce(import_share, supply_share * $unknown_import_share)), 0) AS hold,
        greatest(0, on_mineral.stringency, on_family.stringency, CASE WHEN needs.mineral IN (
            SELECT subject FROM supply WHERE kind = 'mineral'
        ) THEN on_country.stringency END) AS measured
    FROM needs JOIN minerals USING (mineral) JOIN threat USING (country)
    LEFT JOIN imports USING (mineral, country)
    LEFT JOIN on_mineral ON on_mineral.subject = needs.mineral AND on_mineral.country = needs.country
    LEFT JOIN on_family ON on_family.subject = needs.family AND on_family.country = needs.country
    LEFT JOIN on_country ON on_country.subject = needs.country AND on_country.country = needs.country
)
SELECT kits.kit, coalesce(max(hold), 0) AS hold,
    coalesce(max(hold * (1 - (1 - latent) * (1 - measured))), 0) AS felt
FROM kits LEFT JOIN pressed USING (kit) GROUP BY kits.kit
""",
    "barred": """
SELECT subject AS company, max(stringency) AS barred FROM access
WHERE kind = 'company' AND subject >= 0 GROUP BY company
""",
    "withheld": """
SELECT company, 1 - (1 - any_value(latent)) * (1 - max(stringency)) AS withheld
FROM supply JOIN companies ON companies.company = subject JOIN threat USING (country)
WHERE kind = 'company' GROUP BY company
""",
    "named": """
SELECT company, rule, imposer, least(any_value(market), sum(share) * any_value(stringency)) AS held
FROM customers JOIN parties USING (party) JOIN rules USING (rule) JOIN binds USING (rule, country)
GROUP BY company, rule, imposer
""",
}

_SCORE = """
WITH spread AS MATERIALIZED (
    SELECT *, sum(share * spread) OVER (PARTITION BY company) AS weighted FROM (
        SELECT *, coalesce(china, greatest(least(rest, 1), 0)) AS spread FROM (
            SELECT segment, company, cell, kit, share, china, market,
                (market - coalesce(sum(share * china) OVER own, 0))
                / nullif(coalesce(sum(share) FILTER (china IS NULL) OVER own, 0), 0) AS rest
            FROM segments WHERE discloses WINDOW own AS (PARTITION BY company)
        )
    )
),
worth AS (
    SELECT segment, company, cell, kit, share, share * market AS worth FROM segments WHERE NOT discloses
    UNION ALL
    SELECT segment, company, cell, kit, share, share * CASE
        WHEN market IS NULL OR weighted <= 0 THEN market
        WHEN rest BETWEEN 0 AND 1 THEN spread
        ELSE least(spread * market / weighted, 1)
    END FROM spread
),
felt AS (
    SELECT company, sum(worth * controlled) AS controlled,
        sum(worth * greatest(shut, 1 - (1 - boycott) * (1 - barred))) AS access,
        least(sum(share * greatest(felt, hold * withheld)), 1) AS supply
    FROM worth JOIN cell_force USING (cell) JOIN kit_force USING (kit)
    LEFT JOIN barred USING (company) LEFT JOIN withheld USING (company) GROUP BY company
),
taken AS (
    SELECT sellers.company, rule, sum(worth * caught) AS taken
    FROM sellers JOIN worth USING (segment) JOIN entries USING (family, service) GROUP BY sellers.company, rule
),
excess AS (
    SELECT company, max(excess) AS excess FROM (
        SELECT company, sum(greatest(held - coalesce(taken, 0), 0)) AS excess
        FROM named LEFT JOIN taken USING (company, rule) GROUP BY company, imposer
    ) GROUP BY company
),
exposures AS (
    SELECT company, market,
        CASE WHEN excess > 0 THEN least(controlled + excess, market) ELSE controlled END AS control,
        1 - (1 - supply) * (1 - access) AS retaliation
    FROM companies LEFT JOIN felt USING (company) LEFT JOIN excess USING (company)
)
SELECT *, {score} AS score FROM exposures ORDER BY company
"""
_CURVE = "(1 - pow(2, -{pillar} / $h_{pillar})) / (1 - pow(2, -1 / $h_{pillar}))"


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
        data.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}", _named(data, query))
    query = _SCORE.format(score=_composite(data.numbers["beta"]))
    return data.connection.sql(query, params=_named(data, query)).to_arrow_table()


def _composite(beta: float) -> str:
    """Score of the exposures in SQL; a power of 1 is left out."""
    power = "{}" if beta == 1 else "pow({}, $beta)"
    terms = [f"$w_{p} * {power.format(_CURVE.format(pillar=p))}" for p in ("market", "control", "retaliation")]
    total = " + ".join(terms)
    return f"100 * ({total})" if beta == 1 else f"100 * pow({total}, 1 / $beta)"


def _named(data: Prepared, query: str) -> dict[str, float]:
    """The numbers that a query names."""
    return {key: value for key, value in data.numbers.items() if f"${key}" in query}


def arrays(result: Any) -> dict[str, np.ndarray]:
    """Columns as arrays, NaN = unknown."""
    names = ("market", "control", "retaliation", "score")
    return {name: result[name].to_numpy(zero_copy_only=False).astype(float) for name in names}
